/*
 * NOR flash in the portable subset.
 *
 * Input: addresses and bytes. Output: a FlashPort whose pages are byte strings. Invariant: a write only
 * clears bits, an erase sets a whole page; nothing outside the area is ever touched.
 */
import type { Bytes, FlashPort } from "../../hal/ports";
import { invariant } from "../../firmware/base/invariant";

export interface PortableFlash extends FlashPort {
  pages: Bytes[];
}

function and(left: number, right: number): number {
  if (left === 255) return right;
  if (right === 255) return left;
  let result = 0;
  let a = left;
  let b = right;
  for (let bit = 1; bit < 256; bit *= 2) {
    if (a % 2 === 1 && b % 2 === 1) result += bit;
    a = Math.floor(a / 2);
    b = Math.floor(b / 2);
  }
  return result;
}

function blank(pageBytes: number): Bytes {
  let text = "";
  for (let index = 0; index < pageBytes; index++) text += String.fromCharCode(255);
  return text;
}

/** Flash from `address` on, erased. */
export function createPortableFlash(address: number, pageBytes: number, pageCount: number): PortableFlash {
  const empty = blank(pageBytes);
  const pages: Bytes[] = [];
  for (let index = 0; index < pageCount; index++) pages.push(empty);
  return {
    pages,
    pageBytes,
    read(from: number, length: number): Bytes {
      let bytes = "";
      let at = from - address;
      invariant(at >= 0 && at + length <= pageBytes * pageCount, "PORTABLE_FLASH_RANGE");
      const end = at + length;
      while (at < end) {
        const page = Math.floor(at / pageBytes);
        const stop = Math.min(end, (page + 1) * pageBytes);
        bytes += pages[page]!.substring(at - page * pageBytes, stop - page * pageBytes);
        at = stop;
      }
      return bytes;
    },
    write(to: number, bytes: Bytes): "ok" | "fault" {
      const start = to - address;
      invariant(start >= 0 && start + bytes.length <= pageBytes * pageCount, "PORTABLE_FLASH_RANGE");
      invariant(to % 4 === 0 && bytes.length % 4 === 0, "PORTABLE_FLASH_WORDS");
      for (let index = 0; index < bytes.length;) {
        const page = Math.floor((start + index) / pageBytes);
        const offset = start + index - page * pageBytes;
        const length = Math.min(bytes.length - index, pageBytes - offset);
        const before = pages[page]!;
        let part = "";
        for (let step = 0; step < length; step++) part += String.fromCharCode(and(before.charCodeAt(offset + step), bytes.charCodeAt(index + step)));
        pages[page] = before.substring(0, offset) + part + before.substring(offset + length);
        index += length;
      }
      return "ok";
    },
    erase(at: number): "ok" | "fault" {
      const page = Math.floor((at - address) / pageBytes);
      invariant(page >= 0 && page < pageCount, "PORTABLE_FLASH_RANGE");
      pages[page] = empty;
      return "ok";
    },
  };
}
