/*
 * Commands to the block: which call is served, and its chain, one command a tick.
 *
 * Input: calls of the board's own API, and the remote command that the endpoint offers. Output: the answer to the
 * caller, or a result for the next status. Invariants: one chain runs at a time and never waits inside a tick; a call
 * without the device's token does nothing; a remote command runs once, because its id is stored before its first
 * step; the parser is loaded for each command, so a waiting chain holds only its text.
 */
import type { Call, Instant, Ports } from "../../hal/ports";
import type * as CommandCheck from "./check";
import type * as CommandRun from "./run";
import type { Chain } from "./commands";
import type { Connector } from "../session/connector";
import { utf8Cut, u32 } from "../base/bytes";
import { noteResult } from "../uplink/status";
import { KEY_LAST_COMMAND_ID } from "../store/keys";
import { putValue } from "../store/key_value_store";
import type { KeyValueStore } from "../store/key_value_store";
import { commandTaken } from "../uplink/uploader_state";
import type { Uploader } from "../uplink/uploader_state";
import { elapsedMs } from "../base/monotonic";
import { RESULT_TEXT_BYTES_MAX } from "../limits";


export interface Api {
  call: Call;
  /** "idle", "asked" while `call` waits for its token to be checked; otherwise the source of the chain that runs. */
  serves: "idle" | "asked" | "call" | "endpoint";
  /** undefined until the first command of the one who is served. */
  chain: Chain | undefined;
  endpointId: number;
}

export function createApi(ports: Ports, port: number): Api {
  if (ports.calls.open(port) !== "ok") ports.system.log("fault: no API on port " + port + "; choose another api.port, commands from the endpoint still arrive");
  return { call: { id: 0, origin: "http", token: "", text: "" }, serves: "idle", chain: undefined, endpointId: 0 };
}

/** Takes the call that waits at the port while nothing is served. */
export function pollApiCall(api: Api, ports: Ports): void {
  if (api.serves === "idle" && ports.calls.take(api.call)) api.serves = "asked";
}

/** Whether there is nothing to serve in this tick: no call, no command that is due, no remote command with room for its result. */
export function isApiIdle(api: Api, uploader: Uploader, nowMs: number): boolean {
  const chain = api.chain;
  if (chain !== undefined) return elapsedMs(chain.waitFromMs, nowMs) < chain.waitMs;
  // The endpoint waits for the result, so a remote command waits until there is room for it.
  return api.serves === "idle" && (uploader.commandId <= 0 || uploader.status.results !== "");
}

/**
 * Checks the chain of the one who is served, `api.call.text`, and at every later tick does its next command, and
 * answers behind the last; before connectorStep of the same tick.
 * @part command
 */
export function apiTick(api: Api, ports: Ports, connector: Connector, uploader: Uploader, now: Instant): void {
  let chain = api.chain;
  let isMissing = false;
  if (chain === undefined) {
    const check = ports.system.load("commands_check") as typeof CommandCheck | undefined;
    isMissing = check === undefined;
    if (check !== undefined) chain = api.chain = check.createChain(connector, api.call.text);
    if (chain !== undefined && chain.status === 200) return;
  } else {
    const run = ports.system.load("commands_run") as typeof CommandRun | undefined;
    isMissing = run === undefined;
    if (run !== undefined && !run.chainStep(chain, connector, now.ms)) return;
  }
  const status = isMissing || chain === undefined ? 500 : chain.status;
  const answer = isMissing || chain === undefined ? "error: a module of the commands is missing; deploy the board again" : chain.answer;
  if (api.serves === "call") ports.calls.answer(api.call.id, status, answer);
  else noteResult(uploader.status, api.endpointId, status, utf8Cut(answer, RESULT_TEXT_BYTES_MAX));
  api.serves = "idle";
  api.chain = undefined;
}

/** Compares without saying by its time how much was right. */
function sameToken(given: string, token: string): boolean {
  let differences = given.length === token.length ? 0 : 1;
  for (let index = 0; index < token.length; index++) {
    if (given.charAt(index) !== token.charAt(index)) differences++;
  }
  return differences === 0;
}

/** `token` is api.token of the configuration, "" when calls are not wanted. @part call */
export function authorizeCall(api: Api, ports: Ports, token: string): void {
  if (token !== "" && sameToken(api.call.token, token)) {
    api.serves = "call";
    return;
  }
  ports.calls.answer(api.call.id, 401, "error: wrong token; send api.token of the configuration");
  api.serves = "idle";
}

/** Takes the command that is offered; when its id cannot be stored it stays offered. @part state */
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
