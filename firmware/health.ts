/*
 * The faults of a device, and the regular upkeep of its ring.
 *
 * Input: counters and faults that all parts keep. Output: the status of the next upload and a Log line for each change
 * of it; the floor of the sequence numbers; rows about gaps. Invariant: one run takes a handful of flash operations at
 * most, and never blocks a row.
 */
import type { Instant, Ports } from "../hal/ports";
import { readU32, u32 } from "./base/bytes";
import type { CardReader } from "./inputs/cards";
import type { Contacts } from "./inputs/contacts";
import type { Meters } from "./inputs/meters";
import { SEQUENCE_FLOOR_LEFT_MIN, SEQUENCE_FLOOR_ROWS } from "./limits";
import { KIND_GAP } from "./protocol";
import type { Connector } from "./session/connector";
import { addLogLine } from "./session/log";
import { factRow } from "./session/row";
import { KEY_REPORTED_LOSS, KEY_SEQUENCE_FLOOR } from "./store/keys";
import { getValue, putValue } from "./store/key_value_store";
import type { KeyValueStore } from "./store/key_value_store";
import { appendRecord } from "./store/ring";
import { neededPages, selectEndpoint } from "./store/ring_endpoints";
import { createCursor } from "./store/ring_page";
import type { Ring } from "./store/ring_page";
import { firstPending, readPending, recordSequence } from "./store/ring_pending";
import type { Wall } from "./base/wall_clock";
import type { Sync } from "./sync/sync";
import type * as Trial from "./update/trial";
import { ON_TRIAL } from "./sync/sync";
import type { Uploader } from "./uplink/uploader_state";

/** Failures in a row after which an endpoint behind the first is a fault: about 20 s without one. */
const ENDPOINT_FAILURES = 3;

/** The part of the device that its health is made of. */
export interface HealthDevice {
  ports: Ports;
  keyValues: KeyValueStore;
  ring: Ring;
  connector: Connector;
  contacts: Contacts;
  meters: Meters;
  readers: CardReader[];
  uploader: Uploader;
  sync: Sync;
  wall: Wall;
  now: Instant;
  lostEdges: number;
  reportedLostEdges: number;
}

/** The present faults as words, separated by a space, each without spaces; "" for none. */
export function faultWords(device: HealthDevice): string {
  const contacts = device.contacts;
  const meters = device.meters;
  let words = contacts.absent;
  if (device.connector.faults > 0) words += " stateFlash";
  if (device.ring.faults > 0) words += " ringFlash";
  if (meters.faults > 0) words += " meterFlash";
  if (device.wall.rivalS !== 0) words += " clock:contradicted";
  if (device.lostEdges > device.reportedLostEdges) words += " edgesLost:" + (device.lostEdges - device.reportedLostEdges);
  for (let index = 0; index < contacts.pins.length; index++) {
    if (contacts.debounces[index]!.fault !== "") words += " pin" + contacts.pins[index] + ":" + contacts.debounces[index]!.fault;
  }
  for (let index = 0; index < meters.pins.length; index++) {
    if (meters.pins[index]! < 0) words += " meter" + (index + 1) + ":absent";
    else if (meters.filters[index]!.fault !== "") words += " meter" + (index + 1) + ":" + meters.filters[index]!.fault;
  }
  for (let index = 0; index < device.readers.length; index++) {
    const reader = device.readers[index]!;
    if (reader.fault !== "") words += " reader" + (index + 1) + ":" + reader.fault;
    const lost = device.ports.serial.overflows(reader.port);
    if (lost > 0) words += " uart" + reader.port + "Lost:" + lost;
  }
  for (let index = 0; index < device.uploader.others.length; index++) {
    const endpoint = device.uploader.others[index]!;
    if (endpoint.endpoint > 0 && endpoint.failures >= ENDPOINT_FAILURES) words += " endpoint" + (endpoint.endpoint + 1) + ":" + endpoint.uploadError;
  }
  if (device.sync.refusedRevision >= 0) words += " configuration" + device.sync.refusedRevision + "Refused";
  return words === "" ? "" : words.substring(1);
}

/** Brings the status up to date: faults, lost rows, fill of the ring. */
function updateStatus(device: HealthDevice): void {
  const ring = device.ring;
  const status = device.uploader.status;
  const words = faultWords(device);
  if (words !== status.faults) {
    addLogLine(device.connector, words === "" ? "no faults" : "faults: " + words);
    status.faults = words;
  }
  device.reportedLostEdges = device.lostEdges;
  status.lost = ring.lost;
  status.ringFill = Math.floor((neededPages(ring) * 1000) / ring.pages);
}

/** Stores a sequence that no row has reached, where the ring begins should all its pages be unreadable one day. */
function renewSequenceFloor(device: HealthDevice): void {
  const stored = getValue(device.keyValues, KEY_SEQUENCE_FLOOR);
  const floor = stored === undefined ? 0 : readU32(stored, 0);
  if (floor - device.ring.nextSequence >= SEQUENCE_FLOOR_LEFT_MIN) return;
  // Before this write a destroyed ring would begin at the old floor, which no row has reached either.
  putValue(device.keyValues, KEY_SEQUENCE_FLOOR, u32(device.ring.nextSequence + SEQUENCE_FLOOR_ROWS));
}

/** Sequence of the oldest row that waits for any endpoint; that of the next row when none does. */
function oldestSequence(ring: Ring): number {
  const selected = ring.endpoint;
  let oldest = ring.nextSequence;
  for (let endpoint = 0; endpoint < ring.endpoints; endpoint++) {
    const cursor = createCursor();
    selectEndpoint(ring, endpoint);
    const payload = firstPending(ring, cursor) ? readPending(ring, cursor) : undefined;
    if (payload !== undefined && recordSequence(payload) < oldest) oldest = recordSequence(payload);
  }
  selectEndpoint(ring, selected);
  return oldest;
}

/** Reports the rows that `dropOldest` has dropped by a row of their own: [6, sequence, first, last, count]. */
function reportGap(device: HealthDevice): void {
  const ring = device.ring;
  const stored = getValue(device.keyValues, KEY_REPORTED_LOSS);
  const reported = stored === undefined ? 0 : readU32(stored, 0);
  if (!ring.dropOldest || ring.lost <= reported) return;
  const last = oldestSequence(ring) - 1;
  const count = ring.lost - reported;
  if (last < count) return;
  if (appendRecord(ring, factRow(KIND_GAP, ring.nextSequence, last - count + 1, last, count)) !== "stored") return;
  // Before this write a cut reports the same gap twice, with the same numbers; after it once.
  putValue(device.keyValues, KEY_REPORTED_LOSS, u32(reported + count));
  addLogLine(device.connector, "reported " + count + (count === 1 ? " dropped row" : " dropped rows"));
}

/** The regular upkeep, twice a minute. @part health */
export function runUpkeep(device: HealthDevice): void {
  if (device.sync.settledOffer === ON_TRIAL) {
    const trial = device.ports.system.load("trial") as typeof Trial | undefined;
    if (trial !== undefined) trial.trialStep(device, faultWords(device));
  }
  updateStatus(device);
  renewSequenceFloor(device);
  reportGap(device);
}
