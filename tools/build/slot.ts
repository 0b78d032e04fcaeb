/*
 * A program and its modules as one slot, and back: docs/STORAGE.md section 9.
 *
 * Input: texts of a build, bytes as characters. Output: the bytes of a slot; of a slot, its parts. Invariant: the
 * same texts give the same bytes, in the order of the modules' names; equal modules share their bytes.
 */
import { crc32 } from "node:zlib";
import {
  BOARD_AT, BOARD_BYTES, COVERED_AT, CRC_AT, FAMILY_AT, FAMILY_BYTES, INDEX_AT, LENGTH_AT, LONG_DIGITS, NUMBER_DIGITS, PLACE_ADDRESS_AT, PLACE_BYTES_AT, PLACE_HEAD_BYTES, PLACE_MAGIC,
  PLACE_SLOT_AT, PLACE_WORD_BYTES, PROGRAM_AT, PROGRAM_LENGTH_AT, RELEASE_AT, SLOT_MAGIC, VERSION_AT, VERSION_BYTES,
} from "../../hal/espruino/slot_format";

/** The program's name among the parts; no module may have it. */
export const PROGRAM_PART = "";
/** Behind a module's name among the files of a build: with the functions of all parts, for boards with room for them. */
export const WHOLE = "_whole";

export interface SlotPart {
  name: string;
  offset: number;
  bytes: number;
}

/** Which release a slot is of. */
export interface SlotRelease {
  /** As the interpreter names its build, without what follows "_". */
  family: string;
  /** Name of the board, as boards/ has it. */
  board: string;
  /** Semantic version. */
  version: string;
  /** Number of the release, 0 for a build that is none. */
  number: number;
}

export interface SlotIndex extends SlotRelease {
  bytes: number;
  crc: number;
  /** The program first. */
  parts: SlotPart[];
}

function digits(value: number, count = NUMBER_DIGITS): string {
  return String(value).padStart(count, "0");
}

/** A text of a slot's head, blanks behind. @throws Error when it does not fit */
function field(text: string, bytes: number): string {
  if (text.length > bytes || text.includes(" ")) throw new Error(`"${text}" does not fit into the head of a slot`);
  return text.padEnd(bytes);
}

/** One slot. @throws Error for names that the index cannot tell apart, and for a release that its head has no room for */
export function slotOf(release: SlotRelease, program: string, modules: Record<string, string>): string {
  const names = Object.keys(modules).sort();
  const wrong = names.find((name) => !/^[a-z0-9_]{2,24}$/.test(name));
  if (wrong !== undefined) throw new Error(`a module of a slot cannot be called "${wrong}": 2 to 24 small letters, digits, _`);
  const entryBytes = 3 + 2 * NUMBER_DIGITS;
  const first = INDEX_AT + names.reduce((sum, name) => sum + name.length + entryBytes, 0);
  let offset = first + program.length;
  let index = "";
  let bodies = "";
  // A reader that speaks another one's protocol has the same driver: what is equal lies there once.
  const known = new Map<string, number>();
  for (const name of names) {
    const body = modules[name]!;
    const at = known.get(body) ?? offset;
    index += `\n${name} ${digits(at)} ${digits(body.length)}`;
    if (known.has(body)) continue;
    known.set(body, offset);
    bodies += body;
    offset += body.length;
  }
  const covered = digits(offset) + field(release.family, FAMILY_BYTES) + digits(first) + digits(program.length) + digits(release.number) + field(release.version, VERSION_BYTES) +
    field(release.board, BOARD_BYTES) + index + program + bodies;
  return SLOT_MAGIC + digits(crc32(Buffer.from(covered, "latin1")), LONG_DIGITS) + covered;
}

/** Reads the first bytes of a slot, its index among them; undefined when they are no slot's. */
export function slotIndex(head: string): SlotIndex | undefined {
  const number = (at: number, count = NUMBER_DIGITS): number => Number(head.slice(at, at + count));
  const first = number(PROGRAM_AT);
  if (!head.startsWith(SLOT_MAGIC) || !(first <= head.length)) return undefined;
  const lines = head.slice(INDEX_AT, first).split("\n").slice(1).map((line) => line.split(" "));
  const modules = lines.map(([name = "", offset, bytes]) => ({ name, offset: Number(offset), bytes: Number(bytes) }));
  const text = (at: number, count: number): string => head.slice(at, at + count).trim();
  return {
    family: text(FAMILY_AT, FAMILY_BYTES), board: text(BOARD_AT, BOARD_BYTES), version: text(VERSION_AT, VERSION_BYTES), number: number(RELEASE_AT),
    bytes: number(LENGTH_AT), crc: number(CRC_AT, LONG_DIGITS),
    parts: [{ name: PROGRAM_PART, offset: first, bytes: number(PROGRAM_LENGTH_AT) }, ...modules],
  };
}

/** The parts of a whole slot by name. @throws Error when its CRC does not hold */
export function slotParts(slot: string): Record<string, string> {
  const index = slotIndex(slot);
  if (index === undefined || index.bytes !== slot.length || crc32(Buffer.from(slot.slice(COVERED_AT), "latin1")) !== index.crc) throw new Error("this is not a whole slot");
  return Object.fromEntries(index.parts.map(({ name, offset, bytes }) => [name, slot.slice(offset, offset + bytes)]));
}

/** Where a slot lies in its file, and in flash. */
export interface SlotPlace {
  /** Offset of the slot in the file: a multiple of PLACE_WORD_BYTES. */
  at: number;
  /** Bytes of whole pages from there; 0 where a page is shared with another file. */
  bytes: number;
  /** Flash address of the first page, 0 with no bytes. */
  address: number;
}

/** A place that is rewritten as a whole file. */
export const FIXED_PLACE: SlotPlace = { at: PLACE_HEAD_BYTES, bytes: 0, address: 0 };

/** The place in a file of `fileBytes` whose content begins at flash address `contentAddress`. */
export function placeAt(contentAddress: number, fileBytes: number, pageBytes: number): SlotPlace {
  const address = Math.ceil((contentAddress + PLACE_HEAD_BYTES) / pageBytes) * pageBytes;
  const at = address - contentAddress;
  const bytes = Math.floor((fileBytes - at) / pageBytes) * pageBytes;
  return bytes > 0 && at % PLACE_WORD_BYTES === 0 ? { at, bytes, address } : FIXED_PLACE;
}

/** The first bytes of a slot's file. */
export function placeHead(place: SlotPlace): string {
  return (PLACE_MAGIC + digits(place.at) + digits(place.bytes) + digits(place.address, LONG_DIGITS)).padEnd(PLACE_HEAD_BYTES);
}

/** The place that a file's first bytes name; undefined when they name none. */
export function placeOf(head: string): SlotPlace | undefined {
  const number = (at: number, count = NUMBER_DIGITS): number => Number(head.slice(at, at + count));
  const place = { at: number(PLACE_SLOT_AT), bytes: number(PLACE_BYTES_AT), address: number(PLACE_ADDRESS_AT, LONG_DIGITS) };
  return head.length >= PLACE_HEAD_BYTES && head === placeHead(place) ? place : undefined;
}

/** A whole file of Storage with a slot in it. */
export function placedSlot(slot: string, place = FIXED_PLACE): string {
  return placeHead(place).padEnd(place.at, "\xff") + slot;
}
