/*
 * Two S0 meters on the real interpreter, whose pins are files that the test moves.
 *
 * Input: an interpreter built with pins as files; without one the test skips, and says why. Output: counted
 * pulses. Invariant: pulses last long enough for a machine that does other things too; bounces are written
 * at once, so that they are as short as can be.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildBundle } from "../../tools/build/bundle";
import { propertyNames } from "../../tools/build/property_names";
import { createGpioFolder } from "../../tools/emulator/gpio_folder";
import type { GpioFolder } from "../../tools/emulator/gpio_folder";
import { createRandom } from "../../tools/emulator/random";
import { root } from "../../tools/root";
import { interpreters } from "../bundle/interpreter";

const ENTRY = join(root, "meter_entry.ts");
const PULSES = 20;
const SEED = 5;

const SOURCE = `
import { createS0Meter, s0Edge, s0Tick } from "./firmware/inputs/s0_meter";
import { pins } from "./hal/espruino/pins";
import { sinceMs } from "./hal/espruino/clock";
declare function getTime(): number;
declare function print(text: string): void;
declare function setInterval(run: () => void, everyMs: number): void;
function meterOf(pin: number): ReturnType<typeof createS0Meter> {
  pins.open(pin, "inputPullup");
  return createS0Meter({ input: { pin: pin, pull: "up", activeLevel: 0, debounceMs: 0 }, pulsesPerKwh: 1000, filterMs: 10, spacingMs: 50, registerWh: 0 }, pins.read(pin), sinceMs(0));
}
const first = meterOf(4);
const second = meterOf(5);
const edge = { pin: 0, level: 0, atMs: 0 };
const counted = [0, 0];
let told = "";
function tick(): void {
  while (pins.take(edge)) {
    if (edge.pin === 4) counted[0] += s0Edge(first, edge.level, edge.atMs);
    else counted[1] += s0Edge(second, edge.level, edge.atMs);
  }
  const nowMs = sinceMs(0);
  counted[0] += s0Tick(first, nowMs);
  counted[1] += s0Tick(second, nowMs);
  const text = "COUNTED " + counted[0] + " " + counted[1] + " lost " + pins.overflows() + ".";
  if (text !== told) print(text);
  told = text;
}
print("READY.");
setInterval(tick, 20);
`;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Pulses of one meter: closed and open for `onMs` each at least, bouncing at both changes. */
async function pulses(gpio: GpioFolder, pin: number, onMs: number): Promise<void> {
  const random = createRandom(SEED + pin);
  for (let count = 0; count < PULSES; count++) {
    for (const level of [0, 1]) {
      for (let bounce = random.below(3); bounce >= 0; bounce--) {
        gpio.write(pin, level);
        if (bounce > 0) gpio.write(pin, 1 - level);
      }
      await pause(onMs);
    }
  }
}

/** Whether this interpreter's pins are the files of its working directory. */
function hasFilePins(path: string): boolean {
  const folder = mkdtempSync(join(tmpdir(), "pins-"));
  createGpioFolder(folder, [4, 5], 1).close();
  writeFileSync(join(folder, "probe.js"), "pinMode(D4,\"input\");print(\"PIN \"+digitalRead(D4)+\".\")");
  const { stdout } = spawnSync(path, ["probe.js"], { cwd: folder, encoding: "latin1", timeout: 20000, input: "" });
  rmSync(folder, { recursive: true, force: true });
  return stdout.includes("PIN 1.");
}

describe("S0 meters on the interpreter", () => {
  it("count every pulse of two bouncing meters at once, and nothing at start", async function () {
    const found = interpreters().filter((one) => one.path !== "").reverse().find((one) => hasFilePins(one.path));
    if (found === undefined) {
      process.stderr.write("SKIPPED: S0 meters on the interpreter; there is none built with SYSFS_GPIO_DIR=\"gpio\"\n");
      this.skip();
    }
    const folder = mkdtempSync(join(tmpdir(), "meters-"));
    // The second meter's output is closed at start: that is not a pulse.
    const gpio = createGpioFolder(folder, [4, 5], 1);
    gpio.write(5, 0);
    writeFileSync(join(folder, "script.js"), await buildBundle(ENTRY, { kind: "program", minified: true, properties: propertyNames(), extra: { [ENTRY]: SOURCE } }), "latin1");
    const child = spawn(found.path, ["script.js"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
    let printed = "";
    child.stdout.on("data", (data: Buffer) => { printed += data.toString("latin1"); });
    for (let tries = 0; !printed.includes("READY.") && tries < 200; tries++) await pause(50);
    await pause(500);
    gpio.write(5, 1);
    await pause(300);
    await Promise.all([pulses(gpio, 4, 150), pulses(gpio, 5, 180)]);
    await pause(1000);
    child.kill("SIGKILL");
    gpio.close();
    rmSync(folder, { recursive: true, force: true });
    const lines = [...printed.matchAll(/COUNTED (\d+ \d+ lost \d+)\./g)].map((match) => match[1]);
    assert.equal(lines[0], "0 0 lost 0");
    assert.equal(lines[lines.length - 1], PULSES + " " + PULSES + " lost 0");
  });
});
