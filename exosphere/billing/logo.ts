/*
 * The picture of a letterhead: whether it can be printed.
 *
 * Input: a data: address. Output: what is wrong with it. Invariant: a logo that is taken never makes a statement fail:
 * only baseline pictures that the PDF writer reads, of a bounded size.
 */

export const LOGO_BYTES_MAX = 512 * 1024;
/** More would not fit the head of a page in any print. */
const SIDE_MAX = 4000;
const ADDRESS = /^data:image\/(?:png|jpeg);base64,([A-Za-z0-9+/]+={0,2})$/;

interface Picture { width: number; height: number; why?: string }

function pngOf(bytes: Buffer): Picture | undefined {
  if (bytes.length < 33 || bytes.toString("latin1", 0, 8) !== "\x89PNG\r\n\x1a\n" || bytes.toString("latin1", 12, 16) !== "IHDR") return undefined;
  const isWhole = bytes.toString("latin1", bytes.length - 8, bytes.length - 4) === "IEND";
  const why = !isWhole ? "is a PNG that is cut off" : bytes.readUInt8(24) > 8 ? "is a PNG of 16 bits a colour; save it with 8" : bytes.readUInt8(28) !== 0 ? "is an interlaced PNG; save it without interlacing" : undefined;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), ...why === undefined ? {} : { why } };
}

function jpegOf(bytes: Buffer): Picture | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 9 < bytes.length;) {
    const marker = bytes.readUInt16BE(at);
    // Start of frame: baseline and progressive Huffman.
    if (marker >= 0xffc0 && marker <= 0xffc2) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    if (marker < 0xff00) break;
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return { width: 0, height: 0, why: "is a JPEG that is cut off or of a rare kind; save it as PNG" };
}

/** The size of the picture in a data: address; undefined when there is none. */
export function logoSize(address: string): { width: number; height: number } | undefined {
  const bytes = Buffer.from(ADDRESS.exec(address)?.[1] ?? "", "base64");
  return pngOf(bytes) ?? jpegOf(bytes);
}

/** Undefined when it can be printed, or is "". */
export function logoError(address: string): string | undefined {
  if (address === "") return undefined;
  const found = ADDRESS.exec(address)?.[1];
  if (found === undefined) return "must be a PNG or JPEG";
  const bytes = Buffer.from(found, "base64");
  if (bytes.length > LOGO_BYTES_MAX) return `must have at most ${LOGO_BYTES_MAX / 1024} KiB`;
  const picture = pngOf(bytes) ?? jpegOf(bytes);
  if (picture === undefined) return "must be a PNG or JPEG; this file is neither";
  if (picture.why !== undefined) return picture.why;
  return picture.width < 1 || picture.height < 1 || picture.width > SIDE_MAX || picture.height > SIDE_MAX ? `must be at most ${SIDE_MAX} pixels wide and high` : undefined;
}
