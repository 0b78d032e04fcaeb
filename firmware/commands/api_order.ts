/*
 * A command of the endpoint is taken up.
 *
 * Input: the command that the uploader offers. Output: the command is served from now on. Invariant: a command
 * of the endpoint runs once, because its id is stored before its first step.
 */
import { u32 } from "../base/bytes";
import { STATE_UPLINK } from "../store/keys";
import { writeState } from "../store/key_value_store";
import type { State } from "../store/key_value_store";
import { commandTaken } from "../uplink/uploader_state";
import type { Uploader } from "../uplink/uploader_state";
import type { Api } from "./api";

/** Takes the command that is offered; when its id cannot be stored it stays offered. @part order */
export function takeOrder(api: Api, uploader: Uploader, state: State): void {
  const id = uploader.commandId;
  // Before this write a cut runs the command later; after it the command counts as run, and a result
  // that never comes tells the endpoint that it was cut.
  if (writeState(state, STATE_UPLINK, u32(id)) !== "stored") return;
  api.endpointId = id;
  api.call.text = uploader.commandText;
  api.serves = "endpoint";
  commandTaken(uploader);
}
