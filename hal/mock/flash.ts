/*
 * NOR flash to the byte, with everything that goes wrong in it.
 *
 * Input: a size, and a plan of faults. Output: FlashPort, and what was done to it (statistics, wear).
 * Invariant: content changes only as NOR allows: a write clears bits, a cut write clears some of them, a cut
 * erase leaves anything in its page, and a page that was half erased reads differently each time until it
 * is erased. A power cut is thrown as PowerCut, because the program it happens to does not go on. A word that is
 * written more often with what it holds already than docs/STORAGE.md §1 asks of a chip is a RangeError.
 */
import type { Bytes, FlashPort } from "../ports";
import { createRandom, pick } from "./random";
import type { Random } from "./random";

/** Thrown out of the call during which the power failed. */
export class PowerCut extends Error {}

export interface FlashFaults {
  /** The power fails at this step, counted from 0: each byte of a write and each of ERASE_STEPS stages of an erase is one. */
  cutStep: number;
  /** Decides torn bits. The same seed tears the same. */
  seed: number;
  /** Ordinals (from 0) of writes that report "ok" and do nothing. */
  silentWrites: number[];
  /** Addresses of pages that report "ok" and stay as they are when erased. */
  stuckPages: number[];
  /** Addresses of pages in which one word stays as it is when they are erased. */
  scarredPages: number[];
  /** Bits that a cut cleared may read 1 again from the next start but one, unless written again. */
  weakBits: boolean;
}

export const ERASE_STEPS = 8;

/** docs/STORAGE.md §1: between two starts a word of 4 bytes is written at most this often with what it holds already. */
export const REPEATS_MAX = 8;

export interface MockFlash extends FlashPort {
  readonly bytes: Uint8Array;
  readonly faults: FlashFaults;
  /** Steps done; equals the number of different cuts of the same run. */
  steps: number;
  reads: number;
  writes: number;
  bytesWritten: number;
  erases: number;
  /** Erases of each page. */
  wear: number[];
  /** The power is back: counting of steps goes on, the planned cut is over. */
  boot(): void;
  /** A program starts on it, after a power cut or not: repeated writes are counted anew. */
  start(): void;
  /** Forgets steps and statistics. */
  resetStatistics(): void;
}

export interface MockFlashOptions {
  pageBytes?: number;
  /** Address of the first byte. */
  address?: number;
  content?: Uint8Array;
  faults?: Partial<FlashFaults>;
}

export function createMockFlash(size: number, options: MockFlashOptions = {}): MockFlash {
  const pageBytes = options.pageBytes ?? 4096;
  const origin = options.address ?? 0;
  const bytes = options.content ?? new Uint8Array(size).fill(0xff);
  const unstable = new Map<number, Uint8Array>();
  const repeats = new Uint8Array(Math.ceil(size / 4));
  let weak: { at: number; mask: number; starts: number }[] = [];
  let random: Random | undefined;
  const faults: FlashFaults = { cutStep: -1, seed: 1, silentWrites: [], stuckPages: [], scarredPages: [], weakBits: false, ...options.faults };
  const chance = (): Random => random ??= createRandom(faults.seed);

  function tearWord(start: number, index: number, content: Bytes): void {
    for (let at = index; at < content.length && at < index - index % 4 + 4; at++) {
      const before = bytes[start + at]!;
      const wanted = before & content.charCodeAt(at);
      bytes[start + at] = wanted | (before & pick(chance(), 0, 255));
      const cleared = before & ~bytes[start + at]!;
      if (faults.weakBits && cleared !== 0) weak.push({ at: start + at, mask: cleared & pick(chance(), 0, 255), starts: 0 });
    }
  }

  /** A cut in mid-write: bytes in order up to `index`, then one torn word; or the whole span torn at once. */
  function tear(start: number, index: number, content: Bytes): void {
    const spread = pick(chance(), 0, 3) === 0;
    if (!spread) for (let at = 0; at < index; at++) bytes[start + at]! &= content.charCodeAt(at);
    for (let at = spread ? 0 : index; at < (spread ? content.length : index + 1); at += 4) tearWord(start, at, content);
    throw new PowerCut("during a write");
  }

  /** A cut in mid-erase: what is left of the page, from "as before" over zeros and noise to "looks erased". */
  function halfErase(start: number, stage: number): void {
    const mask = new Uint8Array(pageBytes);
    for (let at = 0; at < pageBytes; at++) {
      const old = bytes[start + at]!;
      const noise = pick(chance(), 0, 255);
      if (stage === 2) bytes[start + at] = 0;
      else if (stage === 3) bytes[start + at] = noise;
      else if (stage === 4) bytes[start + at] = at < pageBytes / 2 ? 0xff : old;
      else if (stage === 5) bytes[start + at] = at < pageBytes / 2 ? old : 0xff;
      else if (stage === 6) bytes[start + at] = old | noise;
      else if (stage === 7) bytes[start + at] = 0xff;
      if (stage === 3 || stage === 6 || stage === 7) mask[at] = pick(chance(), 0, 40) === 0 ? noise : 0;
    }
    if (stage >= 1) unstable.set(start / pageBytes, mask);
    throw new PowerCut("during an erase");
  }

  function countRepeats(start: number, content: Bytes): void {
    // On a page that keeps what it had the firmware tries again, and no promise is about that.
    if (faults.silentWrites.length + faults.stuckPages.length + faults.scarredPages.length > 0) return;
    for (let at = start; at < start + content.length; at += 4) {
      const clears = [0, 1, 2, 3].some((byte) => (bytes[at + byte]! & ~content.charCodeAt(at + byte - start)) !== 0);
      if (clears || ++repeats[at / 4]! <= REPEATS_MAX) continue;
      throw new RangeError(`the word at ${String(origin + at)} is written with what it holds already, ${String(repeats[at / 4])} times since the start; docs/STORAGE.md §1 promises ${String(REPEATS_MAX)} at most`);
    }
  }

  const flash: MockFlash = {
    pageBytes, bytes, faults, steps: 0, reads: 0, writes: 0, bytesWritten: 0, erases: 0,
    wear: new Array<number>(Math.floor(size / pageBytes)).fill(0),
    read(address, length) {
      const start = address - origin;
      if (length < 1 || length > 4096 || start < 0 || start + length > size) throw new RangeError(`read of ${length} at ${address}`);
      flash.reads++;
      if (unstable.size === 0) return Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString("latin1");
      let text = "";
      for (let at = start; at < start + length; at++) {
        const mask = unstable.get(Math.floor(at / pageBytes));
        text += String.fromCharCode(mask === undefined ? bytes[at]! : bytes[at]! ^ (mask[at % pageBytes]! & pick(chance(), 0, 255)));
      }
      return text;
    },
    write(address, content) {
      const start = address - origin;
      if (address % 4 !== 0 || content.length % 4 !== 0 || start < 0 || start + content.length > size) throw new RangeError(`write of ${content.length} at ${address}`);
      const number = flash.writes++;
      flash.bytesWritten += content.length;
      countRepeats(start, content);
      const cut = faults.cutStep - flash.steps;
      flash.steps += content.length;
      if (cut >= 0 && cut < content.length) tear(start, cut, content);
      if (faults.silentWrites.includes(number)) return "ok";
      for (let at = 0; at < content.length; at++) bytes[start + at]! &= content.charCodeAt(at);
      for (const entry of weak) {
        if (entry.at >= start && entry.at < start + content.length) entry.mask &= content.charCodeAt(entry.at - start);
      }
      return "ok";
    },
    erase(address) {
      const start = address - origin;
      if (start % pageBytes !== 0 || start < 0 || start + pageBytes > size) throw new RangeError(`erase at ${address}`);
      flash.erases++;
      flash.wear[start / pageBytes]!++;
      const cut = faults.cutStep - flash.steps;
      flash.steps += ERASE_STEPS;
      if (cut >= 0 && cut < ERASE_STEPS) halfErase(start, cut);
      if (faults.stuckPages.includes(address)) return "ok";
      const middle = start + pageBytes / 2 + 12;
      const scar = bytes.slice(middle, middle + 4);
      bytes.fill(0xff, start, start + pageBytes);
      repeats.fill(0, start / 4, (start + pageBytes) / 4);
      if (faults.scarredPages.includes(address)) bytes.set(scar, middle);
      unstable.delete(start / pageBytes);
      weak = weak.filter((entry) => entry.at < start || entry.at >= start + pageBytes);
      return "ok";
    },
    boot() {
      faults.cutStep = -1;
      flash.start();
      for (const entry of weak) if (entry.starts++ > 0) bytes[entry.at]! |= entry.mask;
      weak = weak.filter((entry) => entry.starts < 2);
    },
    start() {
      repeats.fill(0);
    },
    resetStatistics() {
      flash.steps = flash.reads = flash.writes = flash.bytesWritten = flash.erases = 0;
      flash.wear.fill(0);
    },
  };
  return flash;
}
