/*
 * A document from the page to a board, over USB or Bluetooth, as `sdc provision` sends it.
 *
 * Input: a way, the document, the console's password. Output: the result, in words. Invariants: the board
 * judges the document itself; each interruption is one sentence that says what the board has now.
 */
import { BoardConsole, bytesOfText, LockedError, openBluetoothLine, openSerialLine, provisionOver, runsFirmware, STARTED, textOfBytes } from "./board.js";

/** @type {any} Web Serial and Web Bluetooth are not among the DOM's types. */
const devices = navigator;

export const WAYS = {
  usb: { name: "USB", there: () => devices.serial !== undefined, open: () => openSerialLine(devices.serial) },
  bluetooth: { name: "Bluetooth", there: () => devices.bluetooth !== undefined, open: () => openBluetoothLine(devices.bluetooth) },
};

/** Which way to a board this browser does not give to pages, and what to do instead; "" when it gives both. */
export function noWay() {
  const missing = Object.values(WAYS).filter(({ there }) => !there()).map(({ name }) => name);
  if (missing.length === 0) return "";
  const otherwise = "Or download the document and send it with: npx sdc provision.";
  if (!isSecureContext) return `Browsers give pages USB and Bluetooth only at an https address or at http://localhost: open this page there. ${otherwise}`;
  return `This browser gives pages no ${missing.join(" and no ")}; Chrome and Edge on a computer do, where its system has it. ${otherwise}`;
}

/** "path: what; remedy", a line each, as the board says them. */
function errorsOf(text) {
  return textOfBytes(text).split("\n").map((line) => {
    const [, path = "", rest = ""] = /^(?:([\w.[\]]+): )?(.*)$/.exec(line) ?? [];
    const [what, ...remedy] = rest.split("; ");
    return { path, what, remedy: remedy.join("; ") };
  });
}

/** How sure it is what the board has, should the line end now. */
const BEFORE = "The board is as it was.";
const DURING = "The board keeps the configuration it had. It restarts its program within three minutes, or when its power is switched off and on.";
const JUDGING = "The board has either the configuration it had or the new one, whole; switch its power off and on, and look at the Fleet page.";

/**
 * Sends `text`; `said` hears of each step, `progress` of parts of 1. Returns errors (none: the board took it)
 * and a closing sentence; rejects with an Error whose sentence says what the board has now.
 */
export async function sendDocument(way, text, password, said, progress) {
  let state = BEFORE;
  let board;
  try {
    said(`Choose the board that is connected by ${WAYS[way].name}.`);
    const line = await WAYS[way].open();
    said("Connected. Asking the board who it is.");
    board = await BoardConsole.over(line, password);
    if (!await runsFirmware(board)) throw new Error("The board runs no firmware of ours; install it first: npx sdc deploy, docs/INSTALL.md.");
    state = DURING;
    said("Sending the document.");
    const found = await provisionOver(board, bytesOfText(text), (done, total) => {
      progress(done / total);
      if (done === total) state = JUDGING;
    });
    if (found !== "") {
      state = DURING;
      await board.startProgram(STARTED);
      return { errors: errorsOf(found), words: "The board refuses the document and keeps the configuration it had." };
    }
    said("The board has stored the document and starts.");
    return { errors: [], words: await started(board, way) };
  } catch (error) {
    if (error instanceof LockedError) throw new Error(`The board is configured and asks for its password: the device password of the configuration it has, or, where that is empty, the first 20 digits of its key. ${BEFORE}`, { cause: error });
    throw new Error(`${error.message.replace(/[.\s]*$/, "")}. ${state}`, { cause: error });
  } finally {
    await board?.close().catch(() => undefined);
  }
}

async function started(board, way) {
  const stored = "The board took the document";
  try {
    const words = await board.startProgram(STARTED);
    if (words === STARTED[0]) return `${stored} and runs with it. Its console is locked from now on.`;
    return `${stored} and still waits for one: install the firmware again, then send it again.`;
  } catch (error) {
    if (way !== "bluetooth") throw error;
    // A board in service lets its Bluetooth sleep, so the line ends when the program starts.
    return `${stored} and starts; its Bluetooth sleeps from now on.`;
  }
}
