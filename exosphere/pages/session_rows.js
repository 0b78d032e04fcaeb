/*
 * The rows of the sessions page: their head, by which they are sorted, and a cell for each value.
 *
 * Input: a table's description, rows of the API, names of devices. Output: elements. Invariant: digits stay
 * as they are stored; a value that is rounded or translated has the stored one as its title.
 */
import { byId, groupDigits, hours, kiloWattHours, make, refill } from "./api.js";
import { localClock } from "./local_time.js";
import { amountText, mainUnits } from "./money.js";
import { pageLocale } from "./page_locale.js";

function moment(table, iso) {
  const { offset } = localClock(table.timeZone)(iso);
  return `${new Intl.DateTimeFormat(pageLocale, { dateStyle: "medium", timeStyle: "short", timeZone: table.timeZone }).format(new Date(iso))}${offset === "" ? "" : ` (${offset})`}`;
}

/** Whole watt-hours are shown as kWh. */
const isEnergy = (column) => column.type === "integer" && /^(session\.energy|meter\.)/.test(column.content);
/** A column that calls itself "energy_wh" would lie above kWh: its cells keep the unit of its name. */
const saysWattHours = (column) => /(^|[^k])wh$/i.test(column.name.trim());

function cellOf(table, column, value, isRunning) {
  const cell = make("td", { "data-label": column.name });
  if (value === null && isRunning && column.content === "session.end") cell.append(make("span", { className: "badge" }, "running"));
  else if (value === null) cell.className = "none";
  else if (column.type === "datetime") cell.append(make("time", { dateTime: value, title: value }, moment(table, value)));
  else if (column.type === "boolean") cell.textContent = value ? "yes" : "no";
  else if (column.content === "session.clock") cell.append(make("span", { className: value === "estimated" || value === "contradicted" ? "badge warn" : "badge" }, value));
  else if (isEnergy(column) && saysWattHours(column)) { cell.className = "number"; cell.textContent = `${groupDigits(value)} Wh`; }
  else if (isEnergy(column)) { cell.className = "number"; cell.append(make("span", { title: `${value} Wh` }, `${kiloWattHours(value, 3)} kWh`)); }
  else if (column.type === "integer" && column.content === "session.duration") { cell.className = "number"; cell.append(make("span", { title: `${value} s` }, hours(value))); }
  else if (column.content === "session.cost" && column.type !== "text") { cell.className = "number"; cell.append(make("span", { title: value }, amountText(mainUnits(value, column.type, table.minorDigits), table, pageLocale))); }
  else if (column.type === "integer" || column.type === "number") { cell.className = "number"; cell.textContent = groupDigits(value); }
  else cell.textContent = value;
  return cell;
}

/** The table's own column of the row's time stands first, in place of the time of arrival. */
function timeIndex(table) {
  for (const content of ["session.start", "trigger.time", "session.end"]) {
    const index = table.columns.findIndex((column) => column.content === content);
    if (index >= 0) return table.columns[index].type === "datetime" ? index : -1;
  }
  return -1;
}

/** The quality of a row's time, where the table has no column for it. */
const CLOCK = { name: "Clock", type: "text", content: "session.clock" };
const needsClock = (table) => table.columns.every((column) => column.content !== CLOCK.content);

/** `order` is { sort, order } as the API takes them, "" for its own; `choose` is told the next ones. */
export function showHead(table, { sort, order }, choose) {
  const headCell = (label, key, isNumber) => {
    const active = (sort || "at") === key;
    const cell = make("th", { scope: "col", className: isNumber ? "number" : "" }, make("button", { type: "button", "data-key": key }, label));
    if (active) cell.setAttribute("aria-sort", order === "asc" ? "ascending" : "descending");
    cell.firstChild.addEventListener("click", () => choose({ sort: key, order: active && order !== "asc" ? "asc" : "desc" }));
    return cell;
  };
  const isNumber = (column) => column.type === "integer" || column.type === "number";
  const time = timeIndex(table);
  refill(byId("rows").tHead, make("tr", {},
    headCell(table.columns[time]?.name ?? "Time", "at", false), make("th", { scope: "col" }, make("span", {}, "Device")),
    ...table.columns.flatMap((column, index) => index === time ? [] : [headCell(column.name, String(column.id), isNumber(column))]),
    ...needsClock(table) ? [make("th", { scope: "col" }, make("span", {}, CLOCK.name))] : []));
}

/** `deviceNames`: a map by id. A fresh row is one that came while the page was open. */
export function rowOf(table, row, deviceNames, isFresh) {
  const time = timeIndex(table);
  const at = time < 0 ? row.at : row.cells[time];
  return make("tr", { className: isFresh ? "fresh" : "" },
    make("td", { "data-label": table.columns[time]?.name ?? "Time" }, at === null ? "not known yet" : make("time", { dateTime: at, title: at }, moment(table, at))),
    make("td", { "data-label": "Device", title: row.device }, deviceNames.get(row.device) ?? row.device),
    ...table.columns.flatMap((column, index) => index === time ? [] : [cellOf(table, column, row.cells[index], row.running)]),
    ...needsClock(table) ? [cellOf(table, CLOCK, row.clock, false)] : []);
}
