/*
 * The answer to an upload, within what a board can read.
 *
 * Input: the result of a stored batch. Output: JSON text of at most ANSWER_BYTES_MAX bytes of ASCII.
 * Invariant: what does not fit is left out, never altered: the device sends those rows again and hears
 * about them then.
 */
import { ANSWER_BYTES_MAX } from "../../firmware/limits";
import type { Offers } from "./offers";
import type { LastNumbers } from "../devices/last_numbers";

const REASON_MAX = 60;

/** All that an answer tells. */
export interface IngestResult extends Offers {
  acknowledged: number[];
  refused: [number, string][];
  /** When a status came, or a row was refused because its number is used. */
  last: LastNumbers | undefined;
}

/** Ascending ranges, both ends included, of numbers in any order. */
export function ranges(numbers: number[]): [number, number][] {
  const result: [number, number][] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = result[result.length - 1];
    if (last !== undefined && number === last[1] + 1) last[1] = number;
    else result.push([number, number]);
  }
  return result;
}

function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?");
}

/** `time` is UTC seconds. */
export function uploadAnswer(result: IngestResult, time: number): string {
  const acknowledged = ranges(result.acknowledged);
  const refused = result.refused.map(([sequence, reason]): [number, string] => [sequence, ascii(reason).slice(0, REASON_MAX)]);
  const commands = result.commands.map(({ id, text }) => ({ id, text }));
  for (;;) {
    const text = JSON.stringify({
      acknowledged, refused, time, users: result.users, configuration: result.configuration, commands,
      ...result.minIntervalS === undefined ? {} : { minIntervalS: result.minIntervalS }, ...result.last === undefined ? {} : { last: result.last }, ...result.firmware === 0 ? {} : { firmware: result.firmware },
    });
    if (text.length <= ANSWER_BYTES_MAX) return text;
    // Refusals are the longest part and the least urgent; commands wait for the next answer too.
    if (refused.length > 0) refused.pop();
    else if (commands.length > 0) commands.pop();
    else acknowledged.pop();
  }
}
