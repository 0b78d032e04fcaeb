/*
 * The record of the latest update: which offer, how far, why it ended.
 *
 * Input: the key-value store. Output: the record, and the words that a status tells of it. Invariant: the record is in
 * flash before the step that it tells of, so that after a cut the next start knows what was meant (docs/UPDATE.md).
 */
import type { Bytes, HttpRequest, ProgramSlots } from "../../hal/ports";
import { readU32, u32, u8 } from "../base/bytes";
import { UPDATE_WORDS_MAX } from "../limits";
import { KEY_NEXT_TRUST, KEY_TRUST, KEY_UPDATE } from "../store/keys";
import { getValue, putValue } from "../store/key_value_store";
import type { KeyValueStore } from "../store/key_value_store";
import type { Download } from "../sync/download";
import type * as DocumentModule from "./document";
import type { Install } from "./install_record";
import type * as SlotModule from "./slot";
import type * as VerifyModule from "./verify";

const FORMAT = 1;
const HEAD_BYTES = 12;
/** Their places in this list are their codes in flash. */
const STATES = ["none", "trial", "confirmed", "returned", "refused"];

export interface UpdateRecord {
  /** One of STATES. "returned": it was tried; "refused": it was not. */
  state: string;
  offer: number;
  /** Slot and number of the release, "a" and 0 while they are not known. */
  letter: string;
  release: number;
  /** On trial: the version before had no contact with the endpoint either. */
  isAway: boolean;
  /** On trial: the fault words of the version before; later: the reason of the end. */
  words: Bytes;
}

export type UpdateWorker = typeof DocumentModule | typeof VerifyModule | typeof SlotModule;

/** An update under way. */
export interface Update {
  download: Download;
  install: Install;
  slots: ProgramSlots;
  offer: number;
  /** The module in memory that works on it, and its name; undefined and "" while none is needed. */
  worker: unknown;
  workerIs: string;
  /** Signed, and not sent yet. */
  request: HttpRequest | undefined;
  /** An exchange has ended, and is not judged yet. Bytes of all that the latest answer is a part of. */
  hasCome: boolean;
  wholeBytes: number;
}

/** The part of an update that the device keeps in memory. */
export interface UpdateProgress {
  settledOffer: number;
}


/** The record in flash; one of state "none" when there is none, or one of another format. */
export function storedUpdate(keyValues: KeyValueStore): UpdateRecord {
  const value = getValue(keyValues, KEY_UPDATE);
  if (value === undefined || value.length < HEAD_BYTES || value.charCodeAt(0) !== FORMAT || value.charCodeAt(1) >= STATES.length) {
    return { state: "none", offer: 0, letter: "a", release: 0, isAway: false, words: "" };
  }
  return {
    state: STATES[value.charCodeAt(1)]!, offer: readU32(value, 2), letter: value.charAt(6), release: readU32(value, 7), isAway: value.charCodeAt(11) === 1,
    words: value.substring(HEAD_BYTES),
  };
}

/** Puts the record into flash. */
export function storeUpdate(keyValues: KeyValueStore, record: UpdateRecord): "stored" | "fault" {
  const head = u8(FORMAT) + u8(STATES.indexOf(record.state)) + u32(record.offer) + record.letter + u32(record.release) + u8(record.isAway ? 1 : 0);
  return putValue(keyValues, KEY_UPDATE, head + record.words.substring(0, UPDATE_WORDS_MAX));
}

/** Offer, state and reason, as a status tells them; "" before the first update. */
export function updateWords(record: UpdateRecord): Bytes {
  if (record.state === "none") return "";
  const reason = record.state === "returned" || record.state === "refused" ? " " + record.words : "";
  return record.offer + " " + record.state + reason;
}

/** The release stays: the keys that it names are in force from here on. For the next start, too, when a cut came between. */
export function completeUpdate(keyValues: KeyValueStore, record: UpdateRecord): "stored" | "fault" {
  const next = getValue(keyValues, KEY_NEXT_TRUST);
  if (next !== undefined && next !== "") {
    if (putValue(keyValues, KEY_TRUST, next) !== "stored" || putValue(keyValues, KEY_NEXT_TRUST, "") !== "stored") return "fault";
  }
  record.state = "confirmed";
  record.words = "";
  return storeUpdate(keyValues, record);
}
