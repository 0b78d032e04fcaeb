/*
 * A new version proves itself, or gives way to the one before.
 *
 * Input: the running device, twice a minute, while its slot is on trial. Output: the slot confirmed, or given up with
 * the reason in flash, and a restart. A module of its own, loaded for each look. Invariants: confirmed is only what has
 * read its store and its configuration, has no fault that the version before had not, leaves memory free, has run
 * TRIAL_S, and was heard by the endpoint since its start (or the version before was not heard either); what hangs or
 * crashes uses up its attempts without any of this.
 */
import type { Bytes, Instant, Ports, ProgramSlots, SlotsPort } from "../../hal/ports";
import { readU32, u32 } from "../base/bytes";
import { findText } from "../base/find";
import { TRIAL_MEMORY_FREE_MIN, TRIAL_S, TRIAL_S_MAX } from "../limits";
import type { Connector } from "../session/connector";
import { addLogLine } from "../session/log";
import { KEY_BOOT } from "../store/keys";
import { getValue, openKeyValueStore } from "../store/key_value_store";
import type { KeyValueStore } from "../store/key_value_store";
import { openLayout } from "../store/layout";
import type { DeviceBoard } from "../store/layout";
import { createCursor } from "../store/ring_page";
import type { Ring } from "../store/ring_page";
import { firstPending, readPending } from "../store/ring_pending";
import type { Uploader } from "../uplink/uploader_state";
import { confirm, giveUp } from "./marks";
import { completeUpdate, storedUpdate, storeUpdate, updateWords } from "./update_record";
import type { UpdateProgress, UpdateRecord } from "./update_record";

/** The part of the device that a trial looks at. */
export interface TrialDevice {
  ports: Ports;
  now: Instant;
  keyValues: KeyValueStore;
  ring: Ring;
  connector: Connector;
  uploader: Uploader;
  sync: UpdateProgress;
}

function slotsOf(ports: Ports): ProgramSlots | undefined {
  const module = ports.system.load("slots") as SlotsPort | undefined;
  return module === undefined ? undefined : module.findSlots();
}

/** A fault word of now that the version before did not have, without its number; "" for none. */
function newFault(words: Bytes, before: Bytes): Bytes {
  const known = " " + before + " ";
  let rest = words;
  while (rest !== "") {
    const blank = findText(rest, " ");
    const word = blank < 0 ? rest : rest.substring(0, blank);
    rest = blank < 0 ? "" : rest.substring(blank + 1);
    const colon = findText(word, ":");
    const name = colon < 0 ? word : word.substring(0, colon);
    if (findText(known, " " + name + " ") < 0 && findText(known, " " + name + ":") < 0) return name;
  }
  return "";
}

/** Why this version must not stay, a word; "" while nothing speaks against it. */
function objection(device: TrialDevice, record: UpdateRecord, faults: Bytes): Bytes {
  const boot = getValue(device.keyValues, KEY_BOOT);
  if (boot === undefined || boot !== u32(device.uploader.wall.boot)) return "store";
  const cursor = createCursor();
  if (firstPending(device.ring, cursor) && readPending(device.ring, cursor) === undefined) return "store";
  if (device.ports.system.memoryFree() < TRIAL_MEMORY_FREE_MIN) return "memory";
  const fault = newFault(faults, record.words);
  return fault === "" ? "" : "fault:" + fault;
}

/** Back to the version before, which then tells why. */
function giveBack(ports: Ports, keyValues: KeyValueStore, slots: ProgramSlots, record: UpdateRecord, reason: Bytes): void {
  record.state = "returned";
  record.words = reason;
  // Cut before the attempts are used up: this version starts again, finds that it returns, and goes on here.
  if (storeUpdate(keyValues, record) !== "stored") ports.system.log("fault: the end of the update cannot be stored");
  giveUp(ports.flash, slots.confirmAt);
  ports.system.restart("release " + record.release + " gives way: " + reason);
}

/** One look; `faults`: the fault words of now. */
export function trialStep(device: TrialDevice, faults: Bytes): void {
  const ports = device.ports;
  const slots = slotsOf(ports);
  const record = storedUpdate(device.keyValues);
  if (slots === undefined || slots.confirmAt < 0) {
    device.sync.settledOffer = record.offer;
    return;
  }
  const isHeard = device.uploader.contactS >= 0 || record.isAway;
  let reason = record.state === "returned" ? record.words : objection(device, record, faults);
  if (reason === "" && !isHeard && device.now.s >= TRIAL_S_MAX) reason = "noContact";
  if (reason !== "") {
    giveBack(ports, device.keyValues, slots, record, reason);
    return;
  }
  if (device.now.s < TRIAL_S || !isHeard) return;
  // Cut before or within: the next start is an attempt more, and its trial begins anew. Behind: it completes the rest.
  confirm(ports.flash, slots.confirmAt);
  if (readU32(ports.flash.read(slots.confirmAt, 4), 0) !== 0) return;
  (ports.system.load("slots") as SlotsPort).slotConfirmed();
  device.sync.settledOffer = record.offer;
  if (completeUpdate(device.keyValues, record) !== "stored") addLogLine(device.connector, "fault: the end of the update cannot be stored");
  device.uploader.status.update = updateWords(record);
  // A status is due as after a start.
  device.uploader.contactS = -1;
  addLogLine(device.connector, "release " + record.release + " confirmed");
}

/** A version that finds no configuration: true when it came by an update and gives way; the version before reads what is there. */
export function giveBackUnconfigured(ports: Ports, board: DeviceBoard): boolean {
  const slots = slotsOf(ports);
  const layout = openLayout(board.areas, ports.flash.pageBytes);
  if (slots === undefined || slots.confirmAt < 0 || layout === undefined) return false;
  const keyValues = openKeyValueStore(ports.flash, ports.crypto, layout.keyValues);
  const record = storedUpdate(keyValues);
  if (record.letter !== slots.letter || (record.state !== "trial" && record.state !== "returned")) return false;
  giveBack(ports, keyValues, slots, record, "configuration");
  return true;
}
