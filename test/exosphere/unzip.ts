/*
 * The files in a ZIP archive.
 *
 * Input: bytes. Output: the files by name. Invariant: read by the directory at the end (APPNOTE 4.3.12), as programs do;
 * sizes and CRC of each file must be right.
 */
import assert from "node:assert/strict";
import { crc32, inflateRawSync } from "node:zlib";

const END = 0x06054b50;
const ENTRY = 0x02014b50;

export function unzip(bytes: Buffer): Map<string, Buffer> {
  let end = bytes.length - 22;
  while (end >= 0 && bytes.readUInt32LE(end) !== END) end--;
  assert.ok(end >= 0, "the file has a directory");
  const files = new Map<string, Buffer>();
  let at = bytes.readUInt32LE(end + 16);
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count--) {
    assert.equal(bytes.readUInt32LE(at), ENTRY);
    const [method, sum, packed, size, nameBytes, extra, comment, local] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 16), bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 24), bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32), bytes.readUInt32LE(at + 42)];
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const raw = bytes.subarray(start, start + packed);
    const file = method === 0 ? raw : inflateRawSync(raw);
    assert.deepEqual([file.length, crc32(file)], [size, sum]);
    files.set(bytes.toString("utf8", at + 46, at + 46 + nameBytes), Buffer.from(file));
    at += 46 + nameBytes + extra + comment;
  }
  return files;
}
