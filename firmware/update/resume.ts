/*
 * The start after an update: confirmed, returned, or taken up again.
 *
 * Input: the record in flash, the slot that runs, the mark in force. Output: the record as it has come out, the words for
 * the status, whether the running slot is on trial. Invariant: an update ends once: confirmed, or returned with a
 * reason, or never switched, and then its offer is taken up again.
 */
import type { Ports, ProgramSlots, SlotsPort } from "../../hal/ports";
import type { KeyValueStore } from "../store/key_value_store";
import type { Status } from "../uplink/status";
import { ON_TRIAL } from "../sync/sync";
import { letterInForce } from "./marks";
import { completeUpdate, storedUpdate, storeUpdate, updateWords } from "./update_record";
import type { UpdateProgress, UpdateRecord } from "./update_record";

/** The old version runs although another one was to be tried. */
function comeBack(ports: Ports, keyValues: KeyValueStore, slots: ProgramSlots, record: UpdateRecord): void {
  const wasTried = letterInForce(ports.flash, slots.markPage) === record.letter;
  record.state = wasTried ? "returned" : "none";
  record.words = "crashed";
  if (storeUpdate(keyValues, record) !== "stored") ports.system.log("fault: the end of the update cannot be stored");
  if (wasTried) ports.system.log("release " + record.release + " did not start well, the version before runs again");
}

export function resumeUpdate(ports: Ports, keyValues: KeyValueStore, status: Status, progress: UpdateProgress): void {
  const module = ports.system.load("slots") as SlotsPort | undefined;
  const slots = module === undefined ? undefined : module.findSlots();
  const record = storedUpdate(keyValues);
  let isOnTrial = false;
  if (slots !== undefined) {
    const runs = slots.letter === record.letter;
    if (record.state === "trial" && !runs) comeBack(ports, keyValues, slots, record);
    else if (runs && (record.state === "trial" || record.state === "returned")) {
      isOnTrial = slots.confirmAt >= 0;
      // Cut between the confirmation and this record.
      if (record.state === "trial" && slots.confirmAt < 0 && completeUpdate(keyValues, record) !== "stored") ports.system.log("fault: the end of the update cannot be stored");
    }
  }
  if (record.state === "none") return;
  status.update = updateWords(record);
  progress.settledOffer = isOnTrial ? ON_TRIAL : record.offer;
}
