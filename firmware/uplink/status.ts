/*
 * A device's status in its uploads (docs/PROTOCOL.md §3, Status).
 *
 * Input: a record that the device keeps up to date. Output: the first item of a batch. Invariant: results
 * of commands stay in the record until an answer shows that they arrived.
 */
import type { Bytes } from "../../hal/ports";
import { CBOR_ARRAY, CBOR_MAP, cborHead, cborInteger, cborText } from "../base/cbor";
import { KIND_STATUS, SEAL_FORMAT } from "../protocol";
import { RESULT_BYTES_MAX } from "../limits";
import { VERSION } from "../version";


/** @packed */
export interface Status {
  board: Bytes;
  /** Words separated by a space, "" when nothing is wrong. */
  faults: Bytes;
  /** The card shown last that is not on the list of users, so that an administrator can assign it; "" for none. */
  unknownCard: Bytes;
  usersVersion: number;
  configurationRevision: number;
  /** Rows that the full ring refused, since the device was set up. */
  lost: number;
  ringFill: number;
  /** Results of commands that were not yet delivered: encoded items, one after the other, and their count. */
  results: Bytes;
  resultCount: number;
  /** Highest id of a command that was taken up; to be restored after a restart, so that none runs twice. */
  commandId: number;
  /** Offer, state and reason of the latest update; undefined before the first. */
  update: Bytes | undefined;
}

export function createStatus(board: Bytes): Status {
  return {
    board, faults: "", unknownCard: "", usersVersion: 0, configurationRevision: 0, lost: 0, ringFill: 0,
    results: "", resultCount: 0, commandId: 0, update: undefined,
  };
}

/** Adds the result of a command, `code` as in HTTP; false: there is no room before the next contact. */
export function noteResult(status: Status, id: number, code: number, text: Bytes): boolean {
  const item = cborHead(CBOR_ARRAY, 3) + cborInteger(id) + cborInteger(code) + cborText(text);
  if (status.results.length + item.length > RESULT_BYTES_MAX) return false;
  status.results += item;
  status.resultCount++;
  return true;
}

/**
 * The status item; `program`: release, CRC and interpreter of the slot that runs, "" where there is none. Numbers are whole, 0 … 2^31 - 1; `epochS` is 0 while the time is unknown; `isFirst`: for the first
 * endpoint, which alone sends users, configuration and commands and is told of them.
 */
export function statusItem(status: Status, program: Bytes, boot: number, uptimeS: number, epochS: number, memoryFree: number, pending: number, aside: number, isFirst: boolean): Bytes {
  let map = cborInteger(0) + cborInteger(boot) + cborInteger(1) + cborInteger(uptimeS) + cborInteger(2) + cborText(VERSION) +
    cborInteger(3) + cborInteger(memoryFree) + cborInteger(4) + cborInteger(pending) + cborInteger(5) + cborInteger(aside) +
    cborInteger(6) + cborInteger(status.lost) + cborInteger(7) + cborInteger(status.ringFill) + cborInteger(8) + cborInteger(epochS) +
    cborInteger(9) + cborText(status.faults) + cborInteger(10) + cborInteger(status.usersVersion) + cborInteger(11) + cborInteger(status.configurationRevision);
  let keys = 14;
  if (isFirst && status.resultCount > 0) {
    map += cborInteger(12) + cborHead(CBOR_ARRAY, status.resultCount) + status.results;
    keys++;
  }
  if (isFirst && status.commandId > 0) {
    map += cborInteger(15) + cborInteger(status.commandId);
    keys++;
  }
  if (status.unknownCard !== "") {
    map += cborInteger(14) + cborText(status.unknownCard);
    keys++;
  }
  if (program !== "") {
    map += cborInteger(17) + cborText(program);
    keys++;
  }
  if (status.update !== undefined) {
    map += cborInteger(18) + cborText(status.update);
    keys++;
  }
  return cborHead(CBOR_ARRAY, 2) + cborInteger(KIND_STATUS) + cborHead(CBOR_MAP, keys) + map + cborInteger(13) + cborText(status.board) + cborInteger(16) + cborInteger(SEAL_FORMAT);
}
