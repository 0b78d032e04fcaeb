/*
 * The sessions page: filter, totals, months, rows, paging, downloads, live.
 *
 * Input: the API; what is shown is in the address, so a view can be kept as a bookmark. Output: the page.
 * Invariants: what is wanted is said in one place, `view`, from which controls, address, requests and
 * downloads are made; an answer to what is no longer wanted is dropped, and what was wanted before never
 * stands under what is wanted now; live update replaces the first page only, and never moves the focus.
 */
import { ask, begin, byId, groupDigits, hours, keepLive, kiloWattHours, make, ProblemError, query } from "./api.js";
import { amountText } from "./money.js";
import { isMonth, monthName, showChart, showMonthChoices } from "./month_chart.js";
import { pageLocale } from "./page_locale.js";
import { rowOf, showHead } from "./session_rows.js";

const PAGE_ROWS = 50;
const LIVE_MS = 3000;
/** Months cost more than anything else here: live, they are asked for when the totals move, and once in so many times for what moves elsewhere. */
const MONTHS_EVERY = 10;
const view = { table: "", month: "", device: "", user: "", sort: "", order: "", ...Object.fromEntries(new URLSearchParams(location.search)) };
let tables = [];
let table;
let cursors = [""];
let shown = new Set();
let deviceNames = new Map();
/** Moves whenever something else is wanted; `shownTurn` is the one whose rows and numbers are there. */
let turn = 0;
let shownTurn = -1;
let shownTotals = "";
let sinceMonths = 0;

const filter = () => ({ device: view.device, user: view.user, month: view.month });
const order = () => ({ sort: view.sort, order: view.order });

/** Shows the page of `next`, from its first row on; a button that has become useless hands its focus to the rows. */
async function turnPage(button, next) {
  // Pressed twice before the answer came.
  if (cursors[cursors.length - 1] === next[next.length - 1]) return;
  cursors = next;
  turn += 1;
  shown = new Set();
  await show();
  byId("rowsTitle").scrollIntoView();
  if (button.disabled) byId("rowsRegion").focus({ preventScroll: true });
}

function showRows(page) {
  const keyOf = (row) => `${row.device}/${row.session}/${row.cells.join("|")}`;
  const known = shown;
  shown = new Set(page.rows.map(keyOf));
  byId("rows").tBodies[0].replaceChildren(...page.rows.map((row) => rowOf(table, row, deviceNames, known.size > 0 && !known.has(keyOf(row)))));
  byId("empty").hidden = page.rows.length > 0;
  byId("empty").textContent = Object.values(filter()).some((value) => value !== "") ? "No row fits. Clear the filter to see all." : "No row yet. The first one appears here as soon as a device sends it.";
  byId("older").disabled = page.next === null;
  const [newer, older] = [cursors.slice(0, -1), [...cursors, page.next]];
  byId("older").onclick = () => turnPage(byId("older"), older);
  byId("newer").disabled = newer.length === 0;
  byId("newer").onclick = () => turnPage(byId("newer"), newer);
}

/** Which of all rows are there. */
function showPlace(rows) {
  const count = byId("rows").tBodies[0].rows.length;
  const first = (cursors.length - 1) * PAGE_ROWS + 1;
  const last = first + count - 1;
  const [from, to, all] = [first, last, Math.max(rows, last)].map((number) => groupDigits(String(number)));
  byId("place").textContent = count === 0 ? "" : `${from}–${to} of ${all}`;
}

function withUnit(id, text, unit) {
  byId(id).replaceChildren(text, ...(unit === "" ? [] : [make("small", {}, unit)]));
}

function showTotals(totals) {
  shownTotals = JSON.stringify(totals);
  byId("countTitle").textContent = totals.sessions === null ? "Rows" : "Sessions";
  withUnit("totalSessions", groupDigits(String(totals.rows)), "");
  withUnit("totalEnergy", kiloWattHours(totals.energyWh, 1), "kWh");
  const [whole, rest] = hours(totals.durationS).split(" h ");
  withUnit("totalTime", rest === undefined ? whole : `${whole} h`, rest ?? "");
  withUnit("totalCost", amountText(totals.cost, table, pageLocale), "");
}

function showMonths(months) {
  sinceMonths = 0;
  showMonthChoices(months, view.month);
  showChart(months, view.month, (month) => want({ month }));
}

/** Writes what is wanted into the controls, the address, the downloads, and words for paper, which has no controls. */
function sayView() {
  byId("table").value = view.table;
  byId("device").value = view.device;
  byId("user").value = view.user;
  history.replaceState(null, "", `/${query({ table: view.table, ...filter(), ...order() })}`);
  byId("printed").textContent = [`Month: ${view.month === "" ? "all" : monthName(view.month, "long")}`, `Device: ${deviceNames.get(view.device) ?? "all"}`,
    ...byId("userLabel").hidden ? [] : [`User or card: ${view.user || "all"}`]].join(" · ");
  const link = (file, more) => `/api/v1/tables/${table.id}/${file}${query({ ...filter(), ...order(), ...more })}`;
  byId("xlsx").href = link("rows.xlsx", {});
  byId("csv").href = link("rows.csv", {});
  byId("spreadsheet").href = link("rows.csv", { flavour: "spreadsheet" });
  byId("json").href = link("rows.json", {});
}

/** Asks for what is wanted and shows it. A page further back stays as it is while it is read. */
async function refresh(isLive) {
  const asked = turn;
  const isNew = shownTurn !== turn;
  const path = `/tables/${table.id}`;
  try {
    const askMonths = () => ask(`${path}/months${query({ ...filter(), month: "" })}`);
    const [first, page, totals] = await Promise.all([
      isNew && cursors.length === 1 ? askMonths() : undefined,
      isNew || cursors.length === 1 ? ask(`${path}/rows${query({ ...filter(), ...order(), cursor: cursors[cursors.length - 1], limit: PAGE_ROWS })}`) : undefined,
      ask(`${path}/totals${query(filter())}`)]);
    const isDue = JSON.stringify(totals) !== shownTotals || ++sinceMonths >= MONTHS_EVERY;
    const months = first ?? (isDue ? await askMonths() : undefined);
    if (asked !== turn) return;
    if (months !== undefined) showMonths(months);
    if (page !== undefined) showRows(page);
    showTotals(totals);
    showPlace(totals.rows);
    shownTurn = asked;
  } catch (error) {
    if (asked === turn && isNew) showFailure(error);
    if (isLive) throw error;
  }
}

const show = () => refresh(false);

/** Words instead of rows and numbers, which would be those of something else. */
function showFailure(error) {
  byId("rows").tBodies[0].replaceChildren();
  for (const id of ["totalSessions", "totalEnergy", "totalTime", "totalCost"]) byId(id).textContent = "–";
  byId("chartCard").hidden = true;
  byId("newer").disabled = byId("older").disabled = true;
  byId("place").textContent = shownTotals = "";
  byId("empty").hidden = false;
  byId("empty").textContent = `This cannot be shown now: ${error instanceof ProblemError ? error.message : "the server does not answer."}`;
}

/** Shows the first page of what is wanted from now on. */
function want(change) {
  Object.assign(view, change);
  readView();
  cursors = [""];
  turn += 1;
  shown = new Set();
  sayView();
  showHead(table, order(), want);
  return show();
}

/** Finds the table, and drops from the view what cannot be wanted of it; a month without rows can. */
function readView() {
  table = tables.find(({ id }) => String(id) === view.table) ?? tables[0];
  view.table = String(table.id);
  if (![...byId("device").options].some(({ value }) => value === view.device)) view.device = "";
  if (!isMonth(view.month)) view.month = "";
  if (!table.columns.some(({ id }) => String(id) === view.sort)) view.sort = view.sort === "at" ? "at" : "";
  if (!["asc", "desc"].includes(view.order)) view.order = "";
  byId("heading").textContent = table.name;
  byId("zone").textContent = `All times: ${table.timeZone}`;
  document.title = `${table.name} · Exosphere`;
  const hasUsers = table.columns.some((column) => column.type === "text" && (column.content === "uid" || column.content === "user.name"));
  if (!hasUsers) view.user = "";
  byId("userLabel").hidden = !hasUsers;
}

function showNoTable() {
  byId("empty").hidden = false;
  byId("empty").replaceChildren("There is no table yet. ", make("a", { href: "/tables.html" }, "Design the first one."));
}

async function start() {
  await begin();
  const [found, devices, people] = await Promise.all([ask("/tables"), ask("/devices"), ask("/people")]);
  tables = found;
  deviceNames = new Map(devices.map(({ id, name }) => [id, name]));
  byId("table").append(...tables.map(({ id, name }) => make("option", { value: String(id) }, name)));
  byId("device").append(...devices.map((device) => make("option", { value: device.id }, device.name)));
  byId("users").append(...people.flatMap((person) => [person.fields.name, ...person.cards]).filter((text) => text).map((value) => make("option", { value })));
  for (const id of ["filters", "downloads", "paging"]) byId(id).hidden = tables.length === 0;
  if (tables.length === 0) return showNoTable();
  const choose = () => {
    const isOther = byId("table").value !== view.table;
    void want({ table: byId("table").value, month: byId("month").value, device: byId("device").value, user: byId("user").value.trim(), ...isOther ? { sort: "", order: "" } : {} });
  };
  byId("filters").addEventListener("change", choose);
  byId("filters").addEventListener("submit", (event) => { event.preventDefault(); choose(); });
  byId("filters").addEventListener("reset", (event) => {
    event.preventDefault();
    void want({ month: "", device: "", user: "" });
  });
  await want({});
  return keepLive(LIVE_MS, () => refresh(true));
}

await start().catch(showFailure);
