/*
 * The hand that moves two meters' pins: a process of its own, so that nothing else in it makes it late.
 *
 * Input: two pin files, pulses of each, milliseconds of each level. Output: one line of JSON when all are written. Invariant: a level
 * never lasts less than it should, bar a tenth; a writer that was late says by how much, and how long it took in all.
 */
import { openSync, writeSync } from "node:fs";

const [first, second, pulses, levelMs] = process.argv.slice(2);
const files = [first, second].map((path) => openSync(path, "r+"));
const level = Number(levelMs);
const sleeper = new Int32Array(new SharedArrayBuffer(4));
const changes = Number(pulses) * 2;
/** The second meter's edges lie between those of the first. */
const dueMs = [performance.now() + level, performance.now() + 1.5 * level];
const writtenMs = [0, 0];
const done = [0, 0];
const beganMs = performance.now();
let latestMs = 0;
while (done[0] < changes || done[1] < changes) {
  const meter = done[1] >= changes || (done[0] < changes && dueMs[0] <= dueMs[1]) ? 0 : 1;
  // A late edge must not make the level behind it short: nine tenths are kept, so lateness is made good slowly.
  const atMs = Math.max(dueMs[meter], writtenMs[meter] + 0.9 * level);
  for (let now = performance.now(); now < atMs; now = performance.now()) if (atMs - now > 1.5) Atomics.wait(sleeper, 0, 0, atMs - now - 1);
  writeSync(files[meter], String(done[meter] % 2), 0);
  writtenMs[meter] = performance.now();
  latestMs = Math.max(latestMs, writtenMs[meter] - dueMs[meter]);
  done[meter]++;
  dueMs[meter] += level;
}
process.stdout.write(`${JSON.stringify({ tookMs: performance.now() - beganMs, latestMs })}\n`);
