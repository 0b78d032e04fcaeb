/*
 * The record of an update that is being written.
 *
 * Input: none. Output: the types that install.ts and document.ts work on. Invariant: `reason` is "" until the state is
 * "refused"; what is wanted is "nothing" while a step can be taken without an answer.
 */
import type { Bytes, Ports } from "../../hal/ports";
import type { LmsCheck } from "./lms";
import type { Manifest, UpdateTarget } from "./manifest";
import type { Instructions } from "./pieces";
import type { Staging } from "./staging";

/** Where the slots lie. Addresses are of flash, of the first page. */
export interface SlotMap {
  running: number;
  runningBytes: number;
  other: number;
  /** Whole pages of the slot that does not run. */
  otherBytes: number;
}

/** The next request to the endpoint: part of the document from byte `from`, or pieces from `from` on. */
export interface Wanted {
  what: "document" | "pieces" | "nothing";
  from: number;
}

export interface Install {
  ports: Ports;
  slots: SlotMap;
  target: UpdateTarget;
  offer: number;
  /** Public keys, one behind the other. */
  keys: Bytes;
  staging: Staging;
  state: "head" | "verify" | "clear" | "table" | "survey" | "pieces" | "done" | "refused";
  /** Why there is no slot; "" otherwise. */
  reason: string;
  wanted: Wanted;
  /** Lengths, manifest and signature, while they are not in flash. */
  head: Bytes;
  documentBytes: number;
  manifest: Manifest | undefined;
  check: LmsCheck | undefined;
  /** Which key is tried; page that is cleared; bytes of the document in flash. */
  key: number;
  cleared: number;
  staged: number;
  /** The document was in flash already. */
  isStaged: boolean;
  /** Pieces in all, and of these the one that is looked at: the first is the last. */
  pieces: number;
  piece: number;
  written: number;
  instructions: Instructions;
  misses: number;
}
