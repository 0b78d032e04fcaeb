/*
 * Commands to the block: from the board's own HTTP and console, and from the endpoint.
 *
 * Input: calls of the calls port, and the command that the uploader offers. Output: answers, and results
 * for the next status. Invariant: one chain runs at a time and never waits inside a tick; a call without
 * the device's token does nothing; a command of the endpoint runs once, because its id is stored before
 * its first step.
 */
import type { Call, Instant, Ports } from "../../hal/ports";
import type * as Commands from "../block/commands";
import type { Connector } from "../block/connector";
import { u32, utf8Cut } from "../bytes";
import type { State } from "../store/state_page";
import { STATE_UPLINK } from "../store/state_kinds";
import { writeState } from "../store/state_page";
import { commandTaken } from "../uplink/uploader";
import type { Uploader } from "../uplink/uploader";
import { noteResult } from "../uplink/status";

/** Of an answer, this much fits a status besides everything else. */
const RESULT_TEXT_BYTES_MAX = 400;

export interface Api {
  call: Call;
  /** "idle", "asked" once `call` holds a call that nobody has looked at, or who waits for the chain that runs. */
  serves: "idle" | "asked" | "call" | "endpoint";
  module: typeof Commands | undefined;
  chain: Commands.Chain | undefined;
  endpointId: number;
}

export function createApi(ports: Ports, port: number): Api {
  if (ports.calls.open(port) !== "ok") ports.system.log("fault: no API on port " + port + "; choose another api.port, commands of the endpoint still come");
  return {
    call: { id: 0, origin: "http", token: "", text: "" }, serves: "idle", module: undefined, chain: undefined, endpointId: 0,
  };
}

/** Compares without saying by its time how much was right. */
function sameToken(given: string, token: string): boolean {
  let differences = given.length === token.length ? 0 : 1;
  for (let index = 0; index < token.length; index++) {
    if (given.charAt(index) !== token.charAt(index)) differences++;
  }
  return differences === 0;
}

function end(api: Api, ports: Ports, uploader: Uploader, status: number, answer: string): void {
  if (api.serves === "call") ports.calls.answer(api.call.id, status, answer);
  else noteResult(uploader.status, api.endpointId, status, utf8Cut(answer, RESULT_TEXT_BYTES_MAX));
  api.serves = "idle";
  api.module = undefined;
  api.chain = undefined;
}

function begin(api: Api, ports: Ports, connector: Connector, uploader: Uploader, text: string): void {
  const module = ports.system.load("commands") as typeof Commands | undefined;
  if (module === undefined) {
    end(api, ports, uploader, 500, "error: the commands module is missing; deploy the board again");
    return;
  }
  const chain = module.createChain(connector, text);
  if (chain.status !== 200) {
    end(api, ports, uploader, chain.status, chain.answer);
    return;
  }
  api.module = module;
  api.chain = chain;
}

/** Takes the next call or command, or goes on with the one at hand; before connectorTick of the same tick. */
export function apiTick(api: Api, ports: Ports, connector: Connector, uploader: Uploader, state: State, now: Instant): void {
  if (api.serves === "idle" || api.serves === "asked") {
    if (api.serves === "asked") {
      api.serves = "call";
      const token = connector.configuration.apiToken;
      if (token === "" || !sameToken(api.call.token, token)) end(api, ports, uploader, 401, "error: wrong token; send api.token of the configuration");
      else begin(api, ports, connector, uploader, api.call.text);
    } else if (uploader.commandId > 0 && uploader.status.results === "") {
      // Only with room for the result: the endpoint waits for it.
      api.endpointId = uploader.commandId;
      const text = uploader.commandText;
      // Before this write a cut runs the command later; after it the command counts as run, and a result
      // that never comes tells the endpoint that it was cut.
      if (writeState(state, STATE_UPLINK, u32(api.endpointId)) !== "stored") return;
      commandTaken(uploader);
      api.serves = "endpoint";
      begin(api, ports, connector, uploader, text);
    }
  }
  const chain = api.chain;
  if (chain !== undefined && api.module !== undefined && api.module.chainStep(chain, connector, now.ms)) {
    end(api, ports, uploader, chain.status, chain.answer);
  }
}
