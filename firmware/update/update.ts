/*
 * An update from its offer to the switch: fetches document and pieces, writes the slot, puts it into force on trial.
 *
 * Input: the offer of the latest answer, ticks while the uploader is idle. Output: a slot on trial and a restart, or the
 * reason why not, in flash and in the status. A module of its own, loaded while there is something to do. Invariants: an
 * upload goes before; nothing of an answer is used unless the device's key signed it for this request; the switch is one
 * mark, made only while no session is active, no row waits for Td and no chain of commands runs.
 */
import type { Instant, Ports, SlotsPort } from "../../hal/ports";
import { readU32 } from "../base/bytes";
import type { Api } from "../commands/api";
import { addLogLine } from "../session/log";
import type { Connector } from "../session/connector";
import { WRITE_NONE } from "../session/session_record";
import { KEY_NEXT_TRUST, KEY_TRUST } from "../store/keys";
import { getValue, putValue } from "../store/key_value_store";
import type { KeyValueStore } from "../store/key_value_store";
import type { DeviceBoard } from "../store/layout";
import { FRAME_BYTES, createDownload, exchangeTick, missed } from "../sync/download";
import type { Uploader } from "../uplink/uploader_state";
import { beginInstall, installAnswer, installStep } from "./install";
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
function refuseOffer(device: UpdateDevice, offer: number, release: number, reason: string): void {
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
export function beginUpdate(device: UpdateDevice): Update | undefined {
  const ports = device.ports;
  const offer = device.uploader.firmwareOffer;
  const module = ports.system.load("slots") as SlotsPort | undefined;
  const slots = module === undefined ? undefined : module.findSlots();
  if (slots === undefined || slots.otherBytes === 0) {
    refuseOffer(device, offer, 0, "noSlot");
    return undefined;
  }
  const keys = getValue(device.keyValues, KEY_TRUST);
  const target = { board: device.board.name, family: slots.family, interpreter: slots.interpreter, release: slots.release, placeBytes: slots.otherBytes, pageBytes: ports.flash.pageBytes };
  return { download: createDownload("firmware", 0), install: beginInstall(ports, slots, target, offer, keys === undefined ? "" : keys), slots: slots, offer: offer };
}

/** The slot is whole: on trial with the next start. "working" while something else must end first. */
function switchOver(update: Update, device: UpdateDevice): "working" | "over" {
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

/** One step. "over": switched, refused or withdrawn; "later": the endpoint was out of reach, what is written stays. */
export function updateTick(update: Update, device: UpdateDevice): "working" | "over" | "later" {
  const install = update.install;
  const download = update.download;
  const uploader = device.uploader;
  if (install.state === "refused") {
    refuseOffer(device, update.offer, install.manifest === undefined ? 0 : install.manifest.release, install.reason);
    return "over";
  }
  if (install.state === "done") return switchOver(update, device);
  const wanted = install.wanted;
  if (wanted.what === "nothing") {
    installStep(install);
    return "working";
  }
  if (!download.asking) {
    if (uploader.firmwareOffer !== update.offer) return "over";
    // Rows first, unless the endpoint does not take them.
    if (uploader.ring.pending > 0 && uploader.failures === 0) return "working";
  }
  const place = wanted.what === "pieces" ? "firmware/pieces" : "firmware/document";
  const got = exchangeTick(download, uploader, device.now, place + "?offer=" + update.offer + "&from=" + wanted.from);
  if (got === "waiting") return "working";
  const body = download.received.body;
  download.received.body = "";
  if (got === "refused") {
    // Withdrawn. The next answer to an upload tells what is offered now.
    uploader.firmwareOffer = 0;
    return "over";
  }
  if (got === "other" || readU32(body, 0) !== update.offer || readU32(body, 8) !== wanted.from) return missed(download, uploader, device.now) === "failed" ? "later" : "working";
  download.failures = 0;
  installAnswer(install, readU32(body, 4), body.substring(FRAME_BYTES));
  return "working";
}
