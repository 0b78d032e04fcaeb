/*
 * Commands to the block: the chain that runs, a command at a time.
 *
 * Input: the chain's text, of a call (api_call.ts) or of the endpoint (api_order.ts). Output: the answer to
 * who asked, or a result for the next status. Invariants: one chain runs at a time and never waits inside
 * a tick; what reads the commands is fetched for each of them, so that a chain that waits holds nothing but its text.
 */
import type { Call, Instant, Ports } from "../../hal/ports";
import type * as Commands from "../block/commands";
import type { Connector } from "../block/connector";
import { utf8Cut } from "../bytes";
import { noteResult } from "../uplink/status";
import type { Uploader } from "../uplink/uploader";

/** Of an answer, this much fits a status besides everything else. */
const RESULT_TEXT_BYTES_MAX = 400;

export interface Api {
  call: Call;
  /** "idle", "asked" once `call` holds a call that nobody has looked at, or who waits for the chain that runs. */
  serves: "idle" | "asked" | "call" | "endpoint";
  /** undefined until the first command of the one who is served. */
  chain: Commands.Chain | undefined;
  endpointId: number;
}

export function createApi(ports: Ports, port: number): Api {
  if (ports.calls.open(port) !== "ok") ports.system.log("fault: no API on port " + port + "; choose another api.port, commands of the endpoint still come");
  return { call: { id: 0, origin: "http", token: "", text: "" }, serves: "idle", chain: undefined, endpointId: 0 };
}

/** Does the next command of the one who is served, `api.call.text` the chain, and answers behind the last; before connectorTick of the same tick. */
export function apiTick(api: Api, ports: Ports, connector: Connector, uploader: Uploader, now: Instant): void {
  const commands = ports.system.load("commands") as typeof Commands | undefined;
  let status = 500;
  let answer = "error: the commands module is missing; deploy the board again";
  if (commands !== undefined) {
    if (api.chain === undefined) api.chain = commands.createChain(connector, api.call.text);
    const chain = api.chain;
    if (chain.status === 200 && !commands.chainStep(chain, connector, now.ms)) return;
    status = chain.status;
    answer = chain.answer;
  }
  if (api.serves === "call") ports.calls.answer(api.call.id, status, answer);
  else noteResult(uploader.status, api.endpointId, status, utf8Cut(answer, RESULT_TEXT_BYTES_MAX));
  api.serves = "idle";
  api.chain = undefined;
}
