/*
 * docs/STORAGE.md says what the code does.
 *
 * Input: the document's tables and its dump. Output: test results. Invariant: the numbers compared are parsed
 * from the page, so that neither it nor the code can change alone.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { factRow } from "../../../firmware/session/row";
import { BLOB_BLOCK_BYTES, BLOB_HEADER_BYTES, BLOB_MAGIC } from "../../../firmware/store/blob";
import {
  METER_AREA_BYTES, SETTINGS_LARGE_BYTES, SETTINGS_SMALL_BYTES, KEY_VALUE_LARGE_BYTES, KEY_VALUE_SMALL_BYTES, USERS_LARGE_BYTES,
} from "../../../firmware/store/layout";
import { METER_HEADER_BYTES, METER_MAGIC } from "../../../firmware/store/meter_page";
import { appendRecord, openRing } from "../../../firmware/store/ring";
import * as page from "../../../firmware/store/ring_page";
import { acknowledge, firstPending } from "../../../firmware/store/ring_pending";
import * as keys from "../../../firmware/store/keys";
import { KEY_VALUE_HEADER_BYTES, KEY_VALUE_MAGIC } from "../../../firmware/store/key_value_store";
import { createHostCrypto } from "../../../hal/host/crypto";
import { createMockFlash, REPEATS_MAX } from "../../../hal/mock/flash";
import { root } from "../../../tools/root";
import { endRow } from "./rows";
import { KEYS_MAX, VALUE_BYTES_MAX } from "../../../firmware/limits";

const text = readFileSync(join(root, "docs", "STORAGE.md"), "utf8");

/** Cells of the table that follows a heading. */
function table(heading: string, skip = 0): string[][] {
  const part = text.slice(text.indexOf(`\n## ${heading}`) >= 0 ? text.indexOf(`\n## ${heading}`) : text.indexOf(`\n### ${heading}`));
  const tables = part.split("\n\n").filter((block) => block.trimStart().startsWith("|"));
  return tables[skip]!.trim().split("\n").slice(2).map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

/** Offsets must follow from the bytes before them; the last offset is returned. */
function checkedEnd(rows: string[][]): number {
  let expected = 0;
  for (const [offset = "", bytes = ""] of rows) {
    assert.equal(Number(offset), expected, `offset ${offset}`);
    expected += /^\d+$/.test(bytes) ? Number(bytes) : 0;
  }
  return Number(rows.at(-1)?.[0]);
}

const offsetOf = (rows: string[][], field: RegExp): number => Number(rows.find((row) => field.test(row[2]!))?.[0]);

describe("docs/STORAGE.md", () => {
  it("promises as many repeated writes of a word as the mock flash allows", () => {
    assert.equal(/after each start up to (\d+) times with what it holds already/.exec(text)?.[1], String(REPEATS_MAX));
  });

  it("gives the ring's header as the code has it", () => {
    const rows = table("4.2");
    assert.equal(checkedEnd(rows), page.RING_STATES);
    assert.deepEqual(
      [/^drained/, /^dropped/, /^rows refused/, /^rows quarantined since the page/, /^CRC/].map((field) => offsetOf(rows, field)),
      [page.RING_DRAINED, page.RING_DROPPED, page.RING_REFUSED, page.RING_QUARANTINED, page.RING_HEADER_BYTES - 4]);
    assert.equal(page.RING_MAGIC, "SDR\x01");
    assert.ok(text.includes(`${String(page.ringSlots(1024))} for 1,024, ${String(page.ringSlots(4096))} for 4,096`));
  });

  it("gives the states of records as the code has them", () => {
    const rows = table("4.3", 1);
    assert.deepEqual(rows.map((row) => [row[0], Number(row[1])]),
      [["pending", page.ROW_PENDING], ["acknowledged", page.ROW_ACKNOWLEDGED], ["quarantined", page.ROW_QUARANTINED], ["void", page.ROW_VOID]]);
  });

  it("gives the headers of key-value store, meter and blob as the code has them", () => {
    assert.deepEqual([checkedEnd(table("5.1")), checkedEnd(table("6.")), checkedEnd(table("7."))], [KEY_VALUE_HEADER_BYTES, METER_HEADER_BYTES, BLOB_HEADER_BYTES]);
    assert.deepEqual([table("5.1"), table("6."), table("7.")].map((rows) => rows[0]![2]!.slice(1, 4) + String.fromCharCode(Number(/\d+$/.exec(rows[1]![2]!)?.[0]))), [KEY_VALUE_MAGIC, METER_MAGIC, BLOB_MAGIC]);
    assert.ok(text.includes(`1 to ${String(KEYS_MAX)})`) && text.includes(`0 to ${String(VALUE_BYTES_MAX)})`) && text.includes(`holds ${String(BLOB_BLOCK_BYTES)} bytes`));
  });

  it("names the keys as the code does", () => {
    const named = table("5.3").map((row) => [`KEY_${row[1]!.toUpperCase().replaceAll(" ", "_")}`, Number(row[0])]);
    assert.deepEqual(Object.fromEntries(named), { ...keys });
  });

  it("gives the sizes of the parts as the code has them", () => {
    assert.deepEqual(table("3.").slice(0, 5).map((row) => [Number(row[1]), Number(row[2])]), [
      [KEY_VALUE_SMALL_BYTES, KEY_VALUE_LARGE_BYTES], [METER_AREA_BYTES, METER_AREA_BYTES], [METER_AREA_BYTES, METER_AREA_BYTES],
      [SETTINGS_SMALL_BYTES, SETTINGS_LARGE_BYTES], [0, USERS_LARGE_BYTES],
    ]);
  });

  it("shows an example that the code writes to the byte", () => {
    const flash = createMockFlash(4096, { pageBytes: 1024 });
    const ring = openRing(flash, createHostCrypto(), { address: 0, bytes: 4096 }, "refuseNew");
    appendRecord(ring, factRow(5, 1, 1, 60, 1_763_800_000));
    appendRecord(ring, endRow(2, 1));
    const cursor = page.createCursor();
    firstPending(ring, cursor);
    acknowledge(ring, cursor);
    const dump = [...text.matchAll(/^(0[0-9a-f]{3}) {2}((?:[0-9a-f]{2} ?){16})$/gm)];
    assert.equal(dump.length, 7);
    for (const [, offset = "", bytes = ""] of dump) {
      const at = parseInt(offset, 16);
      assert.equal(bytes, Buffer.from(flash.bytes.slice(at, at + 16)).toString("hex").replace(/..(?=.)/g, "$& "));
    }
  });
});
