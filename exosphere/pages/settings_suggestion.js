/*
 * The suggestion for a new part of a configuration: the board's own wiring, and the most usual values.
 *
 * Input: the path of the part, the document so far, the board. Output: an object. Invariant: it is a suggestion
 * only; the check judges it like anything that was typed.
 */
import { pinsOf, valueAt } from "./settings_path.js";
import { suggestedTime } from "./settings_zone.js";

function nextFree(list, name) {
  const taken = list.map((entry) => entry[name]);
  let number = 1;
  while (taken.includes(number)) number++;
  return number;
}

/** The pin that the board suggests for a use, unless something else has it. */
function pinFor(document, board, use) {
  const pin = board.wiring[use];
  return pin === undefined || pinsOf(document).some(([, taken]) => taken === pin) ? {} : { pin };
}

/** Letters and digits that cannot be guessed. */
export function randomToken(length) {
  const letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
  // 56 letters: the remainder of a number of 32 bits prefers none by more than one in 70 million.
  return Array.from(crypto.getRandomValues(new Uint32Array(length)), (number) => letters[number % letters.length]).join("");
}

/** `zone`: the time zone that the people there live by; `table`: the one that the document names, where it is known. */
export function suggestion(path, document, board, zone, table) {
  const toGround = { pull: "up", activeLevel: 0 };
  const place = Number(/\[(\d+)\]$/.exec(path)?.[1]);
  const name = path.replace(/\[\d+\]$/, "");
  if (name.startsWith("inputs.")) return { ...pinFor(document, board, name.slice(7)), ...toGround };
  if (name.startsWith("outputs.")) return pinFor(document, board, name.slice(8));
  if (name === "meters") return { ...pinFor(document, board, `s0Meter${place + 1}`), ...toGround, pulsesPerKwh: 1000 };
  if (name === "readers") return { model: "rdm6300", port: board.uarts[place]?.port ?? board.uarts[0].port };
  if (name === "customInputs") return { index: nextFree(document.customInputs ?? [], "index"), type: "number" };
  if (name === "table.columns") return { id: nextFree(valueAt(document, name) ?? [], "id"), name: "", type: "text", content: "" };
  if (name === "tariff") return { ...table === undefined || table.minorDigits === 2 || table.minorDigits > 4 ? {} : { minorDigits: table.minorDigits }, ...suggestedTime(zone), prices: [{ from: "00:00", perKwh: "" }] };
  if (name === "tariff.prices") return { from: "", perKwh: "" };
  if (name === "network") return { ssid: "" };
  if (name === "endpoint") return { url: location.origin, keyId: "", key: "" };
  if (name === "api") return { token: randomToken(24) };
  return {};
}

/** A table of the endpoint as a document names it; columns that boards do not fill are left out. */
export function tablePart(table) {
  const columns = table.columns.filter(({ content }) => content !== "").map(({ id, name, type, content }) => ({ id, name, type, content }));
  return { id: table.id, rowMode: table.mode, columns };
}

/** A new document; both parameters may be undefined. */
export function blankDocument(device, table) {
  return {
    version: 1, device: { id: device?.id ?? "", name: device?.name ?? "" }, network: { ssid: "" }, endpoint: { url: location.origin, keyId: "", key: "" },
    table: table === undefined ? { columns: [] } : tablePart(table),
  };
}
