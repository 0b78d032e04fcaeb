/*
 * Every reader driver on the real interpreter, with its emulated reader on a serial line.
 *
 * Input: the interpreter (ESPRUINO32, ESPRUINO or the PATH) and socat or python3 for the line. Output: test
 * results; without them the tests skip, and say why. Invariant: the program is built as a board's is, the
 * line is slow, cut and noisy as a real one, and each presentation gives one event with the card's uid.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { READER_MODELS } from "../../firmware/inputs/reader/registry";
import { buildBundle } from "../../tools/build/bundle";
import { propertyNames } from "../../tools/build/property_names";
import { ptyMaker } from "../../tools/emulator/pty";
import { openReaderLine } from "../../tools/emulator/reader_line";
import { uidBytesOf } from "../../tools/emulator/reader_frames";
import { root } from "../../tools/root";
import { interpreters } from "../bundle/interpreter";

const NOISE = { lost: 0, flipped: 0, noise: 10 };
const ENTRY = join(root, "reader_entry.ts");
const FIRST: { [bytes: number]: string } = { 4: "A1B2C3D4", 5: "0102B0A5FD", 12: "E200001D7315016521408FC6" };
const SECOND: { [bytes: number]: string } = { 4: "9EB36E66", 5: "62E3086CED", 12: "30751FEB705C5904E3D50D70" };

/** A program that reads one reader as a device does, and does nothing else. */
function source(model: string): string {
  return `
import { hexOf } from "./firmware/base/bytes";
import { createPresence, presenceSeen, presenceTake } from "./firmware/inputs/presence";
import { driver } from "./firmware/inputs/reader/${model}";
import { readerFault, takeUid } from "./firmware/inputs/reader/frame";
import { serial, useUarts } from "./hal/espruino/serial";
declare const Serial1: never;
declare function getTime(): number;
declare function print(text: string): void;
declare function setInterval(run: () => void, everyMs: number): void;
useUarts([{ port: 1, uart: Serial1, path: "./tty" }]);
const state = driver.create();
const presence = createPresence({ model: "", port: 1, baud: 0, uidFormat: "hex", presenceTimeoutMs: 400, rearmDelayMs: 5000, minHoldMs: 0, minSightings: 0 }, driver.refusesRandom, driver.minSightings);
const now = { ms: 0, s: 0 };
let fault = "";
function tick(): void {
  now.ms = Math.floor(getTime() * 1000) % 1073741824;
  driver.feed(state, serial.take(1), now.ms);
  const question = driver.poll(state, now.ms);
  if (question !== "") serial.write(1, question);
  let uid = takeUid(state);
  while (uid !== undefined) {
    presenceSeen(presence, hexOf(uid), now);
    uid = takeUid(state);
  }
  const due = presenceTake(presence, now);
  if (due !== "") print("EVENT " + due + ".");
  if (readerFault(state) !== fault) {
    fault = readerFault(state);
    print("FAULT " + fault + ".");
  }
}
serial.open(1, driver.baud);
print("READY.");
setInterval(tick, 20);
`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Plays two cards, and for asked readers an absence between them; what the program printed. */
async function play(interpreter: string, model: string, code: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "reader-"));
  const line = await openReaderLine(model, join(folder, "tty"), 11, NOISE);
  writeFileSync(join(folder, "script.js"), code, "latin1");
  // Its input stays open: at an end of file this interpreter fills its own queue, and hears no serial line.
  const child = spawn(interpreter, ["script.js"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
  let printed = "";
  child.stdout.on("data", (data: Buffer) => { printed += data.toString("latin1"); });
  const bytes = uidBytesOf(model)[0]!;
  for (let tries = 0; !printed.includes("READY.") && tries < 200; tries++) await pause(50);
  await pause(1500);
  line.show(FIRST[bytes]!);
  await pause(1500);
  line.show("");
  if (READER_MODELS.some((one) => one.name === model && one.driver.pollMs > 0)) {
    line.powerCycle(true);
    await pause(2500);
    line.powerCycle(false);
    await pause(2500);
  }
  line.show(SECOND[bytes]!);
  await pause(1500);
  child.kill("SIGKILL");
  line.close();
  rmSync(folder, { recursive: true, force: true });
  return [...printed.matchAll(/(EVENT \w+|FAULT \w*|OUT OF MEMORY)/g)].map((match) => match[1]!);
}

describe("reader drivers on the interpreter", () => {
  const found = interpreters().find((one) => one.name.includes("32") && one.path !== "") ?? interpreters().find((one) => one.path !== "");
  const missing = found === undefined ? "no interpreter: set ESPRUINO32 or ESPRUINO" : ptyMaker() === "" ? "no pseudo terminals: install socat or python3" : "";
  const printed = new Map<string, Promise<string[]>>();

  before(async () => {
    if (found === undefined || missing !== "") {
      process.stderr.write("SKIPPED: reader drivers on the interpreter; " + missing + "\n");
      return;
    }
    // Built first, since building stops the emulators' clocks; then all at a time, as each mostly waits for its cards.
    const programs = new Map<string, string>();
    for (const { name } of READER_MODELS) {
      programs.set(name, await buildBundle(ENTRY, { kind: "program", minified: true, properties: propertyNames(), extra: { [ENTRY]: source(name) } }));
    }
    for (const [name, code] of programs) printed.set(name, play(found.path, name, code));
  });

  for (const model of READER_MODELS) {
    it(model.name + (model.driver.pollMs > 0 ? " reads two cards and reports the absence between them" : " reads two cards"), async function () {
      if (missing !== "") this.skip();
      const bytes = uidBytesOf(model.name)[0]!;
      const absence = model.driver.pollMs > 0 ? ["FAULT absent", "FAULT "] : [];
      assert.deepEqual(await printed.get(model.name), ["EVENT " + FIRST[bytes], ...absence, "EVENT " + SECOND[bytes]]);
    });
  }
});
