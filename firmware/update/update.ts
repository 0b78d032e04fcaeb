/*
 * An update from its offer to the switch: fetches document and pieces, and has them judged and written.
 *
 * Input: the offer of the latest answer, ticks while the uploader is idle. Output: what document.ts, slot.ts and
 * switch.ts make of it. A module of its own, loaded while there is something to do. Invariants: an upload goes before;
 * nothing of an answer is used unless the device's key signed it for this request; of the modules that work on an
 * update one at a time is in memory, and none while an answer is awaited.
 */
import { readU32 } from "../base/bytes";
import { UPDATE_ANSWER_BYTES_LARGE, UPDATE_ANSWER_BYTES_SMALL, UPDATE_ANSWER_BYTES_VERIFY, UPDATE_LARGE_MEMORY_FREE_MIN } from "../limits";
import { FRAME_BYTES, exchangeTick, missed } from "../sync/download";
import { workerName } from "./install_record";
import type * as SwitchModule from "./switch";
import type { UpdateDevice } from "./switch";
import type { Update, UpdateWorker } from "./update_record";

function loadSwitch(device: UpdateDevice): typeof SwitchModule | undefined {
  return device.ports.system.load("update_switch") as typeof SwitchModule | undefined;
}

/** Takes up the offer of the latest answer; undefined when it came to its end at once. */
export function beginUpdate(device: UpdateDevice): Update | undefined {
  const module = loadSwitch(device);
  return module === undefined ? undefined : module.takeOffer(device);
}

/** Lets go of the module at work. */
function drop(update: Update): void {
  update.worker = undefined;
  update.workerIs = "";
}

/** The module for the present state; the one before goes first, for there is not room for two. */
function workerOf(update: Update, device: UpdateDevice): UpdateWorker | undefined {
  const name = workerName(update.install);
  if (update.workerIs !== name) {
    drop(update);
    update.worker = (name === "update_document" ? device.ports.system.load("update_document") : device.ports.system.load("update_slot")) as UpdateWorker | undefined;
    update.workerIs = name;
  }
  return update.worker;
}

/** Refused, or whole: the end of the fetching. */
function endUpdate(update: Update, device: UpdateDevice): "working" | "over" | "later" {
  const install = update.install;
  drop(update);
  const module = loadSwitch(device);
  if (module === undefined) return "later";
  if (install.state === "done") return module.switchOver(update, device);
  module.refuseOffer(device, update.offer, install.release, install.reason);
  return "over";
}

/** One step. "over": switched, refused or withdrawn; "later": the endpoint was out of reach, what is written stays. */
export function updateTick(update: Update, device: UpdateDevice): "working" | "over" | "later" {
  const install = update.install;
  const download = update.download;
  const uploader = device.uploader;
  const wanted = install.wanted;
  if (install.state === "refused" || install.state === "done") return endUpdate(update, device);
  if (wanted.what === "nothing") {
    const worker = workerOf(update, device);
    if (worker === undefined) return "later";
    worker.installStep(install);
    return "working";
  }
  if (!download.asking) {
    if (uploader.firmwareOffer !== update.offer) return "over";
    // Rows first, unless the endpoint does not take them.
    if (uploader.ring.pending > 0 && uploader.failures === 0) return "working";
    drop(update);
    // Fewer requests where there is room for their answers.
    update.answerBytes = UPDATE_ANSWER_BYTES_LARGE;
    if (device.ports.system.memoryFree() < UPDATE_LARGE_MEMORY_FREE_MIN) update.answerBytes = install.state === "verify" ? UPDATE_ANSWER_BYTES_VERIFY : UPDATE_ANSWER_BYTES_SMALL;
  }
  const got = exchangeTick(download, uploader, device.now, "firmware/" + wanted.what + "?offer=" + update.offer + "&from=" + wanted.from + "&bytes=" + update.answerBytes);
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
  const bytes = readU32(body, 4);
  install.answer = body;
  install.answerFrom = FRAME_BYTES;
  const worker = workerOf(update, device);
  if (worker === undefined) return "later";
  worker.installAnswer(install, bytes);
  return "working";
}
