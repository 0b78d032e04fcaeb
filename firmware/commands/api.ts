/*
 * Commands to the block: the chain that runs, a command at a time.
 *
 * Input: the chain's text, of a call (api_call.ts) or of the endpoint (api_order.ts). Output: the answer to
 * who asked, or a result for the next status. Invariants: one chain runs at a time and never waits inside
 * a tick; what reads the commands is fetched for each of them, so that a chain that waits holds nothing but its text.
 */
import type { Call, Instant, Ports } from "../../hal/ports";
import type * as CommandCheck from "./check";
import type * as CommandRun from "./run";
import type { Chain } from "./commands";
import type { Connector } from "../session/connector";
import { utf8Cut } from "../base/bytes";
import { noteResult } from "../uplink/status";
import type { Uploader } from "../uplink/uploader";

/** Of an answer, this much fits a status besides everything else. */
const RESULT_TEXT_BYTES_MAX = 400;

export interface Api {
  call: Call;
  /** "idle", "asked" once `call` holds a call that nobody has looked at, or who waits for the chain that runs. */
  serves: "idle" | "asked" | "call" | "endpoint";
  /** undefined until the first command of the one who is served. */
  chain: Chain | undefined;
  endpointId: number;
}

export function createApi(ports: Ports, port: number): Api {
  if (ports.calls.open(port) !== "ok") ports.system.log("fault: no API on port " + port + "; choose another api.port, commands of the endpoint still come");
  return { call: { id: 0, origin: "http", token: "", text: "" }, serves: "idle", chain: undefined, endpointId: 0 };
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
