/*
 * A new page for a meter's register, when the one in force is full or does not take pulses any more.
 *
 * Input: the meter's page. Output: the next working page in force, with the register carried on. Invariant:
 * the old page stays in force until the new one's header is whole. docs/STORAGE.md section 6.
 */
import type { Bytes } from "../../hal/ports";
import { u32, u8 } from "../base/bytes";
import { erasePage, withCrc, writeChecked } from "./flash_page";
import type { MeterPage } from "./meter_page";

/** "SDM" and format version 1. */
export const METER_MAGIC: Bytes = "SDM" + u8(1);
export const METER_HEADER_BYTES = 28;

/** Puts the next working page in force, with the register as it is now. @part meter */
export function changePage(meter: MeterPage): "stored" | "fault" {
  const flash = meter.flash;
  const pages = meter.pages;
  // Every page but the one in force, twice: a write that did nothing once is no reason to lose pulses.
  const others = meter.page < 0 ? pages : pages - 1;
  for (let attempt = 0; attempt < 2 * others; attempt++) {
    const page = meter.page + 1 + attempt % others;
    const address = meter.address + page % pages * flash.pageBytes;
    const header = withCrc(meter.crypto, METER_MAGIC + u32(page) + u32(meter.pulsesPerKwh) + u32(meter.energyWh) + u32(meter.remainderMilli) + u32(meter.registerWh));
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
