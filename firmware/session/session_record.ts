/*
 * The session's record, and its form in flash.
 *
 * Input: the connector's own state. Output: at most SESSION_BYTES_MAX bytes for store/key_value_store, and back.
 * Invariant: what is encoded is all that a row of this session can hold apart from custom inputs; decoding
 * bytes of any content never throws, and gives either the encoded record or nothing.
 *
 * Layout, format 2: six bytes (format, flags: 1 active, 2 paused, 4 user by command; write, reason, contact, document), WORDS numbers of 4 bytes
 * big-endian in the order of the code below, then uid and lastUid, each with a length byte. Registers are
 * kept plus one, so that "unknown" (-1) is 0. Format 1 has no sixth byte and WORDS_1 of the numbers, without what was metered (no
 * register was corrected during its session, so that is the difference of its registers) and without its document.
 */
import type { Bytes } from "../../hal/ports";
import { readU32, u32, u8 } from "../base/bytes";
import type { Moment } from "./row";
import type { Cost } from "./tariff";

const FORMAT = 2;
const WORDS = 25;
const WORDS_1 = 21;
const HEAD = 6;
const HEAD_1 = 5;

/** Seconds of a session between two checkpoints in flash, which bound what a power cut leaves unknown of its duration. */
export const CHECKPOINT_S = 300;

/** Values of `write`, the row that is being stored. */
export const WRITE_NONE = 0;
export const WRITE_START = 1;
export const WRITE_END = 2;
export const WRITE_LOSS = 3;

/** Why rows were lost, as docs/PROTOCOL.md numbers it. */
export const LOST_FULL = 1;
export const LOST_FAULT = 2;

/** In place of a reason: the contact opened, which ends the session only if it stays open for `pauseS`. Never stored. */
export const REASON_PAUSE = 6;
/** Why a session ended; REASON_NAMES are the words of the row. */
export const REASON_END = 1;
export const REASON_SUPERSEDED = 2;
export const REASON_TAP = 3;
export const REASON_INTERRUPTED = 4;
export const REASON_COMMAND = 5;
export const REASON_NAMES = ["", "end", "superseded", "tap", "interrupted", "command"];

/** @packed */
export interface Session {
  /** Output Sa. */
  active: boolean;
  /** The contact has opened; end, duration, energy and cost are those of that moment until it closes again. */
  paused: boolean;
  /** Number of the open or latest session, 0 before the first. Never reused. */
  number: number;
  /** One of WRITE_*: a row that is still to be written. */
  write: number;
  /** One of REASON_*, 0 while the session runs. */
  reason: number;
  /** Level contact as last handled: 0 off, 1 on, 2 never seen. */
  contact: number;
  start: Moment;
  /** While the session runs its last checkpoint, afterwards its end. */
  end: Moment;
  /** Monotonic duration at `end`. */
  durationS: number;
  /** The latest pair of wall time and duration that was certain; 0 while the clock was never known. */
  knownEpochS: number;
  knownDurationS: number;
  /** Registers in Wh, -1 unknown. */
  startWh: number;
  endWh: number;
  /** Energy metered for the session up to the bound meter's total `meteredWh`; -1 unknown. */
  energyWh: number;
  meteredWh: number;
  /** The meter that `meteredWh` is of, 0 the first; -1 none or, of format 1, not noted. */
  meter: number;
  cost: Cost;
  /** Sequence number that the row being written will have in the ring; 0: not yet decided. */
  sequence: number;
  /**
   * Rows that the ring refused and that no KIND_LOSS row has reported yet; when the first was (UTC seconds, or
   * seconds of uptime while the time was unknown), and why the latest: LOST_FULL or LOST_FAULT.
   */
  lost: number;
  lostAtS: number;
  lostReason: number;
  uid: Bytes;
  lastUid: Bytes;
}

function createMoment(): Moment {
  return { epochS: 0, boot: 0, uptimeS: 0 };
}

/** No session yet. */
export function createSession(): Session {
  return {
    active: false, paused: false, number: 0, write: WRITE_NONE, reason: 0, contact: 2, start: createMoment(), end: createMoment(), durationS: 0,
    knownEpochS: 0, knownDurationS: 0, startWh: -1, endWh: -1, energyWh: -1, meteredWh: -1, meter: -1,
    cost: { minor: 0, restMicro: 0, feeRest: 0, pricedWh: -1, feeS: 0, priceMilli: -1 },
    sequence: 0, lost: 0, lostAtS: 0, lostReason: 0, uid: "", lastUid: "",
  };
}

/** The record as bytes. `document`: last byte of the generation of the document whose table the session has; `byCommand`: pin Uid has the session's user by a command, and keeps it. */
export function encodeSession(session: Session, document: number, byCommand: boolean): Bytes {
  const cost = session.cost;
  return u8(FORMAT) + u8((session.active ? 1 : 0) + (session.paused ? 2 : 0) + (byCommand ? 4 : 0)) + u8(session.write) + u8(session.reason) + u8(session.contact) + u8(document) +
    u32(session.number) + u32(session.start.epochS) + u32(session.start.boot) + u32(session.start.uptimeS) +
    u32(session.end.epochS) + u32(session.end.boot) + u32(session.end.uptimeS) + u32(session.durationS) +
    u32(session.knownEpochS) + u32(session.knownDurationS) + u32(session.startWh + 1) + u32(session.endWh + 1) +
    u32(cost.minor) + u32(cost.restMicro) + u32(cost.feeRest) + u32(cost.pricedWh + 1) + u32(cost.feeS) +
    u32(session.sequence) + u32(session.lost) + u32(session.lostAtS) + u32(session.lostReason) +
    u32(session.energyWh + 1) + u32(session.meteredWh + 1) + u32(session.meter + 1) + u32(cost.priceMilli + 2) +
    u8(session.uid.length) + session.uid + u8(session.lastUid.length) + session.lastUid;
}

/** Last byte of the generation of the document that a record's session or waiting row needs; -1 for none, and for what is no record of this format. */
export function generationIn(bytes: Bytes | undefined): number {
  if (bytes === undefined || bytes.charCodeAt(0) !== FORMAT) return -1;
  const write = bytes.charCodeAt(2);
  const isNeeded = bytes.charCodeAt(1) % 2 === 1 || write === WRITE_START || write === WRITE_END;
  return isNeeded ? bytes.charCodeAt(HEAD - 1) : -1;
}

/** Whether pin Uid had its value by a command when the record was made. */
export function isUidByCommand(bytes: Bytes): boolean {
  return bytes.charCodeAt(1) >= 4;
}

/** Fills `session` from bytes; false, and nothing changed, when they are not a record of a format known here. */
export function decodeSession(session: Session, bytes: Bytes): boolean {
  const format = bytes.charCodeAt(0);
  const count = format === FORMAT ? WORDS : WORDS_1;
  const head = format === FORMAT ? HEAD : HEAD_1;
  const texts = head + count * 4;
  if (bytes.length < texts + 2 || (format !== FORMAT && format !== 1)) return false;
  const uidEnd = texts + 1 + bytes.charCodeAt(texts);
  if (uidEnd >= bytes.length || uidEnd + 1 + bytes.charCodeAt(uidEnd) !== bytes.length) return false;
  const flags = bytes.charCodeAt(1);
  if (flags > (format === FORMAT ? 7 : 1) || bytes.charCodeAt(2) > WRITE_LOSS || bytes.charCodeAt(3) > REASON_COMMAND || bytes.charCodeAt(4) > 2) return false;
  const words: number[] = [];
  for (let index = 0; index < count; index++) {
    const word = readU32(bytes, head + index * 4);
    if (word < 0) return false;
    words.push(word);
  }
  session.active = flags % 2 === 1;
  session.paused = session.active && Math.floor(flags / 2) % 2 === 1;
  session.write = bytes.charCodeAt(2);
  session.reason = bytes.charCodeAt(3);
  session.contact = bytes.charCodeAt(4);
  session.number = words[0]!;
  session.start = { epochS: words[1]!, boot: words[2]!, uptimeS: words[3]! };
  session.end = { epochS: words[4]!, boot: words[5]!, uptimeS: words[6]! };
  session.durationS = words[7]!;
  session.knownEpochS = words[8]!;
  session.knownDurationS = words[9]!;
  session.startWh = words[10]! - 1;
  session.endWh = words[11]! - 1;
  session.cost = { minor: words[12]!, restMicro: words[13]!, feeRest: words[14]!, pricedWh: words[15]! - 1, feeS: words[16]!, priceMilli: -1 };
  session.sequence = words[17]!;
  session.lost = words[18]!;
  session.lostAtS = words[19]!;
  session.lostReason = words[20]!;
  session.meter = -1;
  if (format === FORMAT) {
    session.energyWh = words[21]! - 1;
    session.meteredWh = words[22]! - 1;
    session.meter = words[23]! - 1;
    session.cost.priceMilli = words[24]! - 2;
  } else if (session.active) {
    session.energyWh = session.startWh < 0 ? -1 : 0;
    session.meteredWh = session.startWh;
  } else {
    session.energyWh = session.startWh < 0 || session.endWh < session.startWh ? -1 : session.endWh - session.startWh;
    session.meteredWh = session.endWh;
  }
  session.uid = bytes.substring(texts + 1, uidEnd);
  session.lastUid = bytes.substring(uidEnd + 1);
  return true;
}
