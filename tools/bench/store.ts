/*
 * `npm run bench -- store`: what the store costs, and what the interpreter's own files would.
 *
 * Input: --kills N (60), --seed N (1). Output: tables for docs/BENCHMARKS.md. Invariants: capacity, wear and
 * reads come from the byte-exact flash of the tests; times and lost rows from the real interpreter, where
 * ring and rivals store rows of the same content and are killed by the same rule.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appendRecord, openRing } from "../../firmware/store/ring";
import { createCursor } from "../../firmware/store/ring_page";
import { acknowledge, firstPending } from "../../firmware/store/ring_pending";
import { createHostCrypto } from "../../hal/host/crypto";
import { createMockFlash } from "../../hal/mock/flash";
import { interpreters } from "../../test/bundle/interpreter";
import { linesOf } from "../../test/espruino/killing";
import { measureProgram } from "../../test/espruino/store_programs";
import { wallboxRow } from "../../test/unit/store/rows";
import { measureRival, RIVALS } from "./store_rivals";

const crypto = createHostCrypto();

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Fills a ring, then opens it: sessions, bytes written for each byte of payload, reads of the start. */
function measureCapacity(pages: number, firstSequence: number): string {
  const area = { address: 0, bytes: pages * 4096 };
  const flash = createMockFlash(area.bytes);
  const ring = openRing(flash, crypto, area, "refuseNew", firstSequence);
  let payload = 0;
  for (let row = wallboxRow(ring.nextSequence); appendRecord(ring, row) === "stored"; row = wallboxRow(ring.nextSequence)) payload += row.length;
  const written = flash.bytesWritten / payload;
  flash.resetStatistics();
  const again = openRing(flash, crypto, area, "refuseNew");
  return `| ${String(area.bytes / 1024)} KiB | ${String(firstSequence)} | ${String(Math.floor((again.nextSequence - firstSequence) / 2))} | ${written.toFixed(2)} | ${String(flash.reads)} |`;
}

/** A ring in service, acknowledged as it goes: bytes with marks and headers, erases, and wear. */
function measureService(): void {
  const flash = createMockFlash(65536);
  const ring = openRing(flash, crypto, { address: 0, bytes: 65536 }, "refuseNew", 70_001);
  const cursor = createCursor();
  let payload = 0;
  const rows = 50_000;
  for (let count = 0; count < rows; count++) {
    const row = wallboxRow(ring.nextSequence);
    payload += row.length;
    if (appendRecord(ring, row) !== "stored" || !firstPending(ring, cursor) || acknowledge(ring, cursor) !== "ok") throw new Error("a sound ring refused a row");
  }
  const years20 = Math.max(...flash.wear) / rows * 100 * 365 * 20;
  say(`In service, 64 KiB, every row acknowledged: ${(flash.bytesWritten / payload).toFixed(2)} bytes written for each byte of payload (marks and headers included), ` +
    `${(flash.erases / rows * 1000).toFixed(1)} erases per 1,000 rows, ${String(Math.round(years20))} erases of the most used page in 20 years at 50 sessions a day.`);
}

async function measureInterpreter(name: string, path: string, kills: number, seed: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "store-bench-"));
  try {
    const lines = linesOf(path, folder, await measureProgram());
    const value = (word: string): number => Number(lines.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1) ?? NaN);
    if (Number.isNaN(value("pulse"))) say(`\n${name}: the measuring program does not fit its memory as a script; times are those of the other.`);
    else {
      say(`\n${name}: append with read-back ${value("append").toFixed(0)} us, start with 300 rows ${value("start").toFixed(1)} ms; ` +
        `a pulse ${value("pulse").toFixed(1)} us, an empty function ${value("nothing").toFixed(1)} us, one with a flash write ${value("write").toFixed(1)} us: ` +
        `a pulse costs ${((value("pulse") - value("write")) / value("nothing")).toFixed(1)} empty functions more than its write.`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  say("\n| store | kills | rows stored | lost | doubled | spoilt | us a row, median | start ms | bytes written a row | erases per 1,000 rows, at least |");
  say("|---|---|---|---|---|---|---|---|---|---|");
  for (const rival of RIVALS) say(await measureRival(rival, path, kills, seed));
}

export async function bench(list: string[]): Promise<number> {
  const option = (name: string, otherwise: number): number => (list.includes(name) ? Number(list[list.indexOf(name) + 1]) : otherwise);
  const kills = option("--kills", 60);
  const seed = option("--seed", 1);
  if (!(kills >= 1) || !Number.isInteger(seed)) {
    process.stderr.write("npm run bench -- store: --kills and --seed take whole numbers\n");
    return 2;
  }
  say("| ring | first sequence | sessions | bytes written / payload | reads at start |");
  say("|---|---|---|---|---|");
  for (const [pages, first] of [[8, 1], [16, 1], [16, 70_001], [216, 1], [232, 70_001], [256, 1], [256, 70_001]] as const) say(measureCapacity(pages, first));
  measureService();
  for (const { name, path } of interpreters()) {
    if (path === "") say(`\n!! ABSENT: ${name}; its times and rivals are not measured.`);
    else await measureInterpreter(name, path, kills, seed);
  }
  return 0;
}
