/*
 * The output of `npx sdc readers` and `npx sdc decode`.
 *
 * Input: a model name and bytes in hexadecimal. Output: lines and an exit code: 0 when a uid was read, 1
 * when the bytes hold none, 2 when the question is wrong. Invariant: the verdict is the driver's own: the
 * very code that runs on the board judges the bytes, cut from the front exactly as there.
 */
import { bytesOfHex, hexOf } from "../../firmware/base/bytes";
import { unfitUid } from "../../firmware/inputs/presence";
import { takeUid } from "../../firmware/inputs/reader/frame";
import type { ReaderState } from "../../firmware/inputs/reader/frame";
import { READER_MODELS, readerModel } from "../../firmware/inputs/reader/registry";
import { uidText } from "../../firmware/inputs/uid_format";

export interface Printed {
  lines: string[];
  exitCode: number;
}

/** The error of a model that there is not, with the remedy. */
export function unknownModel(name: string): string {
  return "no reader model \"" + name + "\"; there are: " + READER_MODELS.map((one) => one.name).join(", ");
}

/** The table of models: name, speed, who begins, products, cards, wires. */
export function listReaders(): Printed {
  const lines: string[] = [];
  for (const model of READER_MODELS) {
    const pace = model.driver.pollMs === 0 ? "sends unasked" : "asked every " + model.driver.pollMs + " ms";
    lines.push(model.name.padEnd(12) + " " + String(model.driver.baud).padStart(6) + " baud  " + pace.padEnd(19) + "  " + model.products);
    lines.push(" ".repeat(13) + "cards: " + model.cards);
    lines.push(" ".repeat(13) + "wires: " + model.wiring);
  }
  return { lines, exitCode: 0 };
}

/** The same facts for a program. */
export function readerRecords(): { name: string; baud: number; pollMs: number; products: string; cards: string; wiring: string }[] {
  return READER_MODELS.map((model) => ({ name: model.name, baud: model.driver.baud, pollMs: model.driver.pollMs, products: model.products, cards: model.cards, wiring: model.wiring }));
}

/** The notations of one uid, a line each. */
function uidLines(uid: string, refusesRandom: boolean): string[] {
  const lines = [
    "uid          " + hexOf(uid),
    "  hexReversed  " + uidText(uid, "hexReversed"),
    "  decimal10    " + uidText(uid, "decimal10"),
    "  8h10d        " + uidText(uid, "8h10d"),
    "  wiegand3.5   " + uidText(uid, "wiegand3.5"),
  ];
  const unfit = unfitUid(hexOf(uid), refusesRandom);
  if (unfit === "random") lines.push("  a random uid (ISO/IEC 14443-3): it changes at every reading and is refused as a key");
  if (unfit === "half") lines.push("  half of a longer uid (88 is the cascade tag of ISO/IEC 14443-3): different cards share it, and it is refused as a key");
  if (unfit === "constant") lines.push("  no card has this number: it is refused as a key");
  return lines;
}

/** Where a refused frame's checksum stands, and what would be right there: found by trying, with the driver as the judge. */
function checksumLine(name: string, bytes: string): string {
  const model = readerModel(name);
  if (model === undefined) return "";
  const holds = (trial: string): boolean => {
    const state = model.driver.create();
    model.driver.feed(state, trial, 0);
    return takeUid(state) !== undefined;
  };
  // Two letters where the frame is text, else one byte; near the end, since that is where checksums are.
  const width = ["rdm6300", "id12la", "em18"].includes(name) ? 2 : 1;
  for (let at = bytes.length - width; at >= Math.max(0, bytes.length - 5); at--) {
    for (let value = 0; value < 256; value++) {
      const right = width === 2 ? hexOf(String.fromCharCode(value)) : String.fromCharCode(value);
      if (!holds(bytes.substring(0, at) + right + bytes.substring(at + width))) continue;
      const there = bytes.substring(at, at + width);
      return "checksum     byte " + (at + 1) + " is " + (width === 2 ? there : hexOf(there)) + "; for these data it would be " + (width === 2 ? right : hexOf(right));
    }
  }
  return "";
}

/** Judges `hex` (spaces, colons and dashes allowed) as bytes that reader `name` sent. */
export function decodeReader(name: string, hex: string): Printed {
  const model = readerModel(name);
  if (model === undefined) {
    return { lines: [unknownModel(name)], exitCode: 2 };
  }
  const bytes = bytesOfHex(hex.replace(/0x|[\s:,-]/gi, ""));
  if (bytes === undefined || bytes === "") return { lines: ["--hex must be an even number of hexadecimal digits, such as \"02 0A 02 2E\""], exitCode: 2 };

  const state = model.driver.create();
  const lines = ["model        " + model.name + ": " + model.products, "raw          " + hexOf(bytes)];
  const judged = state.judge;
  // Each verdict of the driver becomes a line; frames that only were not complete yet are judged again later.
  state.judge = (_state: ReaderState, buffer: string): number => {
    const used = judged(state, buffer);
    if (used > 1) lines.push("frame        " + hexOf(buffer.substring(0, used)) + "  good");
    if (used < 0) lines.push("refused      " + hexOf(buffer.substring(0, -used)) + (-used < buffer.length ? "…" : "") + "  " + state.why);
    return used;
  };
  model.driver.feed(state, bytes, 0);
  const rest = state.buffer;
  model.driver.poll(state, 1000);
  if (rest !== "" && state.why === "cut off") lines.push("refused      " + hexOf(rest) + "  the frame is not complete");
  let read = 0;
  for (let uid = takeUid(state); uid !== undefined; uid = takeUid(state)) {
    lines.push(...uidLines(uid, model.driver.refusesRandom));
    read++;
  }
  if (read === 0) {
    const line = state.why.endsWith("checksum") ? checksumLine(name, bytes) : "";
    if (line !== "") lines.push(line);
    if (name === "hz1050" && state.why !== "") lines.push("refused      " + hexOf(bytes) + "  " + state.why);
    lines.push("no uid" + (state.why === "" ? !lines.some((line) => line.startsWith("frame")) ? ": these bytes begin no frame of this model" : ": the frame carries none" : ": " + state.why));
  }
  return { lines, exitCode: read > 0 ? 0 : 1 };
}
