/*
 * A release as one file: for each board a manifest, its signature, the hashes of the pieces, and the slot (docs/UPDATE.md).
 *
 * Input: bytes of any origin. Output: images, or an error that says what is wrong and where. Invariants: nothing
 * is believed: each length is checked before it is used, each piece against its hash, the table against the manifest,
 * the slot's own head against both; a file that passes is one that boards can take.
 */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { beginLms, lmsStep } from "../../firmware/update/lms";
import { HASH_BYTES, type Manifest, readManifest, TABLE_HASHES } from "../../firmware/update/manifest";

export const RELEASE_MAGIC = "SDR1";
/** Two lengths in front of an image, two in front of its manifest. */
const LENGTHS_BYTES = 8;
export const IMAGES_MAX = 64;
export const RELEASE_BYTES_MAX = 33554432;

/** An error of a release, as a sentence. */
export class ReleaseError extends Error {}

export interface ReleaseImage {
  manifest: Manifest;
  /** The signed text. */
  text: Buffer;
  /** Empty while the release is not signed. */
  signature: Buffer;
  /** SHA-256 of each piece, one after the other. */
  table: Buffer;
  slot: Buffer;
}

export const sha256 = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();

const CRYPTO: Parameters<typeof beginLms>[0] = {
  crc32: (bytes) => { const out = Buffer.alloc(4); out.writeUInt32BE(crc32(Buffer.from(bytes, "latin1"))); return out.toString("latin1"); },
  sha256: (bytes) => sha256(Buffer.from(bytes, "latin1")).toString("latin1"),
  hmacSha256: () => "", seed: () => undefined, base64: () => "", random: () => "",
};

/** Hashes of pieces of `pieceBytes`, the last one perhaps shorter. */
export function pieceTable(slot: Buffer, pieceBytes: number): Buffer {
  const hashes: Buffer[] = [];
  for (let at = 0; at < slot.length; at += pieceBytes) hashes.push(sha256(slot.subarray(at, at + pieceBytes)));
  return Buffer.concat(hashes);
}

/** Hashes of the table's parts, as the manifest has them. */
export function tableHashes(table: Buffer): Buffer[] {
  const hashes: Buffer[] = [];
  for (let at = 0; at < table.length; at += TABLE_HASHES * HASH_BYTES) hashes.push(sha256(table.subarray(at, at + TABLE_HASHES * HASH_BYTES)));
  return hashes;
}

/** The document before the pieces: lengths of manifest and signature, both of them, the table. */
export function imageDocument(image: Pick<ReleaseImage, "text" | "signature" | "table">): Buffer {
  const lengths = Buffer.alloc(LENGTHS_BYTES);
  lengths.writeUInt32BE(image.text.length, 0);
  lengths.writeUInt32BE(image.signature.length, 4);
  return Buffer.concat([lengths, image.text, image.signature, image.table]);
}

/** The bytes of a release. */
export function releaseBytes(images: Pick<ReleaseImage, "text" | "signature" | "table" | "slot">[]): Buffer {
  return Buffer.concat([Buffer.from(RELEASE_MAGIC), ...images.flatMap((image) => {
    const document = imageDocument(image);
    const lengths = Buffer.alloc(LENGTHS_BYTES);
    lengths.writeUInt32BE(document.length, 0);
    lengths.writeUInt32BE(image.slot.length, 4);
    return [lengths, document, image.slot];
  })]);
}

function checkSlot({ slot, manifest }: Pick<ReleaseImage, "slot" | "manifest">, where: string): void {
  const head = (at: number, count: number): string => slot.subarray(at, at + count).toString("latin1").trimEnd();
  if (slot.length !== manifest.bytes) throw new ReleaseError(`${where}: the slot has ${String(slot.length)} bytes, its manifest says ${String(manifest.bytes)}`);
  const said = [head(0, 4), head(4, 10), Number(head(14, 8)), head(22, 10), Number(head(48, 8)), head(56, 24), head(80, 24)];
  const wanted = ["SDP2", manifest.crc, manifest.bytes, manifest.family, manifest.release, manifest.version, manifest.board];
  const names = ["format", "CRC", "length", "family", "release", "version", "board"];
  const wrong = names.findIndex((_, index) => said[index] !== wanted[index]);
  if (wrong >= 0) throw new ReleaseError(`${where}: the head of the slot says ${names[wrong]} "${String(said[wrong])}", the manifest "${String(wanted[wrong])}"`);
  if (String(crc32(slot.subarray(14))).padStart(10, "0") !== manifest.crc) throw new ReleaseError(`${where}: the CRC of the slot is wrong; a byte of it was changed`);
}

function readImage(document: Buffer, slot: Buffer, where: string): ReleaseImage {
  if (document.length < LENGTHS_BYTES) throw new ReleaseError(`${where}: it has no manifest`);
  const textBytes = document.readUInt32BE(0);
  const signatureBytes = document.readUInt32BE(4);
  if (LENGTHS_BYTES + textBytes + signatureBytes > document.length) throw new ReleaseError(`${where}: manifest and signature are longer than the image; the file was cut, or is none`);
  const text = document.subarray(LENGTHS_BYTES, LENGTHS_BYTES + textBytes);
  const manifest = readManifest(text.toString("latin1"));
  if (typeof manifest === "string") throw new ReleaseError(`${where}: the manifest is wrong at "${manifest}"`);
  const image = { manifest, text, slot, signature: document.subarray(LENGTHS_BYTES + textBytes, LENGTHS_BYTES + textBytes + signatureBytes), table: document.subarray(LENGTHS_BYTES + textBytes + signatureBytes) };
  if (Buffer.concat(tableHashes(image.table)).toString("latin1") !== manifest.table) throw new ReleaseError(`${where}: the table of pieces is not the one that the manifest names`);
  if (!pieceTable(slot, manifest.pieceBytes).equals(image.table)) {
    const piece = Array.from({ length: image.table.length / HASH_BYTES }).findIndex((_, index) => !sha256(slot.subarray(index * manifest.pieceBytes, (index + 1) * manifest.pieceBytes)).equals(image.table.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES)));
    throw new ReleaseError(`${where}: piece ${String(piece + 1)} is damaged, or of another release`);
  }
  checkSlot(image, where);
  return image;
}

/** All images of a release. @throws ReleaseError */
export function readRelease(bytes: Buffer): ReleaseImage[] {
  if (bytes.length > RELEASE_BYTES_MAX) throw new ReleaseError(`the file has ${String(bytes.length)} bytes; a release has at most ${String(RELEASE_BYTES_MAX)}`);
  if (bytes.subarray(0, 4).toString("latin1") !== RELEASE_MAGIC) throw new ReleaseError("this is not a release: it does not begin with SDR1");
  const images: ReleaseImage[] = [];
  for (let at = RELEASE_MAGIC.length; at < bytes.length;) {
    const where = `image ${String(images.length + 1)}`;
    if (images.length === IMAGES_MAX) throw new ReleaseError(`a release has at most ${String(IMAGES_MAX)} images`);
    if (at + LENGTHS_BYTES > bytes.length) throw new ReleaseError(`${where}: the file was cut`);
    const documentBytes = bytes.readUInt32BE(at);
    const slotBytes = bytes.readUInt32BE(at + 4);
    at += LENGTHS_BYTES;
    if (at + documentBytes + slotBytes > bytes.length) throw new ReleaseError(`${where}: the file was cut: it has ${String(bytes.length)} bytes and should have ${String(at + documentBytes + slotBytes)} at least`);
    images.push(readImage(bytes.subarray(at, at + documentBytes), bytes.subarray(at + documentBytes, at + documentBytes + slotBytes), where));
    at += documentBytes + slotBytes;
  }
  const first = images[0]?.manifest;
  if (first === undefined) throw new ReleaseError("the release has no image");
  if (images.some(({ manifest }) => manifest.release !== first.release || manifest.version !== first.version)) throw new ReleaseError("the images are of different releases");
  if (new Set(images.map(({ manifest }) => manifest.board)).size !== images.length) throw new ReleaseError("two images are for the same board");
  return images;
}

/** Whether a key of 56 bytes signed the manifest. */
export function isSignedBy(image: ReleaseImage, key: Buffer): boolean {
  const check = beginLms(CRYPTO, key.toString("latin1"), image.text.toString("latin1"), image.signature.toString("latin1"), image.signature.length);
  if (typeof check === "string") return false;
  for (;;) {
    const word = lmsStep(CRYPTO, check);
    if (word !== "working") return word === "valid";
  }
}

/** The error of a release's signatures under these keys, "" when one of them signed each image. */
export function signatureProblem(images: ReleaseImage[], keys: Buffer[]): string {
  for (const image of images) {
    if (image.signature.length === 0) return "the release is not signed";
    if (!keys.some((key) => isSignedBy(image, key))) return `the image for ${image.manifest.board} is not signed by any of the keys that are known, or was changed after it was signed`;
  }
  const leaves = images.map((image) => image.signature.readUInt32BE(0));
  return new Set(leaves).size === leaves.length ? "" : "two images were signed with the same leaf, so the key is burnt; make a new one";
}
