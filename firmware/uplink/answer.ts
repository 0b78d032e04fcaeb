/*
 * The endpoint's answer to an upload (docs/PROTOCOL.md §3).
 *
 * Input: a JSON body of at most ANSWER_BYTES_MAX. Output: a record that is filled anew each time.
 * Invariants: nothing makes it throw; an answer is taken whole or not at all, so half an understood answer
 * never releases a row; members that it does not know are skipped.
 */
import type { Bytes } from "../../hal/ports";
import { u32 } from "../base/bytes";
import { createJsonReader, nextJson, skipJson, wholeOf } from "../base/json_reader";
import type { JsonReader } from "../base/json_reader";
import { ANSWER_COMMANDS_MAX } from "../limits";


/** @packed */
export interface Answer {
  /** Ranges of sequences, first and last as four bytes each, one range after the other. */
  acknowledged: Bytes;
  /** Sequences, four bytes each, and their reasons joined by "\n". */
  refused: Bytes;
  reasons: Bytes;
  /** The highest boot, row and session that the endpoint has of this device, four bytes each; "" when not told. */
  highWaterMarks: Bytes;
  /** UTC seconds; newest versions at the endpoint; wished distance of uploads. -1: not told. */
  timeS: number;
  users: number;
  configuration: number;
  minIntervalS: number;
  /** Number of the offer of a release; 0: none. */
  firmware: number;
  /** Commands, oldest first. */
  commandIds: number[];
  commandTexts: Bytes[];
}

export function createAnswer(): Answer {
  return {
    acknowledged: "", refused: "", reasons: "", highWaterMarks: "", timeS: -1, users: -1, configuration: -1, minIntervalS: -1, firmware: 0,
    commandIds: [], commandTexts: [],
  };
}

function clearAnswer(answer: Answer): void {
  answer.acknowledged = "";
  answer.refused = "";
  answer.reasons = "";
  answer.highWaterMarks = "";
  answer.timeS = -1;
  answer.users = -1;
  answer.configuration = -1;
  answer.minIntervalS = -1;
  answer.firmware = 0;
  answer.commandIds = [];
  answer.commandTexts = [];
}

/** The next token as a whole number 0 … 2^31 - 1; -1 for anything else. */
function nextWhole(reader: JsonReader): number {
  return nextJson(reader) === "number" ? wholeOf(reader.value) : -1;
}

/** A list of [number, number] or [number, text]; false when it is anything else. */
function readPairs(reader: JsonReader, answer: Answer, refused: boolean): boolean {
  if (nextJson(reader) !== "[") return false;
  while (nextJson(reader) === "[") {
    const first = nextWhole(reader);
    if (first < 0) return false;
    if (refused) {
      if (nextJson(reader) !== "text") return false;
      answer.refused += u32(first);
      answer.reasons += (answer.reasons === "" ? "" : "\n") + reader.value;
    } else {
      const last = nextWhole(reader);
      if (last < first) return false;
      answer.acknowledged += u32(first) + u32(last);
    }
    if (nextJson(reader) !== "]") return false;
  }
  return reader.token === "]";
}

/** A list of three numbers: boot, sequence, session. */
function readLast(reader: JsonReader, answer: Answer): boolean {
  if (nextJson(reader) !== "[") return false;
  for (let count = 0; count < 3; count++) {
    const number = nextWhole(reader);
    if (number < 0) return false;
    answer.highWaterMarks += u32(number);
  }
  return nextJson(reader) === "]";
}

/** A list of {"id": number, "text": text}; what is beyond ANSWER_COMMANDS_MAX is passed over. */
function readCommands(reader: JsonReader, answer: Answer): boolean {
  if (nextJson(reader) !== "[") return false;
  while (nextJson(reader) === "{") {
    let id = -1;
    let text = "";
    while (nextJson(reader) === "key") {
      const name = reader.value;
      nextJson(reader);
      if (name === "id" && reader.token === "number") id = wholeOf(reader.value);
      else if (name === "text" && reader.token === "text") text = reader.value;
      else skipJson(reader);
    }
    if (reader.token !== "}" || id < 0) return false;
    if (answer.commandIds.length < ANSWER_COMMANDS_MAX) {
      answer.commandIds.push(id);
      answer.commandTexts.push(text);
    }
  }
  return reader.token === "]";
}

/** Fills `answer`; "invalid" leaves it with no effect in it at all. */
export function parseAnswer(body: Bytes, answer: Answer): "ok" | "invalid" {
  const reader = createJsonReader(body);
  clearAnswer(answer);
  let good = nextJson(reader) === "{";
  while (good && nextJson(reader) === "key") {
    const name = reader.value;
    if (name === "acknowledged") good = readPairs(reader, answer, false);
    else if (name === "refused") good = readPairs(reader, answer, true);
    else if (name === "commands") good = readCommands(reader, answer);
    else if (name === "last") good = readLast(reader, answer);
    else if (name === "time" || name === "users" || name === "configuration" || name === "minIntervalS" || name === "firmware") {
      const value = nextWhole(reader);
      if (value < 0) good = false;
      else if (name === "time") answer.timeS = value;
      else if (name === "users") answer.users = value;
      else if (name === "configuration") answer.configuration = value;
      else if (name === "firmware") answer.firmware = value;
      else answer.minIntervalS = value;
    } else {
      nextJson(reader);
      good = skipJson(reader) !== "error";
    }
  }
  if (good && reader.token === "}" && nextJson(reader) === "end") return "ok";
  clearAnswer(answer);
  return "invalid";
}
