/*
 * Reads the lines that a board prints of an error.
 *
 * Input: a line of a console. Output: which build printed it, or a place in one of its files, or neither. Invariant: a
 * line is only taken for a place in the form that the interpreter gives it ("    at f (sdc_a:65:499)", and without
 * parentheses where the function has no name).
 */

/** Of the line that hal/espruino/faults.ts prints before the places. */
export interface PrintedBuild {
  version: string;
  board: string;
  /** CRC of the slot. */
  crc: number;
}

export interface PrintedPlace {
  /** As it is called on the board: a short name; "" for none. */
  name: string;
  /** File in Storage; "" for a text that is in none, as what is typed at the console. */
  file: string;
  /** Both from 1. */
  line: number;
  column: number;
}

export function printedBuild(line: string): PrintedBuild | undefined {
  const found = /^\s*build (\S+) +(\S+) +(\d{10})\s*$/.exec(line);
  return found === null ? undefined : { version: found[1]!, board: found[2]!, crc: Number(found[3]) };
}

export function printedPlace(line: string): PrintedPlace | undefined {
  const found = /^\s*at (?:(\S+) \()?([\w.]*):(\d+):(\d+)\)?\s*$/.exec(line);
  return found === null ? undefined : { name: found[1] ?? "", file: found[2]!, line: Number(found[3]), column: Number(found[4]) };
}

/** Whether this line ends what the interpreter shows of its own text below a place. */
export function isMarker(line: string): boolean {
  return /^\s*\^\s*$/.test(line);
}
