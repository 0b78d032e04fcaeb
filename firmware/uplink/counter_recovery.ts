/*
 * The numbers of a board that has forgotten them: boot, row, session.
 *
 * Input: what a signed answer told of the highest that the endpoint has (docs/PROTOCOL.md). Output: wall, ring
 * and connector go on above them. Invariants: a number only ever rises; only the endpoint's signature for a
 * request of this very boot brings one here, so nobody else can make a board jump.
 *
 * Power cuts: the session's number is in flash before the others change, and the row that keeps the sequence is
 * written last. So at each cut the next contact finds boot or sequence too low again, and all of it is done again.
 */
import { readU32, u32 } from "../base/bytes";
import type { Device } from "../device";
import { KIND_CLOCK } from "../protocol";
import { factRow } from "../session/row";
import { addLogLine } from "../session/log";
import { appendRecord } from "../store/ring";
import { SEQUENCE_MAX } from "../store/ring_page";
import { KEY_BOOT } from "../store/keys";
import { putValue } from "../store/key_value_store";

/** Dates, at the endpoint, the moments that were taken down under this boot number. */
function appendClockFact(device: Device): void {
  const wall = device.wall;
  const ring = device.ring;
  if (wall.offsetS === 0) return;
  if (appendRecord(ring, factRow(KIND_CLOCK, ring.nextSequence, wall.boot, device.now.s, wall.offsetS + device.now.s)) === "stored") wall.factOffsetS = wall.offsetS;
}

/** Takes over what the latest answer told, if it told anything; in two steps, because the session's number is stored by the connector. */
export function adoptHighWaterMarks(device: Device): void {
  const uploader = device.uploader;
  const last = uploader.highWaterMarks;
  if (last === "") return;
  const ring = device.ring;
  const wall = device.wall;
  const connector = device.connector;
  const session = connector.session;
  const boot = readU32(last, 0);
  const sequence = readU32(last, 4);
  const number = readU32(last, 8);
  const told = ring.nextSequence <= sequence;
  const possible = boot < SEQUENCE_MAX && sequence < SEQUENCE_MAX && number < SEQUENCE_MAX;
  // A session that runs while the rows' numbers are in order has its number in a row already.
  if (possible && session.number < (session.active && told ? number + 1 : number) && (told || !session.active)) {
    session.number = session.active ? number + 1 : number;
    connector.dirty = true;
  }
  if (connector.dirty && connector.nowS >= connector.stateNotBeforeS) return;
  uploader.highWaterMarks = "";
  if (!possible) return;
  if (told) {
    ring.nextSequence = sequence + 1;
    // Sequences are counted within a page: the higher ones begin with a page of their own.
    ring.headOffset = ring.flash.pageBytes;
  }
  if (boot >= wall.boot && uploader.uploadError === "countersBehind") {
    appendClockFact(device);
    wall.boot = boot + 1;
    putValue(device.keyValues, KEY_BOOT, u32(wall.boot));
  }
  // This row also keeps the new sequence over a restart.
  appendClockFact(device);
  addLogLine(connector, "numbers taken over from the endpoint: boot " + wall.boot + ", row " + ring.nextSequence + ", session " + session.number);
}
