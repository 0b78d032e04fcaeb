/*
 * API commands as text: SET, GETINPUT, GETOUTPUT, ECHO and WAIT, alone or as a chain (docs/API.md has the grammar).
 *
 * Input: the text of one chain, percent-decoded. Output: one command after the other. Invariant: what is read
 * has one of the five names and as many parameters as it takes; what they mean is looked at in check.ts
 * before anything is done, and done in run.ts.
 */
import type { Bytes } from "../../hal/ports";
import { findText } from "../base/find";
import type { Connector } from "../session/connector";

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
export function readCommand(chain: Chain): string {
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
export function customPlace(connector: Connector, pin: string): number {
  const inputs = connector.configuration.customInputs;
  for (let place = 0; place < inputs.indexes.length; place++) {
    if (pin === "CI" + inputs.indexes.charCodeAt(place)) return place;
  }
  return -1;
}
