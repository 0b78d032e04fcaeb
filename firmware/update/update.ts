/*
 * An update from its offer to the switch, a step a tick.
 *
 * Input: the update that sync.ts has begun, ticks. Output: what exchange.ts, document.ts, verify.ts, slot.ts and switch.ts make
 * of it. A module of its own, in memory while an update is under way. Invariants: of the modules that work on an update one at a
 * time is in memory; none is while an upload, a command or a session is under way, for there is not room for both.
 */
import type { SystemPort } from "../../hal/ports";
import { DOCUMENT_PAUSE_S } from "../limits";
import { canAsk, sendRequest } from "../sync/download";
import type { Download } from "../sync/download";
import { workerName } from "./install_record";
import type { UpdateDevice } from "./switch";
import type * as ExchangeModule from "./exchange";
import type * as SwitchModule from "./switch";
import type { Update, UpdateWorker } from "./update_record";

/** The part of the device that an update is a part of. */
export interface UpdatingDevice extends UpdateDevice {
  sync: UpdateDevice["sync"] & { work: { update: Update | undefined } | undefined; download: Download | undefined; notBeforeS: number };
}

/** The module of this name in `update.worker`, "" for none; the one before goes first. */
function load(update: Update, system: SystemPort, name: string): void {
  if (update.workerIs === name) return;
  update.worker = undefined;
  update.workerIs = name;
  if (name === "update_exchange") update.worker = system.load("update_exchange");
  else if (name === "update_document") update.worker = system.load("update_document");
  else if (name === "update_verify") update.worker = system.load("update_verify");
  else if (name === "update_slot") update.worker = system.load("update_slot");
  else if (name === "update_switch") update.worker = system.load("update_switch");
}

/** Asks for what is wanted, or takes what has come, which the module for it works on at once. */
function exchange(update: Update, device: UpdatingDevice, isAsking: boolean): "working" | "over" | "later" {
  const install = update.install;
  const uploader = device.uploader;
  const system = device.ports.system;
  if (isAsking && !update.hasCome) {
    load(update, system, "");
    // Judged with the next tick, when what has fetched it is out of memory.
    update.hasCome = device.ports.http.poll(update.download.received) !== "waiting";
    return "working";
  }
  if (!isAsking && uploader.firmwareOffer !== update.offer) return "over";
  // Rows first, unless the endpoint does not take them.
  const isWaiting = !isAsking && (!canAsk(update.download, uploader, device.now) || (uploader.ring.pending > 0 && uploader.failures === 0));
  const request = update.request;
  update.request = undefined;
  if (isWaiting || request !== undefined) {
    load(update, system, "");
    // Signed with the tick before: what signs and what sends are not in memory together. The number of a request that waited is used up.
    if (!isWaiting && request !== undefined) sendRequest(update.download, uploader, request);
    return "working";
  }
  load(update, system, "update_exchange");
  if (update.worker === undefined) return "later";
  const got = (update.worker as typeof ExchangeModule).exchangeStep(update, device);
  if (install.answer === "") return got;
  load(update, system, workerName(install));
  if (update.worker === undefined) return "later";
  (update.worker as UpdateWorker).installAnswer(install, update.wholeBytes);
  return "working";
}

/** One step. "over": switched, refused or withdrawn; "later": the endpoint was out of reach, what is written stays. */
function step(update: Update, device: UpdatingDevice): "working" | "over" | "later" {
  const install = update.install;
  const system = device.ports.system;
  const isAsking = update.download.asking;
  if (!isAsking && (device.uploader.state !== "idle" || device.api.serves !== "idle")) {
    update.request = undefined;
    load(update, system, "");
    return "working";
  }
  if (isAsking || install.wanted.what !== "nothing") return exchange(update, device, isAsking);
  const isOver = install.state === "refused" || install.state === "done";
  load(update, system, isOver ? "update_switch" : workerName(install));
  if (update.worker === undefined) return "later";
  if (isOver) return (update.worker as typeof SwitchModule).endUpdate(update, device);
  (update.worker as UpdateWorker).installStep(install);
  return "working";
}

/** One step of the update under way, which waits for the end of a session: what is written stays, and is found again. */
export function updateTick(device: UpdatingDevice): void {
  const sync = device.sync;
  const update = sync.work === undefined ? undefined : sync.work.update;
  let got: "working" | "over" | "later" = "over";
  if (update !== undefined && (update.download.asking || !device.connector.session.active)) got = step(update, device);
  if (got === "working") return;
  sync.work = undefined;
  sync.download = undefined;
  sync.notBeforeS = got === "later" ? device.now.s + DOCUMENT_PAUSE_S : 0;
}
