/*
 * What is wrong with a device, looked at now and then.
 *
 * Input: counters and faults that all parts keep. Output: the status that the next upload tells, a Log line
 * for each change of it, the floor of the sequence numbers, and rows about gaps. Invariant: a look takes a handful of flash
 * operations at most, and nothing here stands in the way of a row.
 */
import { addLogLine } from "./session/log";
import { readU32, u32 } from "./base/bytes";
import type { Device } from "./device";
import { KIND_GAP } from "./protocol";
import { factRow } from "./session/row";
import { appendRecord } from "./store/ring";
import { createCursor } from "./store/ring_page";
import { firstPending, readPending, recordSequence } from "./store/ring_pending";
import { adoptHighWaterMarks } from "./uplink/counter_recovery";
import { KEY_REPORTED_LOSS, KEY_SEQUENCE_FLOOR } from "./store/keys";
import { getValue, putValue } from "./store/key_value_store";

/** The stored floor lies this far ahead, and is renewed when less than half of it is left. */
const FLOOR_ROWS = 2048;
/** That half; written out, because doubling the distance instead could pass 2^31. */
const FLOOR_LEFT = 1024;

/** The words of everything that is wrong now, separated by a space, each without spaces. */
export function faultWords(device: Device): string {
  const contacts = device.contacts;
  const meters = device.meters;
  let words = contacts.absent;
  if (device.connector.faults > 0) words += " stateFlash";
  if (device.ring.faults > 0) words += " ringFlash";
  if (meters.faults > 0) words += " meterFlash";
  if (device.lostEdges > device.reportedLostEdges) words += " edgesLost:" + (device.lostEdges - device.reportedLostEdges);
  for (let index = 0; index < contacts.pins.length; index++) {
    if (contacts.debounces[index].fault !== "") words += " pin" + contacts.pins[index] + ":" + contacts.debounces[index].fault;
  }
  for (let index = 0; index < meters.pins.length; index++) {
    if (meters.pins[index] < 0) words += " meter" + (index + 1) + ":absent";
    else if (meters.filters[index].fault !== "") words += " meter" + (index + 1) + ":" + meters.filters[index].fault;
  }
  for (let index = 0; index < device.readers.length; index++) {
    const reader = device.readers[index];
    if (reader.fault !== "") words += " reader" + (index + 1) + ":" + reader.fault;
    const lost = device.ports.serial.overflows(reader.port);
    if (lost > 0) words += " uart" + reader.port + "Lost:" + lost;
  }
  if (device.sync.refusedRevision >= 0) words += " configuration" + device.sync.refusedRevision + "Refused";
  return words === "" ? "" : words.substring(1);
}

/** Where sequences would go on should all pages of the ring be unreadable one day. */
function keepFloor(device: Device): void {
  const stored = getValue(device.keyValues, KEY_SEQUENCE_FLOOR);
  const floor = stored === undefined ? 0 : readU32(stored, 0);
  if (floor - device.ring.nextSequence >= FLOOR_LEFT) return;
  // Before this write a destroyed ring would begin at the old floor, which no row has reached either.
  putValue(device.keyValues, KEY_SEQUENCE_FLOOR, u32(device.ring.nextSequence + FLOOR_ROWS));
}

/** Rows that `dropOldest` has given up are told by a row of their own: [6, sequence, first, last, count]. */
function reportGap(device: Device): void {
  const ring = device.ring;
  const stored = getValue(device.keyValues, KEY_REPORTED_LOSS);
  const told = stored === undefined ? 0 : readU32(stored, 0);
  if (!ring.dropOldest || ring.lost <= told) return;
  const cursor = createCursor();
  const oldest = firstPending(ring, cursor) ? readPending(ring, cursor) : undefined;
  const last = (oldest === undefined ? ring.nextSequence : recordSequence(oldest)) - 1;
  const count = ring.lost - told;
  if (last < count) return;
  if (appendRecord(ring, factRow(KIND_GAP, ring.nextSequence, last - count + 1, last, count)) !== "stored") return;
  // Before this write a cut tells the same gap twice, with the same numbers; after it once.
  putValue(device.keyValues, KEY_REPORTED_LOSS, u32(told + count));
  addLogLine(device.connector, "told the endpoint that " + count + " rows were given up for newer ones");
}

/** One look. @part health */
export function checkHealth(device: Device): void {
  const ring = device.ring;
  const status = device.uploader.status;
  const words = faultWords(device);
  if (words !== status.faults) {
    addLogLine(device.connector, words === "" ? "all faults are gone" : "faults: " + words);
    status.faults = words;
  }
  device.reportedLostEdges = device.lostEdges;
  status.lost = ring.lost;
  const used = ring.head < 0 || ring.pending === 0 ? 0 : ring.head - ring.tail + 1;
  status.ringFill = Math.floor((used * 1000) / ring.pages);
  adoptHighWaterMarks(device);
  keepFloor(device);
  reportGap(device);
}
