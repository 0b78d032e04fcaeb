/*
 * Raw flash for every part of the store: checked writes, checked erases, counting by bits.
 *
 * Input: the flash port and addresses inside an area of the store. Output: whether flash now holds what
 * was asked for, always by reading back, never by the port's word. Invariant: nothing here writes a bit
 * outside the bytes it was given. docs/STORAGE.md §2.
 */
import type { Bytes, CryptoPort, FlashPort } from "../../hal/ports";
import { u8 } from "../base/bytes";

/** A run of whole pages that belongs to one part of the store. Addresses and sizes in bytes. */
export interface Area {
  address: number;
  bytes: number;
}

/** Bytes compared at once when a page is checked to be blank. */
const CHECK_BYTES = 256;

/** `count` bytes of 0xFF. */
export function blank(count: number): Bytes {
  let bytes = u8(255);
  while (bytes.length < count) bytes += bytes;
  return bytes.substring(0, count);
}

/** Appends 0xFF up to a multiple of 4: bytes that a write leaves as they are. */
export function padded(bytes: Bytes): Bytes {
  return bytes.length % 4 === 0 ? bytes : bytes + blank(4 - bytes.length % 4);
}

/** CRC-32 of `bytes` appended to them. */
export function withCrc(crypto: CryptoPort, bytes: Bytes): Bytes {
  return bytes + crypto.crc32(bytes);
}

/** Whether the last four of `bytes` are the CRC-32 of all before. */
export function crcMatches(crypto: CryptoPort, bytes: Bytes): boolean {
  const end = bytes.length - 4;
  return crypto.crc32(bytes.substring(0, end)) === bytes.substring(end);
}

/** Writes bytes (length and address multiples of 4) to blank flash; true when they can be read there. */
export function writeChecked(flash: FlashPort, address: number, bytes: Bytes): boolean {
  flash.write(address, bytes);
  return flash.read(address, bytes.length) === bytes;
}

/** Erases one page; true when every byte of it then reads 0xFF. Tries twice. */
export function erasePage(flash: FlashPort, address: number): boolean {
  const white = blank(CHECK_BYTES);
  for (let attempt = 0; attempt < 2; attempt++) {
    flash.erase(address);
    let offset = 0;
    while (offset < flash.pageBytes && flash.read(address + offset, CHECK_BYTES) === white) offset += CHECK_BYTES;
    if (offset >= flash.pageBytes) return true;
  }
  return false;
}

/**
 * Writes what is read at `address` once more. Cells that a power cut left half programmed may read 0 now and
 * 1 another day; a second write of the same bits makes them firm, and changes nothing else.
 */
export function rewriteWeakBits(flash: FlashPort, address: number, length: number): void {
  const start = address - address % 4;
  flash.write(start, flash.read(start, Math.ceil((address + length - start) / 4) * 4));
}

/** `bytes` bytes whose first `count` bits, highest bit first, are 0 and whose other bits are 1. */
export function unary(count: number, bytes: number): Bytes {
  let text = "";
  for (let index = 0; index < bytes; index++) {
    const cleared = count - index * 8;
    text += cleared >= 8 ? u8(0) : cleared <= 0 ? u8(255) : u8(Math.floor(255 / Math.pow(2, cleared)));
  }
  return text;
}

/**
 * Counts one more in the `bytes` bytes at `address`, a multiple of 4, where `count` - 1 were counted: writes the word that the bit is in.
 * A count beyond the bits is not written: a word with nothing left to clear would be written without end.
 */
export function countUp(flash: FlashPort, address: number, count: number, bytes: number): void {
  if (count > bytes * 8) return;
  const word = Math.floor((count - 1) / 32) * 4;
  flash.write(address + word, unary(count, bytes).substring(word, word + 4));
}

/**
 * The count that `unary` wrote: the place of the last cleared bit. A torn write, or one that did nothing
 * before one that worked, leaves gaps; every bit before the last cleared one was counted too.
 */
export function unaryCount(text: Bytes): number {
  for (let index = text.length - 1; index >= 0; index--) {
    let value = text.charCodeAt(index);
    if (value === 255) continue;
    let place = 8;
    while (value % 2 === 1) {
      value = Math.floor(value / 2);
      place--;
    }
    return index * 8 + place;
  }
  return 0;
}
