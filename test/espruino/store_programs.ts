/*
 * Three programs for the real interpreter that store rows without end: on the ring, in a StorageFile, and as
 * one JSON document that is rewritten.
 *
 * Input: the flash image in the working directory. Output: on the console "S n" after row n was stored,
 * "A n" before and "B n" after it was acknowledged, "P n" after the n-th pulse was counted and checked.
 * Invariant: each program begins by recovering what is there, so that it can be killed and started for ever.
 */
import { join } from "node:path";
import { buildBundle } from "../../tools/build/bundle";
import { root } from "../../tools/root";

/** The last 64 KiB of the interpreter's image of 256 KiB; Storage grows from the other end. */
export const RING_AT = 0x30000;
export const RING_BYTES = 0xe000;
export const METER_AT = 0x3e000;
export const METER_BYTES = 0x2000;
const IMAGE_AT = 0x10000000;

const HEAD = `
import { sessionRow } from "./firmware/session/row";
import { cborHead, cborInteger, cborText } from "./firmware/base/cbor";
import { appendRecord, openRing } from "./firmware/store/ring";
import { createCursor } from "./firmware/store/ring_page";
import { acknowledge, firstPending, readPending } from "./firmware/store/ring_pending";
import { verifyWord, countPulse, openMeterPage } from "./firmware/store/meter_page";
import { flash } from "./hal/espruino/flash";
import { crypto } from "./hal/espruino/crypto";
declare function print(text: string): void;
declare function getTime(): number;
function rowOf(sequence: number): string {
  return sessionRow(1, sequence, 1, sequence, 3, cborInteger(1) + cborHead(6, 1) + cborInteger(1763800000 + sequence) +
    cborInteger(3) + cborText("Joerg Wagenknech") + cborInteger(4) + cborHead(2, 5) + "\\x01\\x23\\x45\\x67\\x89");
}
flash.pageBytes = 1024;
function openArea(): ReturnType<typeof openRing> {
  return openRing(flash, crypto, { address: ${String(IMAGE_AT + RING_AT)}, bytes: ${String(RING_BYTES)} }, "refuseNew");
}
`;

const WRITE = `
const ring = openArea();
const meter = openMeterPage(flash, crypto, { address: ${String(IMAGE_AT + METER_AT)}, bytes: ${String(METER_BYTES)} }, 1000, 0);
const cursor = createCursor();
print("P " + meter.energyWh);
for (;;) {
  const sequence = ring.nextSequence;
  if (appendRecord(ring, rowOf(sequence)) === "stored") print("S " + sequence);
  countPulse(meter);
  if (verifyWord(meter) === "stored") print("P " + meter.energyWh);
  if (ring.pending > 40 && firstPending(ring, cursor)) {
    readPending(ring, cursor);
    print("A " + cursor.sequence);
    if (acknowledge(ring, cursor) === "ok") print("B " + cursor.sequence);
  }
}
`;

const MEASURE = `
let begun = getTime();
let ring = openArea();
const rows = 300;
begun = getTime();
for (let count = 0; count < rows; count++) appendRecord(ring, rowOf(ring.nextSequence));
print("append " + (getTime() - begun) * 1000000 / rows);
begun = getTime();
ring = openArea();
print("start " + (getTime() - begun) * 1000);
const meter = openMeterPage(flash, crypto, { address: ${String(IMAGE_AT + METER_AT)}, bytes: ${String(METER_BYTES)} }, 1000, 0);
function nothing(event: number): void { begun = begun + 0 * event; }
function pulse(event: number): void { begun = begun + 0 * event; countPulse(meter); }
function write(event: number): void { begun = begun + 0 * event; flash.write(${String(IMAGE_AT + METER_AT + METER_BYTES - 4)}, "\\xff\\xff\\xff\\xff"); }
function timed(run: (event: number) => void): number {
  // The least of many short rounds: the machine's other work only ever adds.
  let least = 1000000;
  for (let round = 0; round < 60; round++) {
    const from = getTime();
    for (let count = 0; count < 50; count++) run(count);
    const each = (getTime() - from) * 20000;
    if (each < least) least = each;
  }
  return least;
}
print("nothing " + timed(nothing));
print("write " + timed(write));
print("pulse " + timed(pulse));
`;

async function bundle(text: string): Promise<string> {
  const entry = join(root, "store_entry.ts");
  return buildBundle(entry, { kind: "program", minified: true, extra: { [entry]: HEAD + text } });
}

/** Stores rows and pulses for ever. */
export const ringProgram = (): Promise<string> => bundle(WRITE);
/** Prints "append", "start", "nothing", "write" and "pulse" with microseconds (start: milliseconds). */
export const measureProgram = (): Promise<string> => bundle(MEASURE);

/** Rows as lines of a StorageFile; acknowledged ones would need the file to be rewritten, so none are. */
export const STORAGE_FILE_PROGRAM = `
var s = require("Storage"), name = "rows", n = 0, line, f = s.open(name, "r"), begun = getTime();
while ((line = f.readLine()) !== undefined) n = parseInt(line);
print("start " + (getTime() - begun) * 1000);
f = s.open(name, "a");
for (;;) {
  n++;
  begun = getTime();
  f.write(n + ",1763800000,Joerg Wagenknech,0123456789\\n");
  print("T " + (getTime() - begun) * 1000000);
  print("S " + n);
  if (n % 400 === 0) { s.open(name, "r").erase(); f = s.open(name, "a"); }
}
`;

/** All waiting rows as one JSON document, rewritten for each. */
export const JSON_PROGRAM = `
var s = require("Storage"), begun = getTime(), rows = s.readJSON("rows", 1) || { n: 0, list: [] };
print("start " + (getTime() - begun) * 1000);
for (;;) {
  rows.n++;
  rows.list.push([rows.n, 1763800000, "Joerg Wagenknech", "0123456789"]);
  if (rows.list.length > 40) rows.list.shift();
  begun = getTime();
  s.writeJSON("rows", rows);
  print("T " + (getTime() - begun) * 1000000);
  print("S " + rows.n);
}
`;

/** Reads the interpreter's store: prints "R n" for each row. */
export const STORAGE_FILE_READER = "var f=require(\"Storage\").open(\"rows\",\"r\"),l;while((l=f.readLine())!==undefined)print(\"R \"+l);";
export const JSON_READER = "var r=require(\"Storage\").readJSON(\"rows\",1);if(r)r.list.forEach(function(x){print(\"R \"+x[0]+\",1763800000,\"+x[2]+\",\"+x[3]);});";
