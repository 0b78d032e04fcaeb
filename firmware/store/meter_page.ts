/*
 * A meter's register: every counted pulse clears one bit, so that a power cut loses none.
 *
 * Input: pulses, one call each; the meter's pulses per kWh and the register it began with. Output: the register in
 * whole Wh, remainder kept. Invariants: the register never falls; a full page stays in force until the next one's
 * header, which carries register and remainder on, is whole. docs/STORAGE.md §6.
 */
import type { Bytes, CryptoPort, FlashPort } from "../../hal/ports";
import { u32, u8, readU32 } from "../base/bytes";
import { erasePage, withCrc, writeChecked, rewriteWeakBits, crcMatches, unary, unaryCount } from "./flash_page";
import { invariant } from "../base/invariant";
import type { Area } from "./flash_page";

/** "SDM" and format version 2. Format 1 has no field for what was metered, and is read: its register is that too. */
export const METER_MAGIC: Bytes = "SDM" + u8(2);
export const METER_HEADER_BYTES = 32;
const METER_MAGIC_1: Bytes = "SDM" + u8(1);
const METER_HEADER_BYTES_1 = 28;

/** Puts the next working page in force, with the register as it is now. @part meter */
export function changePage(meter: MeterPage): "stored" | "fault" {
  const flash = meter.flash;
  const pages = meter.pages;
  // Try every other page twice, so that one silently failed write loses no pulses.
  const others = meter.page < 0 ? pages : pages - 1;
  for (let attempt = 0; attempt < 2 * others; attempt++) {
    const page = meter.page + 1 + attempt % others;
    const address = meter.address + page % pages * flash.pageBytes;
    const header = withCrc(meter.crypto, METER_MAGIC + u32(page) + u32(meter.pulsesPerKwh) + u32(meter.energyWh) + u32(meter.remainderMilli) + u32(meter.registerWh) + u32(meter.energyWh - meter.correctedWh));
    // Power cut before the header is whole: the old page with all its pulses is in force. After: this one.
    if (erasePage(flash, address) && writeChecked(flash, address, header)) {
      meter.page = page;
      meter.pageEnd = address + flash.pageBytes;
      meter.wordAddress = address + METER_HEADER_BYTES;
      meter.patternEnd = 0;
      meter.verifiedEnd = 0;
      return "stored";
    }
    meter.faults++;
  }
  return "fault";
}

/** The 32 patterns of a word, after its 1st … 32nd pulse; one text, so that a pulse costs no arithmetic. */
function wordPatterns(): Bytes {
  let patterns = "";
  for (let count = 1; count <= 32; count++) patterns += unary(count, 4);
  return patterns;
}

/** @packed */
export interface MeterPage {
  flash: FlashPort;
  crypto: CryptoPort;
  /** Where its pages begin, and how many there are. */
  address: number;
  pages: number;
  pulsesPerKwh: number;
  registerWh: number;
  /** Sequence of the page in force, -1 before the first. */
  page: number;
  /** Address behind the page, address of the word in use, and place of its next pattern, 0 … 128. */
  pageEnd: number;
  wordAddress: number;
  patternEnd: number;
  patterns: Bytes;
  /** Place up to which the word was read back. */
  verifiedEnd: number;
  /** Register in whole Wh, 0 … 2^31 - 1, and what is beyond it in thousandths of a pulse's worth: pulses x 1,000 modulo pulsesPerKwh. */
  energyWh: number;
  remainderMilli: number;
  /** Register less what was ever metered, Wh: what all corrections of the register together added to it. The same all through a start. */
  correctedWh: number;
  /** Pages and writes that failed since start. */
  faults: number;
}

/** Adds pulses (0 … 40,000) to the register. */
function addPulses(meter: MeterPage, pulses: number): void {
  const sum = meter.remainderMilli + pulses * 1000;
  meter.energyWh += Math.floor(sum / meter.pulsesPerKwh);
  meter.remainderMilli = sum % meter.pulsesPerKwh;
}

/** Finds the first word that is not full, by halving, and the pulses in it. */
function scanPulses(meter: MeterPage, start: number): void {
  let low = 0;
  let high = Math.floor((meter.pageEnd - start) / 4);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (meter.flash.read(start + middle * 4, 4) === u32(0)) low = middle + 1;
    else high = middle;
  }
  meter.wordAddress = start + low * 4;
  addPulses(meter, low * 32);
  // The newest bits may be half cleared, and a torn write may have left gaps before them: both are mended.
  if (low > 0) meter.flash.write(meter.wordAddress - 4, u32(0));
  // Without a word left, the next pulse opens a page.
  meter.patternEnd = 128;
  if (meter.wordAddress < meter.pageEnd) {
    const count = unaryCount(meter.flash.read(meter.wordAddress, 4));
    addPulses(meter, count);
    meter.patternEnd = count * 4;
    if (count > 0) meter.flash.write(meter.wordAddress, unary(count, 4));
  }
  meter.verifiedEnd = meter.patternEnd;
}

/**
 * Recovers the register in `area` (at least 2 pages). `registerWh`, 0 … 2^31 - 1, is where it begins; when
 * the setting differs from the stored one, the register is set to it, which meters nothing. Another pulsesPerKwh
 * (1 … 100,000) keeps register and remainder to a thousandth of a Wh.
 */
export function openMeterPage(flash: FlashPort, crypto: CryptoPort, area: Area, pulsesPerKwh: number, registerWh: number): MeterPage {
  const pages = Math.floor(area.bytes / flash.pageBytes);
  invariant(pages >= 2 && area.address % flash.pageBytes === 0 && pulsesPerKwh >= 1, "METER_AREA");
  const meter: MeterPage = {
    flash: flash, crypto: crypto, address: area.address, pages: pages, pulsesPerKwh: pulsesPerKwh, registerWh: registerWh,
    page: -1, pageEnd: 0, wordAddress: 0, patternEnd: 128, patterns: wordPatterns(), verifiedEnd: 128, energyWh: registerWh, remainderMilli: 0, correctedWh: 0, faults: 0,
  };
  let header = "";
  for (let position = 0; position < pages; position++) {
    let bytes = flash.read(area.address + position * flash.pageBytes, METER_HEADER_BYTES);
    const page = readU32(bytes, 4);
    const magic = bytes.substring(0, 4);
    if (magic === METER_MAGIC_1) bytes = bytes.substring(0, METER_HEADER_BYTES_1);
    if ((magic !== METER_MAGIC && magic !== METER_MAGIC_1) || !crcMatches(crypto, bytes)) continue;
    if (page <= meter.page || page > 2000000000 || page % pages !== position) continue;
    if (readU32(bytes, 8) < 1 || readU32(bytes, 12) < 0 || readU32(bytes, 16) < 0) continue;
    meter.page = page;
    header = bytes;
  }
  if (header === "") {
    changePage(meter);
    return meter;
  }
  const address = area.address + meter.page % pages * flash.pageBytes;
  const oldPerKwh = readU32(header, 8);
  rewriteWeakBits(flash, address, header.length);
  meter.pageEnd = address + flash.pageBytes;
  meter.pulsesPerKwh = oldPerKwh;
  meter.energyWh = readU32(header, 12);
  meter.remainderMilli = readU32(header, 16) % oldPerKwh;
  if (header.length === METER_HEADER_BYTES) meter.correctedWh = meter.energyWh - readU32(header, 24);
  scanPulses(meter, address + header.length);
  if (oldPerKwh === pulsesPerKwh && readU32(header, 20) === registerWh) return meter;
  // The remainder is less than one Wh: in thousandths of it, it fits any number of pulses per kWh.
  if (oldPerKwh !== pulsesPerKwh) meter.remainderMilli = Math.floor(Math.floor(meter.remainderMilli * 1000 / oldPerKwh) * pulsesPerKwh / 1000);
  meter.pulsesPerKwh = pulsesPerKwh;
  if (readU32(header, 20) !== registerWh) {
    // The remainder was metered and stays, or a session that runs would lose it.
    meter.correctedWh += registerWh - meter.energyWh;
    meter.energyWh = registerWh;
  }
  if (changePage(meter) === "fault") {
    // The page in force has the old setting: a pulse on it would be lost at the next start, so the next one tries again.
    meter.wordAddress = meter.pageEnd - 4;
    meter.patternEnd = 128;
    meter.verifiedEnd = 128;
  }
  return meter;
}

/**
 * Reads back what was counted since the last check; call it in every tick in which pulses were counted, so
 * that a write without effect is noticed within 50 ms. "fault": flash does not take pulses any more.
 */
export function verifyWord(meter: MeterPage): "stored" | "fault" {
  if (meter.verifiedEnd === meter.patternEnd || meter.page < 0) return meter.page < 0 ? "fault" : "stored";
  const pattern = meter.patterns.substring(meter.patternEnd - 4, meter.patternEnd);
  if (meter.flash.read(meter.wordAddress, 4) !== pattern) {
    meter.faults++;
    // Power cut before either: the pulses of the last 50 ms may be missing. After: all are there.
    if (!writeChecked(meter.flash, meter.wordAddress, pattern)) return changePage(meter);
  }
  meter.verifiedEnd = meter.patternEnd;
  return "stored";
}

/**
 * Counts one pulse: one write of four bytes, no read, unless the word or the page is full. "stored": the
 * bit was written, and verifyWord will prove it. "fault": the pulse counts in memory only.
 */
export function countPulse(meter: MeterPage): "stored" | "fault" {
  let place = meter.patternEnd + 4;
  if (place > 128) {
    let ready = verifyWord(meter) === "stored";
    if (ready && meter.patternEnd === 128) {
      meter.wordAddress += 4;
      meter.patternEnd = 0;
      meter.verifiedEnd = 0;
    }
    // The full page stays in force until the new one is: a cut in between loses nothing.
    if (ready && meter.wordAddress >= meter.pageEnd && changePage(meter) === "fault") {
      // A page that ended stays ended: the next pulse tries again, and never writes beyond the page.
      meter.patternEnd = 128;
      meter.verifiedEnd = 128;
      ready = false;
    }
    if (!ready) {
      addPulses(meter, 1);
      return "fault";
    }
    place = meter.patternEnd + 4;
  }
  // Power cut before: the pulse is missing. After: it is counted. During: one or the other.
  meter.flash.write(meter.wordAddress, meter.patterns.substring(place - 4, place));
  meter.patternEnd = place;
  meter.remainderMilli += 1000;
  if (meter.remainderMilli >= meter.pulsesPerKwh) {
    meter.energyWh += Math.floor(meter.remainderMilli / meter.pulsesPerKwh);
    meter.remainderMilli = meter.remainderMilli % meter.pulsesPerKwh;
  }
  return "stored";
}
