/*
 * Runs the commands of a checked chain, one a tick, before connectorStep.
 *
 * Input: a chain of check.ts. Output: pulses and values at the block's pins, and the answer. Loaded
 * only for a command. Invariants: one command a tick, so their order is the order of their effects; WAIT keeps nothing
 * else waiting.
 */
import { plainDecimal } from "../base/decimal";
import { canonicalUid } from "../inputs/canonical_uid";
import { wholeOf } from "../base/json_reader";
import { elapsedMs } from "../base/monotonic";
import { customPlace, readCommand } from "./commands";
import type { Chain } from "./commands";
import type { Connector } from "../session/connector";
import { customValue } from "../session/custom_values";
import { quoteLogValue } from "../session/log";
import { pulseEnd, pulseStart, setCustomInput, setUid } from "../session/pins";
import { REASON_COMMAND } from "../session/session_record";

/** Does the next command; true when the chain is at its end and `answer` complete. */
export function chainStep(chain: Chain, connector: Connector, nowMs: number): boolean {
  if (chain.waitMs > 0 && elapsedMs(chain.waitFromMs, nowMs) < chain.waitMs) return false;
  chain.waitMs = 0;
  if (chain.at >= chain.text.length) return true;
  readCommand(chain);
  const pin = chain.parameters[1]!;
  let answer = "ok";
  if (chain.name === "WAIT") {
    chain.waitMs = wholeOf(chain.parameters[0]!);
    chain.waitFromMs = nowMs;
  } else if (chain.name === "ECHO") answer = connector.configuration.blockName;
  else if (chain.name === "GETOUTPUT") {
    answer = pin === "Sa" ? (connector.session.active ? "1" : "0") : pin === "API" ? "" + connector.configuration.tableId : connector.log;
  } else if (chain.name === "GETINPUT") {
    const place = customPlace(connector, pin);
    const value = customValue(connector.values, place);
    if (place >= 0) answer = value === undefined ? "" : quoteLogValue(value);
    else answer = pin === "Uid" ? quoteLogValue(connector.uid) : "0";
  } else {
    let value = chain.parameters[2]!;
    const place = customPlace(connector, pin);
    if (pin === "SStart") pulseStart(connector);
    else if (pin === "SEnd") pulseEnd(connector, REASON_COMMAND);
    else if (pin === "Uid") setUid(connector, canonicalUid(value), false);
    else {
      const type = connector.configuration.customInputs.types.charAt(place);
      if (type === "b") value = value === "1" || value === "true" ? "1" : "0";
      else if (type !== "t") value = plainDecimal(value);
      setCustomInput(connector, place, value);
    }
  }
  chain.answer += (chain.count > 1 ? "\n" : "") + answer;
  return chain.at >= chain.text.length && chain.waitMs === 0;
}
