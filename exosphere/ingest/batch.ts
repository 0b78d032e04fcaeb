/*
 * The body of an upload: a CBOR sequence (RFC 8742) taken apart into its records.
 *
 * Input: any bytes. Output: status and records, each with its own bytes, or a sentence that says what is
 * unreadable. Invariants: never throws, never recurses on the input's nesting before it is known to be
 * shallow, uses memory in proportion to the input; a record of a wrong shape that still tells its sequence
 * is kept apart, so that it can be refused alone.
 */
import { decode, type DecodeOptions, Tokenizer } from "cborg";
import {
  KIND_CLOCK, KIND_END, KIND_EVENT, KIND_GAP, KIND_LOSS, KIND_START, KIND_STATUS, TAG_EPOCH, TAG_UPTIME,
} from "../../firmware/protocol";

export const RECORDS_MAX = 1024;
/** A row is array, map, tag, array: anything deeper is nonsense. */
const DEPTH_MAX = 8;
const NUMBER_MAX = 2 ** 31 - 1;

export class EpochCell { constructor(readonly epochS: number) {} }
export class UndatedCell { constructor(readonly boot: number, readonly uptimeS: number) {} }
export type Cell = number | bigint | string | boolean | null | Uint8Array | EpochCell | UndatedCell;

interface RecordHead { sequence: number; bytes: Uint8Array }
export interface SessionRecord extends RecordHead { kind: "start" | "end" | "event"; table: number; session: number; cells: Map<number, Cell> }
export interface FactRecord extends RecordHead { kind: "loss" | "clock" | "gap"; numbers: [number, number, number] }
export interface WrongRecord extends RecordHead { kind: "wrong"; reason: string }
export type BatchRecord = SessionRecord | FactRecord | WrongRecord;
export interface Batch { status: Map<unknown, unknown> | undefined; records: BatchRecord[] }

const OPTIONS: DecodeOptions = {
  retainStringBytes: true, strict: true, useMaps: true, rejectDuplicateMapKeys: true, allowIndefinite: false, allowUndefined: false, allowInfinity: false, allowNaN: false,
  tags: {
    [TAG_EPOCH]: (inner) => {
      const value = inner();
      if (!isWhole(value)) throw new Error("tag 1 holds UTC seconds");
      return new EpochCell(value);
    },
    [TAG_UPTIME]: (inner) => {
      const value = inner();
      if (!Array.isArray(value) || value.length !== 2 || !isWhole(value[0]) || !isWhole(value[1])) throw new Error("tag 40100 holds boot and uptime");
      return new UndatedCell(value[0], value[1]);
    },
  },
};

/** Gives each text back as it was sent: the decoder takes U+FEFF at a text's beginning for a byte order mark and drops it. */
class RowTokenizer extends Tokenizer {
  override next(): ReturnType<Tokenizer["next"]> {
    const token = super.next();
    const [first, second, third] = token.byteValue ?? [];
    if (first === 0xef && second === 0xbb && third === 0xbf) token.value = `\ufeff${String(token.value)}`;
    return token;
  }
}

function isWhole(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= NUMBER_MAX;
}

/** Argument and length of the head at `at`; undefined when cut, reserved or indefinite. */
function headAt(bytes: Uint8Array, at: number): { major: number; argument: number; next: number } | undefined {
  const head = bytes[at];
  if (head === undefined) return undefined;
  const major = head >> 5;
  const low = head & 31;
  if (low < 24) return { major, argument: low, next: at + 1 };
  if (low > 27) return undefined;
  const size = 2 ** (low - 24);
  if (at + 1 + size > bytes.length) return undefined;
  let argument = 0;
  for (const byte of bytes.subarray(at + 1, at + 1 + size)) argument = argument * 256 + byte;
  return { major, argument, next: at + 1 + size };
}

/** End of the item that begins at `start`; -1 when it is cut, too deep or of indefinite length. */
function itemEnd(bytes: Uint8Array, start: number): number {
  // Items still to come at each level; a level ends when its count is used up.
  const open = [1];
  let at = start;
  while (open.length > 0) {
    const left = open.pop() ?? 0;
    if (left === 0) continue;
    open.push(left - 1);
    const head = headAt(bytes, at);
    if (head === undefined) return -1;
    at = head.next;
    if (head.major === 2 || head.major === 3) at += head.argument;
    const children = head.major === 4 ? head.argument : head.major === 5 ? head.argument * 2 : head.major === 6 ? 1 : 0;
    if (at > bytes.length || children > bytes.length - at) return -1;
    if (children > 0) open.push(children);
    if (open.length > DEPTH_MAX) return -1;
  }
  return at;
}

function shaped(item: unknown, bytes: Uint8Array, sequence: number): BatchRecord {
  const wrong = (reason: string): WrongRecord => ({ kind: "wrong", sequence, bytes, reason });
  if (!Array.isArray(item) || item.length !== 5) return wrong("record must have 5 elements");
  const kind = item[0] as unknown;
  if (kind === KIND_LOSS || kind === KIND_CLOCK || kind === KIND_GAP) {
    const numbers = [item[2], item[3], item[4]] as unknown[];
    if (!numbers.every(isWhole)) return wrong("record must hold whole numbers");
    return { kind: kind === KIND_LOSS ? "loss" : kind === KIND_CLOCK ? "clock" : "gap", sequence, bytes, numbers: numbers as [number, number, number] };
  }
  if (kind !== KIND_START && kind !== KIND_END && kind !== KIND_EVENT) return wrong("kind of record unknown");
  const cells = item[4] as unknown;
  if (!isWhole(item[2]) || !isWhole(item[3]) || !(cells instanceof Map)) return wrong("row must be table, session, cells");
  for (const [column, cell] of cells as Map<unknown, unknown>) {
    if (!isWhole(column) || column > 255) return wrong("column must be 0 to 255");
    const plain = cell === null || ["number", "bigint", "string", "boolean"].includes(typeof cell);
    if (!plain && !(cell instanceof Uint8Array) && !(cell instanceof EpochCell) && !(cell instanceof UndatedCell)) return wrong(`cell of column ${column} has no known type`);
    if (typeof cell === "number" && !Number.isSafeInteger(cell)) return wrong(`cell of column ${column} is a floating-point number`);
  }
  return {
    kind: kind === KIND_START ? "start" : kind === KIND_END ? "end" : "event",
    sequence, bytes, table: item[2], session: item[3], cells: cells as Map<number, Cell>,
  };
}

/** Sequence of a record that cannot be decoded: its first two elements, read by hand; 0 when they are not there. */
function sequenceOf(bytes: Uint8Array): number {
  const array = headAt(bytes, 0);
  const kind = array === undefined || array.major !== 4 ? undefined : headAt(bytes, array.next);
  const sequence = kind === undefined || kind.major !== 0 ? undefined : headAt(bytes, kind.next);
  return sequence === undefined || sequence.major !== 0 || !isWhole(sequence.argument) ? 0 : sequence.argument;
}

/** Takes a body apart; a string is the reason why nothing in it can be used. */
export function readBatch(body: Uint8Array): Batch | string {
  const batch: Batch = { status: undefined, records: [] };
  const seen = new Set<number>();
  for (let at = 0, index = 0; at < body.length; index++) {
    const end = itemEnd(body, at);
    if (end < 0) return `item ${index} at byte ${at} is not a complete CBOR item of definite length`;
    const bytes = body.subarray(at, end);
    at = end;
    let item: unknown;
    let failure = "";
    try {
      item = decode(bytes, { ...OPTIONS, tokenizer: new RowTokenizer(bytes, OPTIONS) });
    } catch (error) {
      // The decoder throws for every kind of bad content; the record is refused with its words.
      failure = (error as Error).message.replace(/^CBOR decode error:?\s*/, "");
    }
    if (Array.isArray(item) && item[0] === KIND_STATUS) {
      if (index !== 0 || item.length !== 2 || !(item[1] instanceof Map)) return `item ${index}: the status must be the first item and a map`;
      batch.status = item[1] as Map<unknown, unknown>;
      continue;
    }
    const sequence = sequenceOf(bytes);
    if (sequence === 0) return `item ${index} is not a record: [kind, sequence from 1, …]${failure === "" ? "" : `: ${failure}`}`;
    if (seen.has(sequence)) return `sequence ${sequence} is there twice`;
    if (seen.size === RECORDS_MAX) return `more than ${RECORDS_MAX} records`;
    seen.add(sequence);
    batch.records.push(failure === "" ? shaped(item, bytes, sequence) : { kind: "wrong", sequence, bytes, reason: failure });
  }
  return batch;
}
