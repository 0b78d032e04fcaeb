/*
 * A program and its modules as one slot, and back: docs/STORAGE.md section 9.
 *
 * Input: texts of a build, bytes as characters. Output: the bytes of a slot; of a slot, its parts. Invariant: the
 * same texts give the same bytes, in the order of the modules' names; equal modules share their bytes.
 */
import { crc32 } from "node:zlib";
import {
  COVERED_AT, CRC_AT, CRC_DIGITS, FAMILY_AT, FAMILY_BYTES, INDEX_AT, LENGTH_AT, NUMBER_DIGITS, PROGRAM_AT, PROGRAM_LENGTH_AT, SLOT_MAGIC,
} from "../../hal/espruino/slot_format";

/** The program's name among the parts; no module may have it. */
export const PROGRAM_PART = "";

export interface SlotPart {
  name: string;
  offset: number;
  bytes: number;
}

export interface SlotIndex {
  family: string;
  bytes: number;
  crc: number;
  /** The program first. */
  parts: SlotPart[];
}

function digits(value: number, count = NUMBER_DIGITS): string {
  return String(value).padStart(count, "0");
}

/** One slot. `family` as the interpreter names its build, without what follows "_". @throws Error for names that the index cannot tell apart */
export function slotOf(family: string, program: string, modules: Record<string, string>): string {
  const names = Object.keys(modules).sort();
  const wrong = names.find((name) => !/^[a-z0-9_]{2,24}$/.test(name));
  if (wrong !== undefined) throw new Error(`a module of a slot cannot be called "${wrong}": 2 to 24 small letters, digits, _`);
  if (family.length > FAMILY_BYTES || family.includes(" ")) throw new Error(`"${family}" does not fit into the head of a slot`);
  const entryBytes = 3 + 2 * NUMBER_DIGITS;
  const first = INDEX_AT + names.reduce((sum, name) => sum + name.length + entryBytes, 0);
  let offset = first + program.length;
  let index = "";
  let bodies = "";
  // A reader that speaks another one's protocol has the same driver: what is equal lies there once.
  const known = new Map<string, number>();
  for (const name of names) {
    const body = modules[name];
    const at = known.get(body) ?? offset;
    index += `\n${name} ${digits(at)} ${digits(body.length)}`;
    if (known.has(body)) continue;
    known.set(body, offset);
    bodies += body;
    offset += body.length;
  }
  const covered = digits(offset) + family.padEnd(FAMILY_BYTES) + digits(first) + digits(program.length) + index + program + bodies;
  return SLOT_MAGIC + digits(crc32(Buffer.from(covered, "latin1")), CRC_DIGITS) + covered;
}

/** What the first bytes of a slot, its index among them, say; undefined when they are no slot's. */
export function slotIndex(head: string): SlotIndex | undefined {
  const number = (at: number, count = NUMBER_DIGITS): number => Number(head.slice(at, at + count));
  const first = number(PROGRAM_AT);
  if (!head.startsWith(SLOT_MAGIC) || !(first <= head.length)) return undefined;
  const lines = head.slice(INDEX_AT, first).split("\n").slice(1).map((line) => line.split(" "));
  const modules = lines.map(([name, offset, bytes]) => ({ name, offset: Number(offset), bytes: Number(bytes) }));
  return {
    family: head.slice(FAMILY_AT, FAMILY_AT + FAMILY_BYTES).trim(), bytes: number(LENGTH_AT), crc: number(CRC_AT, CRC_DIGITS),
    parts: [{ name: PROGRAM_PART, offset: first, bytes: number(PROGRAM_LENGTH_AT) }, ...modules],
  };
}

/** The parts of a whole slot by name. @throws Error when its CRC does not hold */
export function slotParts(slot: string): Record<string, string> {
  const index = slotIndex(slot);
  if (index === undefined || index.bytes !== slot.length || crc32(Buffer.from(slot.slice(COVERED_AT), "latin1")) !== index.crc) throw new Error("this is no whole slot");
  return Object.fromEntries(index.parts.map(({ name, offset, bytes }) => [name, slot.slice(offset, offset + bytes)]));
}
