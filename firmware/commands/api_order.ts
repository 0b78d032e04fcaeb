/*
 * A command of the endpoint is taken up.
 *
 * Input: the command that the uploader offers. Output: the command is served from now on. Invariant: a command
 * of the endpoint runs once, because its id is stored before its first step.
 */
import { u32 } from "../base/bytes";
import { KEY_LAST_COMMAND_ID } from "../store/keys";
import { putValue } from "../store/key_value_store";
import type { KeyValueStore } from "../store/key_value_store";
import { commandTaken } from "../uplink/uploader_state";
import type { Uploader } from "../uplink/uploader_state";
import type { Api } from "./api";

/** Takes the command that is offered; when its id cannot be stored it stays offered. @part order */
export function acceptRemoteCommand(api: Api, uploader: Uploader, keyValues: KeyValueStore): void {
  const id = uploader.commandId;
  // Before this write a cut runs the command later; after it the command counts as run, and a result
  // that never comes tells the endpoint that it was cut.
  if (putValue(keyValues, KEY_LAST_COMMAND_ID, u32(id)) !== "stored") return;
  api.endpointId = id;
  api.call.text = uploader.commandText;
  api.serves = "endpoint";
  commandTaken(uploader);
}
