/*
 * The whole document as a form, made from its schema: sections, parts that may be there or not, lists.
 *
 * Input: context (schema, document, board, changed, redraw). Output: elements; every field writes into the
 * document. Invariants: every setting of the schema has its field; what is drawn anew keeps the place of the
 * keyboard and which sections are open.
 */
import { byId, make } from "./api.js";
import { columnTable } from "./column_table.js";
import { field } from "./settings_field.js";
import { parentOf, setAt, valueAt } from "./settings_path.js";
import { suggestion } from "./settings_suggestion.js";
import { advice, label, ONE_OF, SECTIONS, SELDOM } from "./settings_words.js";
import { zoneOf } from "./settings_zone.js";

function definition(schema, property) {
  const reference = property.$ref ?? property.items?.$ref;
  return reference === undefined ? undefined : schema.$defs[reference.slice("#/$defs/".length)];
}

/** Paths where a document has not the objects and lists that a form needs to be drawn. */
export function wrongShapes(schema, value, object = schema, path = "") {
  return Object.entries(object.properties).flatMap(([name, property]) => {
    const part = value[name];
    const inner = definition(schema, property);
    const at = path === "" ? name : `${path}.${name}`;
    if (part === undefined || inner === undefined) return [];
    const isObject = (one) => typeof one === "object" && one !== null && !Array.isArray(one);
    if (property.items === undefined) return isObject(part) ? wrongShapes(schema, part, inner, at) : [at];
    if (!Array.isArray(part)) return [at];
    return part.flatMap((item, place) => (isObject(item) ? wrongShapes(schema, item, inner, `${at}[${place}]`) : [`${at}[${place}]`]));
  });
}

function add(context, path) {
  setAt(context.document, path, suggestion(path, context.document, context.board, zoneOf(context.table()), context.table()));
  context.redraw(`at-${path}`);
}

function remove(context, path) {
  setAt(context.document, path, undefined);
  context.redraw(`add-${path.replace(/\[\d+\]$/, "")}`);
}

function adder(context, key, path, words) {
  return make("button", { type: "button", className: "quiet", id: `add-${key}`, onclick: () => add(context, path) }, words);
}

function remover(context, path, words) {
  return make("button", { type: "button", className: "quiet", onclick: () => remove(context, path) }, words);
}

function pathError(path) {
  return make("p", { className: "error", id: `at-${path}-error` });
}

/** Items of a list, and the way to one more. */
function listPart(context, path, property) {
  if (path === "table.columns") return [columnTable(context, path), pathError(path), adder(context, path, `${path}[${(valueAt(context.document, path) ?? []).length}]`, "Add a column")];
  const name = path.split(".").at(-1);
  const items = valueAt(context.document, path) ?? [];
  const drawn = items.map((_item, place) => {
    const at = `${path}[${place}]`;
    return make("fieldset", { "data-path": at, id: `at-${at}`, tabIndex: -1 }, make("legend", {}, `${ONE_OF[name]} ${place + 1}`), pathError(at), ...objectPart(context, at, definition(context.schema, property)), remover(context, at, `Remove ${ONE_OF[name]} ${place + 1}`));
  });
  const full = items.length >= property.maxItems;
  return [...drawn, pathError(path), ...full ? [] : [make("button", { type: "button", className: "quiet", id: `add-${path}`, onclick: () => {
    if (valueAt(context.document, path) === undefined) setAt(context.document, path, []);
    add(context, `${path}[${items.length}]`);
  } }, `Add a ${ONE_OF[name]}`)]];
}

/** A part that may be left out. */
function optionalPart(context, path, name, property) {
  const inner = definition(context.schema, property);
  const there = valueAt(context.document, path) !== undefined;
  return make("fieldset", { "data-path": path, id: `at-${path}`, tabIndex: -1 }, make("legend", {}, label(name)), make("p", { className: "hint" }, (property.description ?? "").replaceAll("`", "")), pathError(path),
    ...there ? [...objectPart(context, path, inner), remover(context, path, `Remove: ${label(name)}`)] : [adder(context, path, path, `Add: ${label(name)}`)]);
}

/** All settings of an object: plain ones side by side, then its parts. */
function objectPart(context, path, schema) {
  const plain = [];
  const parts = [];
  for (const [name, property] of Object.entries(schema.properties)) {
    const at = `${path}.${name}`;
    const required = (schema.required ?? []).includes(name);
    if (property.items !== undefined) parts.push(...listPart(context, at, property));
    else if (property.$ref !== undefined) parts.push(optionalPart(context, at, name, property));
    else plain.push(field(context, at, name, { ...property, required }));
  }
  return [make("div", { className: "settings" }, ...plain), ...parts];
}

/** Objects that do nothing when they are empty: there is no need to ask for them. */
function fillEmpty(document, schema) {
  for (const name of ["inputs", "outputs", "block", "store", "device", "table"]) if (schema.properties[name] !== undefined) document[name] ??= name === "table" ? { columns: [] } : {};
}

/** Without what is empty and means nothing. */
export function withoutEmpty(document) {
  return Object.fromEntries(Object.entries(document).filter(([, value]) => typeof value !== "object" || value === null || Object.keys(value).length > 0));
}

function section(context, name, property, open) {
  const value = context.document[name];
  const title = SECTIONS[name] ?? label(name);
  const needed = (context.schema.required ?? []).includes(name);
  const state = Array.isArray(value) ? String(value.length) : value === undefined ? "none" : "";
  const inner = property.items !== undefined ? listPart(context, name, property) : value === undefined ? [adder(context, name, name, `Add: ${title}`)]
    : [...objectPart(context, name, definition(context.schema, property)), ...needed || ["inputs", "outputs", "block", "store"].includes(name) ? [] : [remover(context, name, `Remove: ${title}`)]];
  return make("details", { className: "card", "data-path": name, "data-section": name, open },
    make("summary", { id: `at-${name}` }, make("h2", {}, title), make("span", { className: "soft" }, state)),
    ...property.items !== undefined ? [] : [pathError(name)], ...context.extras[name]?.(context) ?? [], ...inner);
}

/** Draws the form into `container`. */
export function drawForm(context, container) {
  fillEmpty(context.document, context.schema);
  const names = Object.keys(context.schema.properties).filter((name) => name !== "version" && name !== "revision");
  const ordered = [...Object.keys(SECTIONS).filter((name) => names.includes(name)), ...names.filter((name) => SECTIONS[name] === undefined)];
  const was = Object.fromEntries([...container.querySelectorAll("[data-section]")].map((element) => [element.dataset.section, element.open]));
  container.replaceChildren(...ordered.map((name) => section(context, name, context.schema.properties[name], was[name] ?? !SELDOM.includes(name))));
}

/** Draws anew and gives the keyboard back to where it was, or to `focusId`. */
export function redrawForm(context, container, focusId) {
  const target = focusId ?? document.activeElement?.id;
  drawForm(context, container);
  const element = target ? byId(target) : undefined;
  if (element !== undefined && element !== null) (element.matches("fieldset, details, tr") ? element.querySelector("input, select, button") ?? element : element).focus();
}

/** The id of the field of `path`, or of the nearest part around it; "" where there is none. */
export function placeOf(path) {
  let at = path;
  while (at !== "" && byId(`at-${at}-error`) === null) at = parentOf(at);
  return at === "" ? "" : `at-${at}`;
}

/** Puts each error at its field, or at the nearest part around it. */
export function showErrors(container, errors) {
  for (const element of container.querySelectorAll(".error")) element.textContent = "";
  for (const element of container.querySelectorAll("[aria-invalid]")) element.removeAttribute("aria-invalid");
  for (const { path, what, remedy } of errors) {
    const id = placeOf(path);
    if (id === "") continue;
    const error = byId(`${id}-error`);
    error.append(error.textContent === "" ? "" : " ", `${id === `at-${path}` ? "" : `${path}: `}${advice(what, remedy)}`);
    byId(id)?.setAttribute("aria-invalid", "true");
  }
}
