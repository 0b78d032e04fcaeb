/*
 * The columns of the table: what goes into each, and what cannot.
 *
 * Input: the document, the one table of contents and datatypes (firmware/protocol.ts). Output: rows of fields.
 * Invariant: a combination that the table does not allow is greyed out, with the reason in words.
 */
import { make } from "./api.js";
import { CONTENTS, declaredFills } from "./board.js";
import { setAt, valueAt } from "./settings_path.js";

const TYPES = ["text", "number", "integer", "boolean", "datetime"];
/** @type {[string, (name: string) => boolean][]} */
const GROUPS = [["Session", (name) => !/^(user\.|ci\d|constant)/.test(name)], ["User", (name) => name.startsWith("user.")], ["Custom inputs", (name) => /^ci\d/.test(name)], ["Fixed", (name) => name === "constant"]];

/** The datatypes that a content may fill in this document, or why it fills none. */
export function fillsOf(document, content) {
  if (content.name === "constant") return TYPES;
  if (content.type !== "declared") return content.fills;
  const input = (document.customInputs ?? []).find(({ index }) => content.name === `ci${index}`);
  return input === undefined ? "it is not among the custom inputs" : declaredFills(input.type);
}

/** Why `content` cannot fill a column of `type`; "" when it can. */
export function whyNot(document, content, type) {
  const fills = fillsOf(document, content);
  if (typeof fills === "string") return fills;
  return fills.includes(type) ? "" : `fills ${fills.join(", ")} only`;
}

function contentSelect(document, column) {
  const groups = GROUPS.map(([title, belongs]) => make("optgroup", { label: title }, ...CONTENTS.filter(({ name }) => belongs(name)).map((content) => {
    const why = whyNot(document, content, column.type);
    return make("option", { value: content.name, disabled: why !== "" && content.name !== column.content }, why === "" ? content.name : `${content.name} – ${why}`);
  })));
  const select = make("select", {}, make("option", { value: "" }, "choose"), ...groups);
  select.value = column.content;
  return select;
}

function typeSelect(document, column) {
  const content = CONTENTS.find(({ name }) => name === column.content);
  const select = make("select", {}, ...TYPES.map((type) => {
    const why = content === undefined ? "" : whyNot(document, content, type);
    return make("option", { value: type, disabled: why !== "" && type !== column.type }, why === "" ? type : `${type} – not for ${column.content}`);
  }));
  select.value = column.type;
  return select;
}

function momentSelect(column) {
  const late = CONTENTS.find(({ name }) => name === column.content)?.knownAt === "end";
  const select = make("select", {}, make("option", { value: "" }, "as soon as known"), ...["start", "end", "both"].map((at) => make("option", { value: at, disabled: late && at !== "end" && at !== column.at }, late && at !== "end" ? `${at} – not known then` : at)));
  select.value = column.at ?? "";
  return select;
}

/** A constant's value in its column's type; what cannot be one stays text for the check to name. */
function constantOf(text, type) {
  if (text === "") return undefined;
  return type === "boolean" && (text === "true" || text === "false") ? text === "true" : text;
}

export function columnTable(context, path) {
  const columns = valueAt(context.document, path) ?? [];
  const cell = (heading, name, at, control, read, redraws) => {
    control.id = `at-${at}`;
    control.setAttribute("aria-label", name);
    control.setAttribute("aria-describedby", `at-${at}-error`);
    control.addEventListener(redraws ? "change" : "input", () => {
      setAt(context.document, at, read());
      if (redraws) context.redraw();
      else context.changed();
    });
    return make("td", { "data-label": heading, "data-path": at }, control, make("p", { className: "error", id: `at-${at}-error` }));
  };
  const rows = columns.map((column, place) => {
    const at = `${path}[${place}]`;
    const number = place + 1;
    const id = make("input", { type: "number", min: 1, max: 255, value: column.id ?? "" });
    const name = make("input", { value: column.name ?? "", autocomplete: "off" });
    const type = typeSelect(context.document, column);
    const content = contentSelect(context.document, column);
    const moment = momentSelect(column);
    const value = make("input", { value: column.value ?? "", autocomplete: "off" });
    return make("tr", { "data-path": at },
      cell("Id", `Id of column ${number}`, `${at}.id`, id, () => (id.value === "" ? undefined : Number(id.value))), cell("Name", `Name of column ${number}`, `${at}.name`, name, () => name.value),
      cell("Type", `Type of column ${number}`, `${at}.type`, type, () => type.value, true), cell("Content", `Content of column ${number}`, `${at}.content`, content, () => content.value, true),
      cell("Filled at", `Column ${number} is filled at`, `${at}.at`, moment, () => moment.value || undefined, true),
      column.content === "constant" || column.value !== undefined ? cell("Value", `Value of column ${number}`, `${at}.value`, value, () => constantOf(value.value, column.type)) : make("td", { className: "none" }),
      make("td", {}, make("button", { type: "button", className: "quiet", "aria-label": `Remove column ${number}`, onclick: () => { setAt(context.document, at, undefined); context.redraw(`add-${path}`); } }, "Remove")));
  });
  const heads = ["Id", "Name", "Type", "Content", "Filled at", "Value", ""].map((name) => make("th", { scope: "col" }, make("span", {}, name)));
  return make("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": "Columns" }, make("table", { className: "stacks", id: "columns" }, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows)));
}
