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
import { showVerdict, showWarnings } from "./configuration_verdict.js";
import { readJsonFile } from "./json_file.js";
import { drawForm, redrawForm, showMistakes, withoutEmpty, wrongShapes } from "./settings_form.js";
import { showMeanings } from "./settings_meaning.js";
import { masked } from "./settings_path.js";
import { blankDocument, tablePart } from "./settings_suggestion.js";
import { advice } from "./settings_words.js";
import { zoneOf, zoneWarnings } from "./settings_zone.js";

let devices = [];
let tables = [];
/** The device that is shown, and its document as it was last taken, offered, sent or downloaded. */
let current = "";
let safe = "{}";
/** Whether "(secret)" may stand in the document: the endpoint or the board has what is meant. */
let keeps = false;

const context = {
  schema: undefined, board: BOARDS[0], document: {}, mistakes: [],
  // What became of an earlier document says nothing of one that has changed.
  changed: () => { clearOutcome(); check(); },
  redraw: (focusId) => { redrawForm(context, byId("form"), focusId); context.changed(); },
  safe: () => { safe = written(); },
  noteOffer,
  device: chosen,
  table: () => tables.find(({ id }) => id === context.document.table?.id),
  guarded,
  canMakeKey: () => chosen() !== undefined && chosen().keys.filter(({ revoked }) => !revoked).length < 2,
  makeKey: () => guarded("beginError", async () => takeKey(chosen().id, await ask(`/devices/${encodeURIComponent(chosen().id)}/keys`, { method: "POST" }))),
  extras: { table: tableChoice, endpoint: endpointNotes },
};

function written() {
  return JSON.stringify(withoutEmpty(context.document));
}

/** Whether what is typed may be given up: it is safe elsewhere, or somebody says so. */
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

/** Columns of a table of this endpoint, in place of writing them twice. */
function tableChoice() {
  if (tables.length === 0) return [make("p", { className: "look" }, "This endpoint has no table yet. Make one on the page ", make("a", { href: "/tables.html" }, "Tables"), ", then take its columns here.")];
  const select = make("select", { id: "takeTable" }, make("option", { value: "" }, "as below"), ...tables.map(({ id, name }) => make("option", { value: String(id) }, `${name} (id ${id})`)));
  select.addEventListener("change", () => {
    const table = tables.find(({ id }) => String(id) === select.value);
    if (table === undefined) return;
    context.document.table = { ...context.document.table, ...tablePart(table) };
    context.redraw();
  });
  return [make("div", { className: "filters" }, make("label", {}, "Take id and columns of", select))];
}

/** What nobody else notices: an address that only this computer reaches, a key of another device. */
function endpointNotes() {
  const { url = "", keyId = "" } = context.document.endpoint ?? {};
  const notes = [];
  if (/^https?:\/\/(localhost|127\.|\[::1\])/.test(url)) notes.push("Boards do not reach this address: it means the computer itself. Write its address in your network.");
  if (chosen() !== undefined && keyId !== "" && !chosen().keys.some((key) => key.keyId === keyId && !key.revoked)) notes.push(`${keyId} is no valid key of ${chosen().id}: the endpoint would turn the board away.`);
  return [...notes.map((text) => make("p", { className: "look" }, text)), make("p", { className: "hint" }, "People and their cards come from the endpoint by themselves; see ", make("a", { href: "/people.html" }, "People"), ".")];
}

/** "meters[0]: a sentence" as a warning with its place. */
function placed(text) {
  const end = text.indexOf(": ");
  return { path: text.slice(0, end), what: text.slice(end + 2), remedy: "" };
}

function check() {
  const written = withoutEmpty(context.document);
  context.mistakes = checkDocument(written, keeps);
  const count = context.mistakes.length;
  showMistakes(byId("form"), context.mistakes);
  showVerdict(context, context.mistakes, count === 0 ? "The board's own check finds no mistake." : count === 1 ? "1 mistake" : `${count} mistakes`);
  showMeanings(context, byId("form"));
  showWarnings([...documentWarnings(written, keeps).map(placed), ...tableWarnings(written, tables), ...priceWarnings(written), ...zoneWarnings(written, zoneOf(context.table()))]);
  byId("json").textContent = JSON.stringify(masked(written, SECRET), null, 2);
  byId("make").hidden = chosen() !== undefined;
  showOffer(context);
}

function use(document, boardName) {
  context.document = document;
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
  context.board = BOARDS.find(({ name }) => name === byId("board").value);
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
    byId("deviceNote").textContent = "Fill in id and name below, then make the device: its key goes into the document.";
    return use(blankDocument(undefined, tables[0]));
  }
  const { held, configuration, ...offered } = await ask(`/devices/${encodeURIComponent(device.id)}/configuration`);
  // Somebody has chosen another one meanwhile.
  if (chosen()?.id !== device.id) return undefined;
  keeps = held !== null || configuration !== null;
  if (configuration === null) byId("deviceNote").textContent = "This endpoint has offered no configuration to this device: what is below is a beginning, not what the board has.";
  else noteOffer({ ...offered, held });
  return use(configuration ?? blankDocument(device, tables[0]), BOARDS.some(({ name }) => name === device.board) ? device.board : localStorage.getItem(`board of ${device.id}`));
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
    // What no form can show is judged before anything of the document here is given up for it.
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
