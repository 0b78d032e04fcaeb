/*
 * Recovers the counters of a board that has lost them: boot, row, session.
 *
 * Input: the high-water marks in a signed answer, the highest numbers that the endpoint has (docs/PROTOCOL.md). Output:
 * wall, ring and connector continue above them. Invariants: a counter only rises; only the endpoint's signature for a
 * request of this boot brings a mark here, so no other party can make a board jump.
 *
 * Power cuts: the session's number is in flash before the others change, and the row that keeps the sequence is
 * written last. So at each cut the next contact finds boot or sequence too low again, and the recovery is repeated.
 */
import { readU32, u32 } from "../base/bytes";
import { KIND_CLOCK } from "../protocol";
import { factRow } from "../session/row";
import { addLogLine } from "../session/log";
import { appendRecord } from "../store/ring";
import type { Ring } from "../store/ring_page";
import { KEY_BOOT } from "../store/keys";
import { putValue } from "../store/key_value_store";
import type { KeyValueStore } from "../store/key_value_store";
import type { Instant } from "../../hal/ports";
import type { Wall } from "../base/wall_clock";
import type { Connector } from "../session/connector";
import type { Uploader } from "./uploader_state";
import { SEQUENCE_MAX } from "../limits";

/** The part of the device whose counters these are. */
export interface RecoveryDevice {
  now: Instant;
  keyValues: KeyValueStore;
  ring: Ring;
  wall: Wall;
  connector: Connector;
  uploader: Uploader;
}

/** Lets the endpoint date the moments that were recorded under this boot number. */
function appendClockFact(device: RecoveryDevice): void {
  const wall = device.wall;
  const ring = device.ring;
  if (wall.offsetS === 0) return;
  if (appendRecord(ring, factRow(KIND_CLOCK, ring.nextSequence, wall.boot, device.now.s, wall.offsetS + device.now.s)) === "stored") wall.factOffsetS = wall.offsetS;
}

/** Adopts the marks of the latest answer; over two ticks, because the connector stores the session's number. @part health */
export function adoptHighWaterMarks(device: RecoveryDevice): void {
  const uploader = device.uploader;
  const last = uploader.highWaterMarks;
  const ring = device.ring;
  const wall = device.wall;
  const connector = device.connector;
  const session = connector.session;
  const boot = readU32(last, 0);
  const sequence = readU32(last, 4);
  const number = readU32(last, 8);
  const isBehind = ring.nextSequence <= sequence;
  const possible = boot < SEQUENCE_MAX && sequence < SEQUENCE_MAX && number < SEQUENCE_MAX;
  // A session that runs while the rows' numbers are in order has its number in a row already.
  if (possible && session.number < (session.active && isBehind ? number + 1 : number) && (isBehind || !session.active)) {
    session.number = session.active ? number + 1 : number;
    connector.dirty = true;
  }
  if (connector.dirty && connector.nowS >= connector.stateNotBeforeS) return;
  uploader.highWaterMarks = "";
  const isBootBehind = uploader.isBootBehind;
  uploader.isBootBehind = false;
  if (!possible) return;
  if (isBehind) {
    ring.nextSequence = sequence + 1;
    // Sequences are counted within a page: the higher ones begin with a page of their own.
    ring.headOffset = ring.flash.pageBytes;
  }
  if (boot >= wall.boot && isBootBehind) {
    appendClockFact(device);
    wall.boot = boot + 1;
    putValue(device.keyValues, KEY_BOOT, u32(wall.boot));
  }
  // This row also keeps the new sequence over a restart.
  appendClockFact(device);
  addLogLine(connector, "counters restored from the endpoint: boot " + wall.boot + ", row " + ring.nextSequence + ", session " + session.number);
}
