/*
 * The table designer: create, add and rename columns, import and export as JSON.
 *
 * Input: the API's tables and contents. Output: schema documents sent to the API, which checks everything
 * again. Invariant: a type that a content cannot fill is greyed out.
 */
import { ask, begin, byId, make } from "./api.js";
import { readJsonFile } from "./json_file.js";
import { CURRENCIES, currencyDigits } from "./money.js";
import { pageLocale } from "./page_locale.js";

const TYPES = ["text", "number", "integer", "boolean", "datetime"];
let contents = [];
let tables = [];
let current;

function typesFor(content) {
  return contents.find(({ name }) => name === content)?.fills ?? TYPES;
}

function columnRow(column, fixed) {
  const id = make("input", { type: "number", min: 1, max: 255, value: column.id, required: true, disabled: fixed, "aria-label": "Column id" });
  const name = make("input", { value: column.name, required: true, maxLength: 63, "aria-label": "Column name" });
  const content = make("select", { disabled: fixed, "aria-label": "Content" }, make("option", { value: "" }, "(filled by nothing)"), ...contents.map((entry) => make("option", { value: entry.name }, entry.name)));
  content.value = column.content;
  const type = make("select", { disabled: fixed, "aria-label": "Type" }, ...TYPES.map((entry) => make("option", { value: entry }, entry)));
  const grey = () => {
    const fills = typesFor(content.value);
    for (const option of type.options) option.disabled = !fills.includes(option.value);
    if (!fills.includes(type.value)) type.value = fills[0];
  };
  type.value = column.type;
  content.addEventListener("change", grey);
  grey();
  return make("tr", {}, ...[["Id", id], ["Name", name], ["Content", content], ["Type", type]].map(([heading, control]) => make("td", { "data-label": heading }, control)));
}

function show(schema, exists) {
  current = exists ? schema : undefined;
  for (const [field, value] of [["tableId", schema.id], ["tableName", schema.name], ["tableMode", schema.mode], ["tableCurrency", schema.currency], ["tableDigits", schema.minorDigits], ["tableZone", schema.timeZone]]) byId(field).value = value;
  for (const field of ["tableId", "tableMode"]) byId(field).disabled = exists;
  showDigits();
  byId("columns").tBodies[0].replaceChildren(...schema.columns.map((column) => columnRow(column, exists)));
  byId("save").textContent = exists ? "Save changes" : "Create table";
  byId("export").hidden = !exists;
  if (exists) {
    byId("export").href = `/api/v1/tables/${schema.id}`;
    byId("export").download = `${schema.name}.table.json`;
  }
  byId("designError").textContent = byId("designDone").textContent = "";
}

/** Decimals follow from the currency; without one they are asked for. */
function showDigits() {
  const currency = byId("tableCurrency").value;
  byId("digitsLabel").hidden = currency !== "";
  if (currency !== "") byId("tableDigits").value = currencyDigits(currency);
}

function fillCurrencies() {
  const names = new Intl.DisplayNames(pageLocale, { type: "currency" });
  byId("tableCurrency").replaceChildren(make("option", { value: "" }, "not said: bare numbers"), ...CURRENCIES.map((code) => make("option", { value: code }, `${code} · ${names.of(code)}`)));
  byId("tableCurrency").addEventListener("change", showDigits);
}

function blank() {
  const id = Math.max(0, ...tables.map((table) => table.id)) + 1;
  const column = (number, name, content, type) => ({ id: number, name, content, type });
  return { id, name: "", mode: "session", currency: "EUR", minorDigits: 2, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, columns: [
    column(1, "start", "session.start", "datetime"), column(2, "end", "session.end", "datetime"), column(3, "user", "user.name", "text"), column(4, "card", "uid", "text"),
    column(5, "energy", "session.energy", "integer"), column(6, "duration", "session.duration", "integer"), column(7, "cost", "session.cost", "number"), column(8, "clock", "session.clock", "text")] };
}

/** Errors of columns that the designer could not show, or would change unsaid; the server judges the rest. */
function columnErrors(columns) {
  if (!Array.isArray(columns)) return ["columns is no list; write a list of objects, as a table that is exported has it"];
  return columns.flatMap((column, place) => {
    const path = `columns[${place}]`;
    if (typeof column !== "object" || column === null || Array.isArray(column)) return [`${path} is no object; write { "id": …, "name": …, "type": …, "content": … }`];
    const { type, content = "" } = column;
    if (content !== "" && !contents.some(({ name }) => name === content)) return [`${path}.content: there is no content ${String(content)}; write one of the list here, or ""`];
    return typesFor(content).includes(type) ? [] : [`${path}.type: ${String(type)} is not possible${content === "" ? "" : ` for ${content}`}; write one of ${typesFor(content).join(", ")}`];
  });
}

function read() {
  const columns = [...byId("columns").tBodies[0].rows].map((row) => {
    const [id, name, content, type] = row.querySelectorAll("input, select");
    return { id: Number(id.value), name: name.value.trim(), type: type.value, content: content.value };
  });
  return { id: Number(byId("tableId").value), name: byId("tableName").value.trim(), mode: byId("tableMode").value, currency: byId("tableCurrency").value, minorDigits: Number(byId("tableDigits").value), timeZone: byId("tableZone").value.trim(), columns };
}

async function load(chosen) {
  tables = await ask("/tables");
  byId("table").replaceChildren(...tables.map(({ id, name }) => make("option", { value: String(id) }, name)), make("option", { value: "" }, "New table …"));
  const table = tables.find(({ id }) => id === chosen);
  byId("table").value = table === undefined ? "" : String(table.id);
  show(table ?? blank(), table !== undefined);
}

byId("table").addEventListener("change", () => {
  const table = tables.find(({ id }) => String(id) === byId("table").value);
  show(table ?? blank(), table !== undefined);
});
byId("addColumn").addEventListener("click", () => {
  const used = read().columns.map(({ id }) => id);
  const row = columnRow({ id: Math.max(0, ...used) + 1, name: "", type: "text", content: "" }, false);
  byId("columns").tBodies[0].append(row);
  row.querySelectorAll("input")[1].focus();
});
byId("import").addEventListener("change", async (event) => {
  try {
    const schema = await readJsonFile(event.target.files[0]);
    const wrong = columnErrors(schema.columns);
    if (wrong.length > 0) throw new Error(`${event.target.files[0].name} is no table: ${wrong.join("; ")}.`);
    show({ mode: "session", currency: "", minorDigits: currencyDigits(schema.currency ?? ""), timeZone: "UTC", ...schema }, false);
  } catch (error) {
    byId("designDone").textContent = "";
    byId("designError").textContent = `${error.message} Nothing is changed.`;
  }
  event.target.value = "";
});
byId("designer").addEventListener("submit", async (event) => {
  event.preventDefault();
  byId("designError").textContent = byId("designDone").textContent = "";
  try {
    const schema = read();
    const saved = await ask(current === undefined ? "/tables" : `/tables/${current.id}`, { method: current === undefined ? "POST" : "PUT", body: schema });
    await load(saved.id);
    byId("designDone").textContent = `${saved.name} is saved.`;
  } catch (error) {
    byId("designError").textContent = error.message;
  }
});

const me = await begin();
fillCurrencies();
contents = await ask("/contents");
await load((await ask("/tables"))[0]?.id);
for (const id of ["save", "addColumn"]) byId(id).hidden = me.role !== "admin";
byId("import").parentElement.hidden = me.role !== "admin";
