/*
 * The two ends of an update: an offer is taken up, and a whole slot is put into force on trial, or the offer refused.
 *
 * Input: the offer of the latest answer, or a record at its end. Output: a new record; a mark and a restart, or the reason
 * in flash and in the status. A module of its own, loaded for these moments. Invariant: the switch is one mark, made
 * only while no session is active, no row waits for Td and no chain of commands runs.
 */
import type { Instant, Ports, SlotsPort } from "../../hal/ports";
import type { Api } from "../commands/api";
import { addLogLine } from "../session/log";
import type { Connector } from "../session/connector";
import { WRITE_NONE } from "../session/session_record";
import { KEY_NEXT_TRUST, KEY_TRUST } from "../store/keys";
import { getValue, putValue } from "../store/key_value_store";
import type { KeyValueStore } from "../store/key_value_store";
import type { DeviceBoard } from "../store/layout";
import { createDownload } from "../sync/download";
import type { Uploader } from "../uplink/uploader_state";
import { beginInstall } from "./install";
import type { Manifest } from "./manifest";
import { putInForce } from "./marks";
import { storeUpdate, updateWords } from "./update_record";
import type { Update, UpdateProgress } from "./update_record";

/** The part of the device that an update needs. */
export interface UpdateDevice {
  ports: Ports;
  board: DeviceBoard;
  now: Instant;
  keyValues: KeyValueStore;
  connector: Connector;
  api: Api;
  uploader: Uploader;
  sync: UpdateProgress;
}

/** The offer has come to its end: kept, told at once, and not tried again. */
export function refuseOffer(device: UpdateDevice, offer: number, release: number, reason: string): void {
  const record = { state: "refused", offer: offer, letter: "a", release: release, isAway: false, words: reason };
  // Cut before: the offer is judged once more, and refused again.
  if (storeUpdate(device.keyValues, record) !== "stored") addLogLine(device.connector, "fault: the end of the update cannot be stored");
  device.sync.settledOffer = offer;
  device.uploader.status.update = updateWords(record);
  // A status is due as after a start.
  device.uploader.contactS = -1;
  addLogLine(device.connector, "update " + offer + " refused: " + reason);
}

/** Takes up the offer of the latest answer; undefined when it came to its end at once. */
export function takeOffer(device: UpdateDevice): Update | undefined {
  const ports = device.ports;
  const offer = device.uploader.firmwareOffer;
  const module = ports.system.load("slots") as SlotsPort | undefined;
  const slots = module === undefined ? undefined : module.findSlots();
  if (slots === undefined || slots.otherBytes === 0) {
    refuseOffer(device, offer, 0, "noSlot");
    return undefined;
  }
  const keys = getValue(device.keyValues, KEY_TRUST);
  const target = { board: device.board.name, family: slots.family, interpreter: slots.interpreter, release: slots.release, placeBytes: slots.otherBytes };
  const install = beginInstall(ports, slots, target, offer, keys === undefined ? "" : keys);
  return { download: createDownload("firmware", 0), install: install, slots: slots, offer: offer, worker: undefined, workerIs: "", request: undefined, hasCome: false, wholeBytes: 0 };
}

/** Refused, or whole: the end of the fetching. A whole slot is on trial with the next start. "working" while something else must end first. */
export function endUpdate(update: Update, device: UpdateDevice): "working" | "over" {
  if (update.install.state === "refused") {
    refuseOffer(device, update.offer, update.install.release, update.install.reason);
    return "over";
  }
  const uploader = device.uploader;
  const session = device.connector.session;
  if (session.active || session.write !== WRITE_NONE || device.api.serves !== "idle" || uploader.state !== "idle") return "working";
  const manifest = update.install.manifest as Manifest;
  const letter = update.slots.letter === "a" ? "b" : "a";
  const isAway = uploader.failures > 0 || device.ports.link.state() !== "up";
  const record = { state: "trial", offer: update.offer, letter: letter, release: manifest.release, isAway: isAway, words: uploader.status.faults };
  // Cut before the mark: the old version runs, finds that its own mark is in force, and takes the offer up again.
  if (putValue(device.keyValues, KEY_NEXT_TRUST, manifest.keys) !== "stored" || storeUpdate(device.keyValues, record) !== "stored" ||
    putInForce(device.ports.flash, update.slots.markPage, letter) !== "marked") {
    refuseOffer(device, update.offer, manifest.release, "flash");
    return "over";
  }
  // From here on the new version runs, as each start from now on.
  device.sync.settledOffer = update.offer;
  device.ports.system.restart("update to release " + manifest.release);
  return "over";
}
