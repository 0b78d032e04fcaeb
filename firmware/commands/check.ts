/*
 * The check of a chain of API commands, before any of it is done.
 *
 * Input: the text of a call whose token the device has checked, or of a command of the endpoint. Output: a
 * chain that run.ts does step by step, or the answer that says which command is wrong, and how. Loaded only while a call is handled.
 * Invariant: a chain of which one command is wrong does nothing at all.
 */
import type { Bytes } from "../../hal/ports";
import { CHAIN_COMMANDS_MAX, DECIMAL_BYTES_MAX, INTEGER_BYTES_MAX, TEXT_BYTES_MAX, WAIT_MS_MAX } from "../limits";
import { decimalDigits } from "../base/decimal";
import { wholeOf } from "../base/json_reader";
import { utf8Fault } from "../base/utf8";
import { customPlace, readCommand } from "./commands";
import type { Chain } from "./commands";
import type { Connector } from "../session/connector";
import { quoteLogValue } from "../session/log";



/** Is `value` one for a custom input of this type? Returns what is wrong, or "". */
function valueProblem(connector: Connector, place: number, value: Bytes): string {
  const inputs = connector.configuration.customInputs;
  const source = inputs.sources.charAt(place);
  const type = inputs.types.charAt(place);
  if (source !== "c") return "CI" + inputs.indexes.charCodeAt(place) + " is fed by its source " + (source === "l" ? "level" : source === "a" ? "analog" : "tariff") + " and cannot be set";
  if (type === "b") return value === "0" || value === "1" || value === "true" || value === "false" ? "" : "it is a boolean: write 0, 1, true or false";
  if (type === "t") return utf8Fault(value) < 0 ? "" : "the text is not UTF-8";
  const digits = value.length > DECIMAL_BYTES_MAX ? undefined : decimalDigits(value);
  if (type === "i") {
    return digits !== undefined && digits.fraction === 0 && value.length <= INTEGER_BYTES_MAX ? "" : "it is an integer: write digits only, at most " + INTEGER_BYTES_MAX;
  }
  return digits !== undefined ? "" : "it is a number: write a decimal such as 7.45, at most " + DECIMAL_BYTES_MAX + " characters, without exponent";
}

/** Checks the command at hand. Returns what is wrong, or "". */
function commandProblem(chain: Chain, connector: Connector): string {
  const block = connector.configuration.blockName;
  if (chain.name === "WAIT") {
    const waitMs = wholeOf(chain.parameters[0]!);
    if (waitMs < 0 || waitMs + chain.waitMs > WAIT_MS_MAX) return "write milliseconds; all WAITs of a chain together at most " + WAIT_MS_MAX;
    chain.waitMs += waitMs;
    return "";
  }
  if (chain.parameters[0] !== block) return "there is no block of that name here; write " + block;
  if (chain.name === "ECHO") return "";
  const pin = chain.parameters[1]!;
  if (chain.name === "GETOUTPUT") return pin === "Sa" || pin === "Log" || pin === "API" ? "" : "there is no such output; write Sa, Log or API";
  const pulse = pin === "SStart" || pin === "SEnd";
  const place = customPlace(connector, pin);
  if (!pulse && pin !== "Uid" && place < 0) {
    let known = "SStart, SEnd, Uid";
    const inputs = connector.configuration.customInputs;
    for (let index = 0; index < inputs.indexes.length; index++) known += ", CI" + inputs.indexes.charCodeAt(index);
    return "there is no such input; known are " + known;
  }
  if (chain.name === "GETINPUT") return "";
  const value = chain.parameters[2]!;
  if (pulse) return value === "pulse" ? "" : "write pulse as its value";
  if (pin === "Uid") return utf8Fault(value) >= 0 ? "the text is not UTF-8" : value.length > TEXT_BYTES_MAX ? "a uid has at most " + TEXT_BYTES_MAX + " bytes" : "";
  return valueProblem(connector, place, value);
}

/** Begins a chain: checks all of it. With status 400 nothing is done, and chainStep is not to be called. */
export function createChain(connector: Connector, given: Bytes): Chain {
  const text = given.charAt(0) === "=" ? given.substring(1) : given;
  const chain: Chain = { text, at: 0, count: 0, name: "", parameters: [], waitMs: 0, waitFromMs: 0, status: 200, answer: "" };
  let problem = text === "" ? "there is no command" : "";
  while (problem === "" && chain.at < text.length) {
    const from = chain.at;
    problem = chain.count >= CHAIN_COMMANDS_MAX ? "a chain has at most " + CHAIN_COMMANDS_MAX + " commands" : readCommand(chain);
    if (problem === "") problem = commandProblem(chain, connector);
    if (problem === "" && given === text && chain.at < text.length) problem = "more commands follow; a chain begins with =";
    if (problem !== "") problem = "command " + chain.count + ", " + quoteLogValue(text.substring(from, from + 80)) + ": " + problem;
  }
  if (problem !== "") {
    chain.status = 400;
    chain.answer = "error: " + problem;
  }
  chain.at = 0;
  chain.count = 0;
  chain.waitMs = 0;
  return chain;
}
