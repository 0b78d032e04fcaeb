/*
 * The ring beside what a user would otherwise take: a StorageFile, and a JSON document rewritten for each row.
 *
 * Input: an interpreter, a number of kills. Output: one line of a table for each. Invariant: a row counts as
 * stored when the program said so on its console; what is lost is found by reading the image afterwards.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRing } from "../../firmware/store/ring";
import { createCursor } from "../../firmware/store/ring_page";
import { firstPending, nextPending, readPending } from "../../firmware/store/ring_pending";
import { createHostCrypto } from "../../hal/host/crypto";
import { createRandom, pick } from "../../hal/mock/random";
import { flashImage, install, linesOf, numbersOf, runAndKill } from "../../test/espruino/killing";
import { JSON_PROGRAM, JSON_READER, RING_AT, RING_BYTES, ringProgram, STORAGE_FILE_PROGRAM, STORAGE_FILE_READER } from "../../test/espruino/store_programs";
import { createImageFlash } from "../ring/image_flash";

interface Found {
  rows: number[];
  /** Entries that are there and are no row. */
  spoilt: number;
}

export interface Rival {
  name: string;
  program(): Promise<string>;
  read(path: string, folder: string): Found;
  /** Of rows said to be stored, oldest first, those that must be there now. */
  expected(said: number[], gone: Set<number>): number[];
  /** Bytes that it writes for one row, headers of Storage included; 0: the table above has it. */
  bytes: number;
}

const ROW = "1763800000,Joerg Wagenknech,0123456789";
const LINE = new RegExp(`^(\\d+),${ROW}$`);
const STORAGE_HEADER_BYTES = 32;

function readLines(path: string, folder: string, reader: string): Found {
  const lines = linesOf(path, folder, reader).filter((line) => line.startsWith("R ")).map((line) => line.slice(2));
  const rows = lines.map((line) => LINE.exec(line)).filter((match) => match !== null).map((match) => Number(match[1]));
  return { rows, spoilt: lines.length - rows.length };
}

function readRing(_path: string, folder: string): Found {
  const ring = openRing(createImageFlash(flashImage(folder).slice(RING_AT), 1024), createHostCrypto(), { address: 0, bytes: RING_BYTES }, "refuseNew");
  const cursor = createCursor();
  const rows: number[] = [];
  for (let found = firstPending(ring, cursor); found; found = nextPending(ring, cursor)) {
    readPending(ring, cursor);
    rows.push(cursor.sequence);
  }
  return { rows, spoilt: 0 };
}

export const RIVALS: Rival[] = [
  { name: "the ring", program: ringProgram, read: readRing, expected: (said, gone) => said.filter((row) => !gone.has(row)), bytes: 0 },
  {
    name: "StorageFile, one line a row",
    program: () => Promise.resolve(STORAGE_FILE_PROGRAM),
    read: (path, folder) => readLines(path, folder, STORAGE_FILE_READER),
    // The program empties the file after each 400th row: only rows since then must be there.
    expected: (said) => said.filter((row) => row > Math.floor((said.at(-1) ?? 0) / 400) * 400),
    bytes: Buffer.byteLength(`1234,${ROW}\n`),
  },
  {
    name: "JSON, 40 rows rewritten",
    program: () => Promise.resolve(JSON_PROGRAM),
    read: (path, folder) => readLines(path, folder, JSON_READER),
    expected: (said) => said.slice(-40),
    bytes: STORAGE_HEADER_BYTES + JSON.stringify({ n: 1234, list: Array.from({ length: 40 }, () => [1234, 1763800000, "Joerg Wagenknech", "0123456789"]) }).length,
  },
];

/** Runs one rival through its kills; a line of the table. */
export async function measureRival(rival: Rival, path: string, kills: number, seed: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "store-rival-"));
  const random = createRandom(seed);
  const times: number[] = [];
  const starts: number[] = [];
  const total = { rows: 0, lost: 0, doubled: 0, spoilt: 0 };
  let said: number[] = [];
  const gone = new Set<number>();
  try {
    install(path, folder, await rival.program());
    for (let kill = 0; kill < kills; kill++) {
      const lines = await runAndKill(path, folder, pick(random, 1, 120));
      const stored = numbersOf(lines, "S");
      for (const row of numbersOf(lines, "A")) gone.add(row);
      times.push(...numbersOf(lines, "T"));
      for (const line of lines) {
        const start = /start ([\d.]+)$/.exec(line);
        if (start !== null) starts.push(Number(start[1]));
      }
      // After a loss the rival numbers anew: what was said before is counted as lost once and forgotten.
      if (stored.length > 0 && stored[0]! <= (said.at(-1) ?? 0)) said = [];
      said.push(...stored);
      total.rows += stored.length;
      const found = rival.read(path, folder);
      const missing = rival.expected(said, gone).filter((row) => !found.rows.includes(row));
      total.lost += missing.length;
      total.spoilt += found.spoilt;
      total.doubled += found.rows.length - new Set(found.rows).size;
      said = said.filter((row) => !missing.includes(row)).slice(-1000);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const median = (list: number[]): string => (list.length === 0 ? "see above" : [...list].sort((one, other) => one - other)[Math.floor(list.length / 2)]!.toFixed(list.length > 0 && list === starts ? 1 : 0));
  // Storage takes pages in turn and erases them when it compacts: at least one erase for each page filled.
  const cost = rival.bytes === 0 ? "see above | see above" : `${String(rival.bytes)} | ${String(Math.round(rival.bytes * 1000 / 1024))}`;
  return `| ${rival.name} | ${String(kills)} | ${String(total.rows)} | ${String(total.lost)} | ${String(total.doubled)} | ${String(total.spoilt)} | ${median(times)} | ${median(starts)} | ${cost} |`;
}
