/*
 * Aids in a section of the form beside the settings of its schema.
 *
 * Input: the page's context (document, tables, the chosen device). Output: elements for the top of a section.
 * Invariant: nothing here is needed to fill in the document; it spares typing, or says what no other check notices.
 */
import { make } from "./api.js";
import { tablePart } from "./settings_suggestion.js";

/** Columns of a table of this endpoint, in place of writing them twice. */
function tableChoice(context) {
  const tables = context.tables();
  if (tables.length === 0) return [make("p", { className: "look" }, "This endpoint has no table yet. Create one on the page ", make("a", { href: "/tables.html" }, "Tables"), ", then take its columns here.")];
  const select = make("select", { id: "takeTable" }, make("option", { value: "" }, "as below"), ...tables.map(({ id, name }) => make("option", { value: String(id) }, `${name} (id ${id})`)));
  select.addEventListener("change", () => {
    const table = tables.find(({ id }) => String(id) === select.value);
    if (table === undefined) return;
    context.document.table = { ...context.document.table, ...tablePart(table) };
    context.redraw();
  });
  return [make("div", { className: "filters" }, make("label", {}, "Take id and columns of", select))];
}

/** Faults that no other check notices: an address that only this computer reaches, a key of another device. */
function endpointNotes(context) {
  const { url = "", keyId = "" } = context.document.endpoint ?? {};
  const notes = [];
  if (/^https?:\/\/(localhost|127\.|\[::1\])/.test(url)) notes.push("Boards do not reach this address: it means the computer itself. Write its address in your network.");
  const device = context.device();
  if (device !== undefined && keyId !== "" && !device.keys.some((key) => key.keyId === keyId && !key.revoked)) notes.push(`${keyId} is no valid key of ${device.id}: the endpoint would turn the board away.`);
  return [...notes.map((text) => make("p", { className: "look" }, text)), make("p", { className: "hint" }, "People and their cards come from the endpoint to boards with the large store (sdc deploy --store large); see ", make("a", { href: "/people.html" }, "People"), ".")];
}

/** By the name of the section. */
export const EXTRAS = { table: tableChoice, endpoint: endpointNotes };
