/*
 * Looking into images of the ring: sound ones, damaged ones, and bytes that are none.
 *
 * Input: test/golden and changes of it. Output: test results. Random images are tried in test/power/fuzz.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ringCheck, ringDump } from "../../../tools/ring/image";
import { root } from "../../../tools/root";

const path = join(root, "test", "golden", "store", "ring_1.bin");
const options = { pageBytes: 1024 };

describe("the look into a ring's image", () => {
  it("shows every record, the torn one too, and says what recovery will do", () => {
    const { lines, exitCode } = ringDump(path, options);
    assert.equal(exitCode, 0);
    assert.ok(lines.some((line) => line.includes("TORN") || line.includes("bytes of a torn record")), lines.join("\n"));
    assert.ok(lines.some((line) => line.includes("acknowledged")) && lines.some((line) => line.includes("aside")));
    assert.ok(lines.some((line) => line.includes("J\u00f6rg Wagenknech")));
    assert.match(lines.at(-2) ?? "", /recovery: newest page \d+, next sequence 121, 29 records wait/);
  });

  it("gives the same as JSON", () => {
    const { lines } = ringDump(path, { ...options, json: true });
    const dump = JSON.parse(lines.join("\n")) as { pages: { records: unknown[] }[]; broken: string[] };
    assert.equal(dump.pages.length, 4);
    assert.deepEqual(dump.broken, []);
  });

  it("leaves the image as it is", () => {
    const bytes = new Uint8Array(readFileSync(path));
    ringDump(bytes, options);
    assert.ok(Buffer.from(bytes).equals(readFileSync(path)));
  });

  it("finds a sound image sound", () => assert.equal(ringCheck(path, options).exitCode, 0));

  it("finds a torn record that waits in the middle of a page", () => {
    const bytes = new Uint8Array(readFileSync(path));
    const { lines } = ringDump(bytes, { ...options, json: true });
    const pages = (JSON.parse(lines.join("\n")) as { pages: { position: number; records: { state: string; offset: number }[] }[] }).pages;
    const page = pages.find((one) => one.records.filter((record) => record.state === "pending").length > 2);
    const record = page?.records.find((one) => one.state === "pending");
    assert.ok(page !== undefined && record !== undefined);
    bytes[page.position * 1024 + record.offset + 9]! ^= 1;
    const check = ringCheck(bytes, options);
    assert.equal(check.exitCode, 1);
    assert.match(check.lines[0]!, /torn, waits/);
  });

  it("finds no ring, and nothing sound, in random bytes and in erased flash", () => {
    const random = Uint8Array.from({ length: 4096 }, (_, index) => (index * 197 + 13) % 251);
    for (const [bytes, words] of [[random, /^no ring here: 4 pages, .* 4 of them not blank/], [new Uint8Array(4096).fill(0xff), /^no ring here: .* all blank/]] as const) {
      const { lines, exitCode } = ringCheck(bytes, options);
      assert.equal(exitCode, 1);
      assert.match(lines.join("\n"), words);
    }
  });

  it("says so when there is no ring in the file", () => {
    assert.equal(ringCheck(new Uint8Array(100), options).exitCode, 2);
    assert.equal(ringDump(new Uint8Array(0), options).exitCode, 2);
    assert.match(ringDump(new Uint8Array(4096), options).lines.at(-1) ?? "", /no valid page/);
  });
});
