/*
 * The registers of all meters at a session's start and end, for columns such as `meter2.energy`.
 *
 * Input: register and total of each meter when a trigger is handled. Output: one text of three parts: now, start, end. Each
 * part has METERS_MAX pairs of register and total, 4 bytes each, plus one, so that 0 is unknown. Invariant: energy is a
 * difference of totals, which no correction of a register moves.
 */
import type { Bytes } from "../../hal/ports";
import { readU32, u32 } from "../base/bytes";
import { METERS_MAX } from "../limits";
import type { ColumnsConfiguration } from "../configuration/configuration";
import { CONTENT_METER } from "../protocol";

const PART_BYTES = METERS_MAX * 8;
/** Where the parts begin that belong to a session. */
export const READINGS_AT = PART_BYTES;
const UNKNOWN: Bytes = u32(0);

/** Whether a column holds a value of a meter of its own. */
export function areReadingsUsed(columns: ColumnsConfiguration): boolean {
  for (let index = 0; index < columns.ids.length; index++) {
    const content = columns.contents.charCodeAt(index);
    if (content >= CONTENT_METER && content < CONTENT_METER + 3 * METERS_MAX) return true;
  }
  return false;
}

/** The readings with each meter's present values: `registers` and `totals` in Wh, -1 unknown. */
export function withReadingsNow(readings: Bytes, registers: number[], totals: number[]): Bytes {
  let now = "";
  for (let meter = 0; meter < METERS_MAX; meter++) {
    now += meter < registers.length ? u32(registers[meter]! + 1) + u32(totals[meter]! + 1) : UNKNOWN + UNKNOWN;
  }
  return now + readings.substring(PART_BYTES);
}

/** A trigger: what stands now is the start of a session, or the end of the one that began so. */
export function readingsAt(readings: Bytes, isStart: boolean): Bytes {
  const now = readings.substring(0, PART_BYTES);
  if (isStart) return now + now;
  // A session that began before the columns did has no start.
  let start = readings.substring(PART_BYTES, 2 * PART_BYTES);
  while (start.length < PART_BYTES) start += UNKNOWN;
  return now + start + now;
}

/** The cell's value of `content` (CONTENT_METER and further) in Wh; -1 unknown. */
export function readingWh(readings: Bytes, content: number): number {
  const meter = Math.floor((content - CONTENT_METER) / 3);
  const what = (content - CONTENT_METER) % 3;
  const start = PART_BYTES + meter * 8;
  const end = start + PART_BYTES;
  if (readings.length < (what === 1 ? 2 : 3) * PART_BYTES) return -1;
  if (what > 0) return readU32(readings, what === 1 ? start : end) - 1;
  const before = readU32(readings, start + 4);
  const after = readU32(readings, end + 4);
  return before < 1 || after < before ? -1 : after - before;
}
