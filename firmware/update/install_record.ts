/*
 * The record of an update that is being written, and what ends it.
 *
 * Input: none. Output: the types that document.ts, verify.ts and slot.ts work on. Invariant: `reason` is "" until the state is
 * "refused"; what is wanted is "nothing" while a step can be taken without an answer.
 */
import type { Bytes, Ports } from "../../hal/ports";
import { UPDATE_MISSES_MAX } from "../limits";
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
  state: "head" | "verify" | "verified" | "clear" | "table" | "survey" | "pieces" | "done" | "refused";
  /** Why there is no slot; "" otherwise. */
  reason: string;
  wanted: Wanted;
  /** The latest answer, and where in it the part begins that was wanted: a copy would take as much memory again. */
  answer: Bytes;
  answerFrom: number;
  /** Lengths and manifest, while they are not in flash; the signature as far as it came before its check began. */
  head: Bytes;
  signature: Bytes;
  documentBytes: number;
  headBytes: number;
  signatureBytes: number;
  /** Of the release, 0 before its manifest was read. */
  release: number;
  manifest: Manifest | undefined;
  check: LmsCheck | undefined;
  /** Which key is tried; page that is cleared. */
  key: number;
  cleared: number;
  /** Pieces in all, and of these the one that is looked at: the first is the last. The page that was made ready for its pieces, -1 for none. */
  pieces: number;
  piece: number;
  page: number;
  written: number;
  instructions: Instructions;
  misses: number;
}

/** The module that an update is worked on by in this state; one of them at a time is in memory. */
export function workerName(install: Install): "update_document" | "update_verify" | "update_slot" {
  if (install.state === "head" || install.state === "verified") return "update_document";
  return install.state === "verify" ? "update_verify" : "update_slot";
}

/** It is over. */
export function refuse(install: Install, reason: string): void {
  install.state = "refused";
  install.reason = reason;
  install.wanted.what = "nothing";
  install.head = "";
  install.signature = "";
  install.check = undefined;
  install.instructions.text = "";
  install.instructions.piece = "";
}

/** An answer, or a step without memory, was of no use: asked for again, a few times. */
export function miss(install: Install, reason: string): void {
  install.misses++;
  if (install.misses >= UPDATE_MISSES_MAX) refuse(install, reason);
}
