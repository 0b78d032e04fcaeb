/*
 * API commands: SET, GETINPUT, GETOUTPUT, ECHO and WAIT, alone or as a chain (docs/API.md has the grammar).
 *
 * Input: the text of one call, percent-decoded, whose token the device has checked; then one chainStep a
 * tick, before connectorTick. Output: pulses and values at the block's pins, and the answer. This module is
 * loaded only while a call is handled. Invariants: the whole chain is checked before any of it is done; one
 * command a tick, so their order is the order of their effects; WAIT keeps nothing else waiting.
 */
import type { Bytes } from "../../hal/ports";
import { TEXT_BYTES_MAX } from "../limits";
import { DECIMAL_BYTES_MAX, decimalDigits } from "../text/decimal";
import { findText } from "../text/find";
import { wholeOf } from "../text/json_reader";
import { utf8Fault } from "../text/utf8";
import { elapsedMs } from "../time/monotonic";
import type { Connector } from "./connector";
import { customValue } from "./custom_values";
import { quoted } from "./log_line";
import { pulseEnd, pulseStart, setCustomInput, setUid } from "./pins";
import { REASON_COMMAND } from "./session";

/** All WAITs of a chain together, ms. */
export const WAIT_MS_MAX = 60000;
/** Commands of a chain. */
export const COMMANDS_MAX = 16;

/** What a 64-bit integer column holds in any case, its sign included. */
const INTEGER_BYTES_MAX = 18;

export interface Chain {
  text: Bytes;
  /** Where the next command begins, and how many were read. */
  at: number;
  count: number;
  /** The command at hand. */
  name: string;
  parameters: Bytes[];
  waitMs: number;
  waitFromMs: number;
  /** HTTP status, 200 or 400, and the answer: a line for each command, or the error. */
  status: number;
  answer: Bytes;
}

/** Reads one parameter from `at`: in quotes (\" and \\ inside), or plain up to ";" or ")". Returns what is wrong, or "". */
function readParameter(chain: Chain): string {
  const text = chain.text;
  let value = "";
  if (text.charAt(chain.at) === "\"") {
    chain.at++;
    while (text.charAt(chain.at) !== "\"") {
      if (text.charAt(chain.at) === "\\") chain.at++;
      if (chain.at >= text.length) return "the quotes are not closed";
      value += text.substring(chain.at, chain.at + 1);
      chain.at++;
    }
    chain.at++;
  } else {
    const from = chain.at;
    let char = text.charAt(chain.at);
    while (char !== "" && char !== ";" && char !== ")") {
      if (char === "(") return "commands cannot be nested; put a text with brackets in quotes";
      if (char === "&" || char === "\"") return "put a text with " + char + " in quotes";
      chain.at++;
      char = text.charAt(chain.at);
    }
    value = text.substring(from, chain.at);
  }
  chain.parameters.push(value);
  return "";
}

/** Reads the command that begins at `at`, with the "&" behind it. Returns what is wrong, or "". */
function readCommand(chain: Chain): string {
  const text = chain.text;
  const open = text.indexOf("(", chain.at);
  chain.count++;
  chain.parameters = [];
  chain.name = open < 0 ? text.substring(chain.at) : text.substring(chain.at, open);
  if (findText(",SET,GETINPUT,GETOUTPUT,ECHO,WAIT,", "," + chain.name + ",") < 0 || chain.name === "" || chain.name.indexOf(",") >= 0) {
    return "there is no such command; known are SET, GETINPUT, GETOUTPUT, ECHO, WAIT";
  }
  if (open < 0) return "the bracket ( is missing";
  chain.at = open + 1;
  for (;;) {
    const problem = readParameter(chain);
    if (problem !== "") return problem;
    const char = text.charAt(chain.at);
    chain.at++;
    if (char === ")") break;
    if (char !== ";") return char === "" ? "the bracket ) is missing" : "a ; or ) must follow the quotes";
  }
  if (chain.at < text.length) {
    if (text.charAt(chain.at) !== "&") return "a & must follow, or the end";
    chain.at++;
    if (chain.at >= text.length) return "a command must follow the &";
  }
  const wanted = chain.name === "SET" ? 3 : chain.name === "GETINPUT" || chain.name === "GETOUTPUT" ? 2 : 1;
  if (chain.parameters.length !== wanted) return chain.name + " takes " + wanted + " parameters, not " + chain.parameters.length;
  return "";
}

/** Place of pin "CI7" in configuration.customInputs; -1 when it is none. */
function customPlace(connector: Connector, pin: string): number {
  const inputs = connector.configuration.customInputs;
  for (let place = 0; place < inputs.count; place++) {
    if (pin === "CI" + inputs.indexes.charCodeAt(place)) return place;
  }
  return -1;
}

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
    const waitMs = wholeOf(chain.parameters[0]);
    if (waitMs < 0 || waitMs + chain.waitMs > WAIT_MS_MAX) return "write milliseconds; all WAITs of a chain together at most " + WAIT_MS_MAX;
    chain.waitMs += waitMs;
    return "";
  }
  if (chain.parameters[0] !== block) return "there is no block of that name here; write " + block;
  if (chain.name === "ECHO") return "";
  const pin = chain.parameters[1];
  if (chain.name === "GETOUTPUT") return pin === "Sa" || pin === "Log" || pin === "API" ? "" : "there is no such output; write Sa, Log or API";
  const pulse = pin === "SStart" || pin === "SEnd";
  const place = customPlace(connector, pin);
  if (!pulse && pin !== "Uid" && place < 0) {
    let known = "SStart, SEnd, Uid";
    const inputs = connector.configuration.customInputs;
    for (let index = 0; index < inputs.count; index++) known += ", CI" + inputs.indexes.charCodeAt(index);
    return "there is no such input; known are " + known;
  }
  if (chain.name === "GETINPUT") return "";
  const value = chain.parameters[2];
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
    problem = chain.count >= COMMANDS_MAX ? "a chain has at most " + COMMANDS_MAX + " commands" : readCommand(chain);
    if (problem === "") problem = commandProblem(chain, connector);
    if (problem === "" && given === text && chain.at < text.length) problem = "more commands follow; a chain begins with =";
    if (problem !== "") problem = "command " + chain.count + ", " + quoted(text.substring(from, from + 80)) + ": " + problem;
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

/** Does the next command; true when the chain is at its end and `answer` complete. */
export function chainStep(chain: Chain, connector: Connector, nowMs: number): boolean {
  if (chain.waitMs > 0 && elapsedMs(chain.waitFromMs, nowMs) < chain.waitMs) return false;
  chain.waitMs = 0;
  if (chain.at >= chain.text.length) return true;
  readCommand(chain);
  const pin = chain.parameters[1];
  let answer = "ok";
  if (chain.name === "WAIT") {
    chain.waitMs = wholeOf(chain.parameters[0]);
    chain.waitFromMs = nowMs;
  } else if (chain.name === "ECHO") answer = connector.configuration.blockName;
  else if (chain.name === "GETOUTPUT") {
    answer = pin === "Sa" ? (connector.session.active ? "1" : "0") : pin === "API" ? "" + connector.configuration.tableId : connector.log;
  } else if (chain.name === "GETINPUT") {
    const place = customPlace(connector, pin);
    const value = customValue(connector.values, place);
    if (place >= 0) answer = value === undefined ? "" : quoted(value);
    else answer = pin === "Uid" ? quoted(connector.uid) : "0";
  } else {
    let value = chain.parameters[2];
    const place = customPlace(connector, pin);
    if (pin === "SStart") pulseStart(connector);
    else if (pin === "SEnd") pulseEnd(connector, REASON_COMMAND);
    else if (pin === "Uid") setUid(connector, value, false);
    else {
      if (connector.configuration.customInputs.types.charAt(place) === "b") value = value === "1" || value === "true" ? "1" : "0";
      setCustomInput(connector, place, value);
    }
  }
  chain.answer += (chain.count > 1 ? "\n" : "") + answer;
  return chain.at >= chain.text.length && chain.waitMs === 0;
}
