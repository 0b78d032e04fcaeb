/*
 * The months of the sessions page: the choices of a list, and a bar for each of the last twelve.
 *
 * Input: totals by month, newest first; the chosen month, "" for all. Output: options and bars.
 * Invariant: a chosen month stays among the choices, also when it has no row.
 */
import { byId, kiloWattHours, make, refill } from "./api.js";
import { pageLocale } from "./page_locale.js";

const MONTHS_SHOWN = 12;

export const isMonth = (text) => /^[12]\d{3}-(0[1-9]|1[0-2])$/.test(text);

/** "2026-01" in words; `style` is that of Intl: "long" with the whole year, "short" with two digits. */
export function monthName(month, style) {
  return new Intl.DateTimeFormat(pageLocale, { month: style, year: style === "short" ? "2-digit" : "numeric", timeZone: "UTC" }).format(new Date(`${month}-01T00:00:00Z`));
}

/** Fills the list of months, unless it is filled so: it may be open. */
export function showMonthChoices(months, chosen) {
  const known = months.map(({ month }) => month);
  const all = known.includes(chosen) || chosen === "" ? known : [...known, chosen].sort().reverse();
  if ([...byId("month").options].slice(1).map(({ value }) => value).join() !== all.join()) byId("month").replaceChildren(make("option", { value: "" }, "All months"), ...all.map((month) => make("option", { value: month }, monthName(month, "long"))));
  byId("month").value = chosen;
}

/** `choose` is told the month of the bar that is pressed, or "" when it was the chosen one. */
export function showChart(months, chosen, choose) {
  const last = months.slice(0, MONTHS_SHOWN).reverse();
  const top = Math.max(1, ...last.map(({ energyWh }) => Number(energyWh)));
  byId("chartCard").hidden = last.length === 0 || top === 1;
  refill(byId("chart"), ...last.map(({ month, energyWh, rows, sessions }) => {
    const bar = make("div", { className: "bar" });
    bar.style.height = `${Math.max(2, Math.round(Number(energyWh) / top * 100))}px`;
    const text = `${monthName(month, "long")}: ${kiloWattHours(energyWh, 1)} kWh, ${rows} ${sessions === null ? "rows" : "sessions"}`;
    const button = make("button", { type: "button", "data-key": month, title: text, "aria-label": text, "aria-pressed": String(chosen === month) }, make("span", { className: "value" }, kiloWattHours(energyWh, 1)), bar, make("span", {}, monthName(month, "short")));
    button.addEventListener("click", () => choose(chosen === month ? "" : month));
    return button;
  }));
}
