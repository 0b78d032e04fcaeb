/*
 * The configuration page: a document for a board, checked as the board checks it, offered, downloaded or sent.
 *
 * Input: the API's devices, tables and offered documents; the schema; files. Output: documents. Invariants: the
 * check is the board's own, run in the browser, so that what is typed leaves the browser only by a button; a
 * secret of the endpoint never comes here, it reads "set" and stays as it is.
 */
import { ask, begin, byId, make } from "./api.js";
import { BOARDS, checkDocument, documentWarnings, priceWarnings, SECRET, tableWarnings } from "./board.js";
import { beginOffer, clearOutcome, showOffer } from "./configuration_offer.js";
import { showNeeded, showVerdict, showWarnings } from "./configuration_verdict.js";
import { readJsonFile } from "./json_file.js";
import { forTyping } from "./settings_amount.js";
import { EXTRAS } from "./settings_extras.js";
import { drawForm, redrawForm, showErrors, withoutEmpty, wrongShapes } from "./settings_form.js";
import { showMeanings } from "./settings_meaning.js";
import { masked, valueAt } from "./settings_path.js";
import { blankDocument } from "./settings_suggestion.js";
import { advice } from "./settings_words.js";
import { zoneOf, zoneWarnings } from "./settings_zone.js";

let devices = [];
let tables = [];
/** The device that is shown, and its document as it was last taken, offered, sent or downloaded. */
let current = "";
let safe = "{}";
/** Whether "(secret)" may stand in the document: the endpoint or the board has what is meant. */
let keeps = false;

/** @type {{ document: any, errors: import("../configuration/check").DocumentError[], board: import("../../boards/board").Board, [name: string]: any }} */
const context = {
  schema: undefined, board: /** @type {import("../../boards/board").Board} */ (BOARDS[0]), document: {}, errors: [],
  /** Fields that were left by the keyboard; whether what is empty is an error everywhere, because the document came whole or was to be sent. */
  left: new Set(), strict: true,
  check,
  // The outcome of an earlier document does not apply to a changed one.
  changed: () => { clearOutcome(); check(); },
  redraw: (focusId) => { redrawForm(context, byId("form"), focusId); context.changed(); },
  safe: () => { safe = written(); },
  noteOffer,
  device: chosen,
  table: () => tables.find(({ id }) => id === context.document.table?.id),
  guarded,
  canMakeKey: () => chosen() !== undefined && chosen().keys.filter(({ revoked }) => !revoked).length < 2,
  makeKey: () => guarded("beginError", async () => takeKey(chosen().id, await ask(`/devices/${encodeURIComponent(chosen().id)}/keys`, { method: "POST" }))),
  tables: () => tables,
  extras: EXTRAS,
};

function written() {
  return JSON.stringify(withoutEmpty(context.document));
}

/** Whether what is typed may be given up: it is safe elsewhere, or the user agrees. */
function mayGiveUp() {
  return written() === safe || confirm("This document has changes that were neither offered, sent nor downloaded. Give them up?");
}

function chosen() {
  return devices.find(({ id }) => id === byId("device").value);
}

async function guarded(errorId, work) {
  byId(errorId).textContent = "";
  try {
    await work();
  } catch (error) {
    byId(errorId).textContent = error.message;
  }
}

/** "meters[0]: a sentence" as a warning with its place. */
function placed(text) {
  const end = text.indexOf(": ");
  return { path: text.slice(0, end), what: text.slice(end + 2), remedy: "" };
}

/** A new document has the columns of the endpoint's table: what fills them is declared further down, later. */
const FILLED_LATER = /^table\.columns\[\d+\]\.content$/;

function check() {
  const written = withoutEmpty(context.document);
  context.errors = forTyping(written, checkDocument(written, keeps));
  const needed = context.strict ? [] : context.errors.filter(({ path }) => !context.left.has(path) && ((valueAt(written, path) ?? "") === "" || FILLED_LATER.test(path)));
  const told = context.errors.filter((error) => !needed.includes(error));
  const count = told.length;
  showErrors(byId("form"), told);
  showNeeded(context, needed);
  showVerdict(context, told, count === 0 && needed.length > 0 ? "" : count === 0 ? "The board's own check finds no error." : count === 1 ? "1 error" : `${count} errors`);
  showMeanings(context, byId("form"));
  showWarnings([...documentWarnings(written, keeps).map(placed), ...tableWarnings(written, tables), ...forTyping(written, priceWarnings(written)), ...zoneWarnings(written, zoneOf(context.table()))]);
  byId("json").textContent = JSON.stringify(masked(written, SECRET), null, 2);
  byId("make").hidden = chosen() !== undefined;
  showOffer(context);
}

function use(document, boardName, strict = true) {
  context.document = document;
  context.strict = strict;
  context.left.clear();
  const board = BOARDS.find(({ name }) => name === boardName);
  if (board !== undefined) byId("board").value = board.name;
  takeBoard();
  context.safe();
}

/** The server knows the board of a device only once that has reported it: until then this browser does. */
function keepBoard(id) {
  if (id !== "") localStorage.setItem(`board of ${id}`, byId("board").value);
}

function takeBoard() {
  context.board = BOARDS.find(({ name }) => name === byId("board").value) ?? context.board;
  byId("boardNotes").replaceChildren(...context.board.notes.map((note) => make("li", {}, note)));
  drawForm(context, byId("form"));
  check();
}

async function listDevices(id) {
  devices = await ask("/devices");
  byId("device").replaceChildren(make("option", { value: "" }, "New device"), ...devices.map((device) => make("option", { value: device.id }, device.name === device.id ? device.id : `${device.name} (${device.id})`)));
  current = byId("device").value = devices.some((device) => device.id === id) ? id : "";
}

function noteOffer({ revision, held }) {
  byId("deviceNote").textContent = `Revision ${revision} is offered; the board ${held === null ? "has not been heard of yet" : held === revision ? "has it" : `has revision ${held}`}.`;
}

async function takeDevice() {
  clearOutcome();
  const device = chosen();
  current = byId("device").value;
  keeps = false;
  if (device === undefined) {
    byId("deviceNote").textContent = "Fill in id and name below, then create the device: its key goes into the document.";
    return use(blankDocument(undefined, tables[0]), undefined, false);
  }
  const { held, configuration, ...offered } = await ask(`/devices/${encodeURIComponent(device.id)}/configuration`);
  // Another device was chosen meanwhile.
  if (chosen()?.id !== device.id) return undefined;
  keeps = held !== null || configuration !== null;
  if (configuration === null) byId("deviceNote").textContent = "This endpoint has offered no configuration to this device: what is below is a beginning, not what the board has.";
  else noteOffer({ ...offered, held });
  return use(configuration ?? blankDocument(device, tables[0]), BOARDS.some(({ name }) => name === device.board) ? device.board : localStorage.getItem(`board of ${device.id}`), configuration !== null);
}

/** Into the document first: it is shown this once. */
async function takeKey(id, { keyId, keyHex }) {
  context.document.endpoint = { url: location.origin, ...context.document.endpoint, keyId, key: keyHex };
  await listDevices(id);
  context.redraw("at-endpoint.key");
}

byId("device").addEventListener("change", () => {
  if (mayGiveUp()) void guarded("beginError", takeDevice);
  else byId("device").value = current;
});
byId("form").addEventListener("focusout", ({ target }) => {
  const path = target.id.replace(/^at-/, "");
  if (!target.matches("input, select") || context.strict || context.left.has(path)) return;
  context.left.add(path);
  // After what takes the field away, if that is why it is left.
  if (context.errors.some((error) => error.path === path)) queueMicrotask(check);
});
addEventListener("beforeunload", (event) => { if (written() !== safe) event.preventDefault(); });
byId("board").addEventListener("change", () => { keepBoard(current); takeBoard(); });
byId("begin").addEventListener("submit", (event) => {
  event.preventDefault();
  void guarded("beginError", async () => {
    const { id, name } = context.document.device;
    const key = await ask("/devices", { method: "POST", body: { id, name: name || id } });
    keepBoard(id);
    await takeKey(id, key);
    byId("deviceNote").textContent = `${id} is made; its key is in the document, and is shown nowhere. Send or download the document before you leave this page.`;
  });
});
byId("open").addEventListener("change", async ({ target }) => {
  await guarded("beginError", async () => {
    const document = await readJsonFile(target.files[0]);
    // Values that no form can show are refused before this document is given up for the new one.
    const wrong = wrongShapes(context.schema, document);
    const told = checkDocument(document, false).filter(({ path }) => wrong.includes(path)).map(({ path, what, remedy }) => `${path}: ${advice(what, remedy)}`);
    if (wrong.length > 0) throw new Error(`${target.files[0].name} is not taken, the document here stays as it is. ${told.length > 0 ? told.join(" ") : `${wrong.join(", ")}: it is neither an object nor a list.`}`);
    if (mayGiveUp()) {
      clearOutcome();
      use(document);
    }
  });
  target.value = "";
});
const admin = (await begin()).role === "admin";
byId("adminsOnly").hidden = admin;
byId("everything").hidden = !admin;
if (admin) {
  context.schema = await (await fetch("/configuration.schema.json")).json();
  tables = await ask("/tables");
  byId("board").replaceChildren(...BOARDS.map(({ name, title }) => make("option", { value: name }, title)));
  beginOffer(context);
  await listDevices(new URLSearchParams(location.search).get("device"));
  await guarded("beginError", takeDevice);
}
