/*
 * The sessions page: filter, totals, months, rows, paging, downloads, live.
 *
 * Input: the API; what is shown is in the address, so a view can be kept as a bookmark. Output: the page.
 * Invariant: live update replaces the first page only, and never moves the focus.
 */
import { ask, begin, byId, groupDigits, hours, keepLive, kiloWattHours, make, query } from "./api.js";

const PAGE_ROWS = 50;
const view = Object.fromEntries(new URLSearchParams(location.search));
let tables = [];
let table;
let cursors = [""];
let shown = new Set();
let deviceNames = new Map();

const filter = () => ({ device: byId("device").value, user: byId("user").value.trim(), month: byId("month").value });
const order = () => ({ sort: view.sort ?? "", order: view.order ?? "" });

function moment(iso) {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short", timeZone: table.timeZone }).format(new Date(iso));
}

/** Whole watt-hours are shown as kWh. */
const isEnergy = (column) => column.type === "integer" && /^(session\.energy|meter\.)/.test(column.content);
/** A column that calls itself "energy_wh" would lie above kWh: its cells keep the unit of its name. */
const saysWattHours = (column) => /(^|[^k])wh$/i.test(column.name.trim());

function cellOf(column, value) {
  const cell = make("td", { "data-label": column.name });
  if (value === null) cell.className = "none";
  else if (column.type === "datetime") cell.append(make("time", { dateTime: value, title: value }, moment(value)));
  else if (column.type === "boolean") cell.textContent = value ? "yes" : "no";
  else if (column.content === "session.clock") cell.append(make("span", { className: value === "estimated" ? "badge warn" : "badge" }, value));
  else if (isEnergy(column) && saysWattHours(column)) { cell.className = "number"; cell.textContent = `${groupDigits(value)} Wh`; }
  else if (isEnergy(column)) { cell.className = "number"; cell.append(make("span", { title: `${value} Wh` }, `${kiloWattHours(value, 3)} kWh`)); }
  else if (column.type === "integer" && column.content === "session.duration") { cell.className = "number"; cell.append(make("span", { title: `${value} s` }, hours(value))); }
  else if (column.type === "integer" || column.type === "number") { cell.className = "number"; cell.textContent = groupDigits(value); }
  else cell.textContent = value;
  return cell;
}

function headCell(label, sort, isNumber) {
  const active = (view.sort ?? "at") === sort;
  const cell = make("th", { scope: "col", className: isNumber ? "number" : "" }, make("button", { type: "button" }, label));
  if (active) cell.setAttribute("aria-sort", view.order === "asc" ? "ascending" : "descending");
  cell.firstChild.addEventListener("click", () => {
    view.order = active && view.order !== "asc" ? "asc" : "desc";
    view.sort = sort;
    restart();
  });
  return cell;
}

/** The table's own column of the row's time stands first, in place of the time of arrival. */
function timeIndex() {
  for (const content of ["session.start", "trigger.time", "session.end"]) {
    const index = table.columns.findIndex((column) => column.content === content);
    if (index >= 0) return table.columns[index].type === "datetime" ? index : -1;
  }
  return -1;
}

function showHead() {
  const isNumber = (column) => column.type === "integer" || column.type === "number";
  const time = timeIndex();
  byId("rows").tHead.replaceChildren(make("tr", {},
    headCell(table.columns[time]?.name ?? "Time", "at", false), make("th", { scope: "col" }, make("span", {}, "Device")),
    ...table.columns.flatMap((column, index) => index === time ? [] : [headCell(column.name, String(column.id), isNumber(column))])));
}

function rowOf(row, isFresh) {
  const time = timeIndex();
  const at = time < 0 ? row.at : row.cells[time];
  return make("tr", { className: isFresh ? "fresh" : "" },
    make("td", { "data-label": table.columns[time]?.name ?? "Time" }, at === null ? "not known yet" : make("time", { dateTime: at, title: at }, moment(at))),
    make("td", { "data-label": "Device", title: row.device }, deviceNames.get(row.device) ?? row.device),
    ...table.columns.flatMap((column, index) => index === time ? [] : [cellOf(column, row.cells[index])]));
}

async function showRows() {
  const cursor = cursors[cursors.length - 1];
  const page = await ask(`/tables/${table.id}/rows${query({ ...filter(), ...order(), cursor, limit: PAGE_ROWS })}`);
  const keyOf = (row) => `${row.device}/${row.session}/${row.cells.join("|")}`;
  const known = shown;
  shown = new Set(page.rows.map(keyOf));
  byId("rows").tBodies[0].replaceChildren(...page.rows.map((row) => rowOf(row, known.size > 0 && !known.has(keyOf(row)))));
  byId("empty").hidden = page.rows.length > 0;
  byId("empty").textContent = Object.values(filter()).some((value) => value !== "") ? "No row fits. Clear the filter to see all." : "No row yet. The first one appears here by itself as soon as a device sends it.";
  byId("older").disabled = page.next === null;
  byId("older").onclick = () => { cursors.push(page.next); shown = new Set(); void showRows(); };
  byId("newer").disabled = cursors.length === 1;
  byId("newer").onclick = () => { cursors.pop(); shown = new Set(); void showRows(); };
  byId("pageNumber").textContent = cursors.length === 1 && page.next === null ? "" : `Page ${cursors.length}`;
}

function withUnit(id, text, unit) {
  byId(id).replaceChildren(text, ...(unit === "" ? [] : [make("small", {}, unit)]));
}

async function showTotals() {
  const totals = await ask(`/tables/${table.id}/totals${query(filter())}`);
  byId("countTitle").textContent = totals.sessions === null ? "Rows" : "Sessions";
  withUnit("totalSessions", groupDigits(String(totals.rows)), "");
  withUnit("totalEnergy", kiloWattHours(totals.energyWh, 1), "kWh");
  const [whole, rest] = hours(totals.durationS).split(" h ");
  withUnit("totalTime", rest === undefined ? whole : `${whole} h`, rest ?? "");
  withUnit("totalCost", groupDigits(totals.cost), "");
}

async function showMonths() {
  const months = await ask(`/tables/${table.id}/months${query({ device: filter().device })}`);
  const select = byId("month");
  const chosen = select.value || view.month || "";
  const name = (month, style) => new Intl.DateTimeFormat(undefined, { month: style, year: style === "short" ? "2-digit" : "numeric", timeZone: "UTC" }).format(new Date(`${month}-01T00:00:00Z`));
  select.replaceChildren(make("option", { value: "" }, "All months"), ...months.map(({ month }) => make("option", { value: month }, name(month, "long"))));
  select.value = months.some(({ month }) => month === chosen) ? chosen : "";
  const last = months.slice(0, 12).reverse();
  const top = Math.max(1, ...last.map(({ energyWh }) => Number(energyWh)));
  byId("chartCard").hidden = last.length === 0 || top === 1;
  byId("chart").replaceChildren(...last.map(({ month, energyWh, rows, sessions }) => {
    const bar = make("div", { className: "bar" });
    bar.style.height = `${Math.max(2, Math.round(Number(energyWh) / top * 100))}px`;
    const text = `${name(month, "long")}: ${kiloWattHours(energyWh, 1)} kWh, ${rows} ${sessions === null ? "rows" : "sessions"}`;
    const button = make("button", { type: "button", title: text, "aria-label": text, "aria-pressed": String(select.value === month) }, make("span", { className: "value" }, kiloWattHours(energyWh, 1)), bar, make("span", {}, name(month, "short")));
    button.addEventListener("click", () => { select.value = select.value === month ? "" : month; restart(); });
    return button;
  }));
}

function keepAddress() {
  const address = query({ table: String(table.id), ...filter(), ...order() });
  history.replaceState(null, "", `/${address}`);
  for (const [id, path] of [["csv", "rows.csv"], ["json", "rows.json"]]) byId(id).href = `/api/v1/tables/${table.id}/${path}${query({ ...filter(), ...order() })}`;
  byId("spreadsheet").href = `/api/v1/tables/${table.id}/rows.csv${query({ ...filter(), ...order(), flavour: "spreadsheet" })}`;
}

async function refresh() {
  if (table === undefined) return;
  // A page further back stays as it is while somebody reads it.
  await Promise.all([cursors.length === 1 ? showRows() : undefined, showTotals()]);
}

function restart() {
  cursors = [""];
  shown = new Set();
  keepAddress();
  showHead();
  void showMonths().then(refresh);
}

function chooseTable() {
  table = tables.find((candidate) => String(candidate.id) === byId("table").value) ?? tables[0];
  byId("heading").textContent = table.name;
  document.title = `${table.name} · Exosphere`;
  byId("userLabel").hidden = !table.columns.some((column) => column.type === "text" && (column.content === "uid" || column.content === "user.name"));
}

await begin();
const [found, devices, people] = await Promise.all([ask("/tables"), ask("/devices"), ask("/people")]);
tables = found;
deviceNames = new Map(devices.map(({ id, name }) => [id, name]));
byId("device").append(...devices.map((device) => make("option", { value: device.id }, device.name)));
byId("users").append(...people.flatMap((person) => [person.fields.name, ...person.cards]).filter((text) => text).map((value) => make("option", { value })));
byId("filters").hidden = tables.length === 0;
if (tables.length === 0) {
  byId("empty").hidden = false;
  byId("empty").replaceChildren("There is no table yet. ", make("a", { href: "/tables.html" }, "Design the first one."));
} else {
  byId("table").append(...tables.map(({ id, name }) => make("option", { value: String(id) }, name)));
  byId("table").value = tables.some(({ id }) => String(id) === view.table) ? view.table : String(tables[0].id);
  byId("device").value = devices.some(({ id }) => id === view.device) ? view.device : "";
  byId("user").value = view.user ?? "";
  chooseTable();
  await showMonths();
  keepAddress();
  showHead();
  byId("filters").addEventListener("change", (event) => {
    if (event.target === byId("table")) { delete view.sort; delete view.order; chooseTable(); }
    restart();
  });
  byId("filters").addEventListener("submit", (event) => { event.preventDefault(); restart(); });
  byId("filters").addEventListener("reset", (event) => {
    event.preventDefault();
    for (const id of ["month", "device", "user"]) byId(id).value = "";
    delete view.month;
    restart();
  });
  await keepLive(3000, refresh);
}
