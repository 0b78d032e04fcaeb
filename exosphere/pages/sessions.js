/*
 * The sessions page: filter, totals, months, rows, paging, downloads, live.
 *
 * Input: the API; what is shown is in the address, so a view can be kept as a bookmark. Output: the page.
 * Invariant: live update replaces the first page only, and never moves the focus.
 */
import { ask, begin, byId, groupDigits, hours, keepLive, kiloWattHours, make, query } from "./api.js";
import { showChart, showMonthChoices } from "./month_chart.js";
import { rowOf, showHead } from "./session_rows.js";

const PAGE_ROWS = 50;
const view = Object.fromEntries(new URLSearchParams(location.search));
let tables = [];
let table;
let cursors = [""];
let shown = new Set();
let deviceNames = new Map();

const filter = () => ({ device: byId("device").value, user: byId("user").value.trim(), month: byId("month").value });
const order = () => ({ sort: view.sort ?? "", order: view.order ?? "" });

async function showRows() {
  const cursor = cursors[cursors.length - 1];
  const page = await ask(`/tables/${table.id}/rows${query({ ...filter(), ...order(), cursor, limit: PAGE_ROWS })}`);
  const keyOf = (row) => `${row.device}/${row.session}/${row.cells.join("|")}`;
  const known = shown;
  shown = new Set(page.rows.map(keyOf));
  byId("rows").tBodies[0].replaceChildren(...page.rows.map((row) => rowOf(table, row, deviceNames, known.size > 0 && !known.has(keyOf(row)))));
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
  const chosen = byId("month").value || view.month || "";
  const found = months.some(({ month }) => month === chosen) ? chosen : "";
  showMonthChoices(months, found);
  showChart(months, found, (month) => { byId("month").value = month; restart(); });
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
  showHead(table, order(), sortBy);
  void showMonths().then(refresh);
}

function sortBy({ sort, order }) {
  view.sort = sort;
  view.order = order;
  restart();
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
  showHead(table, order(), sortBy);
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
