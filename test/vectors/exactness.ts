/*
 * Numbers and texts from the command to the cell, byte for byte.
 *
 * Input: none. Output: runExactness() returns "" or the first difference. Invariant: in the portable subset,
 * because what it proves must hold where numbers print with noise and strings are bytes: on the real
 * interpreter and in Lua.
 */
import { createChain } from "../../firmware/commands/check";
import { chainStep } from "../../firmware/commands/run";
import { createConnector } from "../../firmware/session/connector";
import { setUid } from "../../firmware/session/pins";
import { connectorStep, connectorTick } from "../../firmware/session/effects";
import { onStored } from "../../firmware/session/row_write";
import { bytesOfHex, hexOf } from "../../firmware/base/bytes";
import { difference } from "./check";
import { exactnessConfiguration } from "./exactness_configuration";

/** Number as typed, and its cell: CBOR integers up to nine digits, else the digits as text. */
const NUMBERS = ["7.45", "64372E3435", "0.1", "63302E31", "123456789.123", "6D3132333435363738392E313233", "9007199254740991", "7039303037313939323534373430393931",
  "-0.001", "662D302E303031", "0", "00", "-42", "3829", "999999999", "1A3B9AC9FF", "7.450", "65372E343530", "12345678901234567890.0123456789",
  "781F31323334353637383930313233343536373839302E30313233343536373839"];

/**
 * Texts as UTF-8, in hexadecimal: "Juergen Mueller, 5 EUR" with its umlauts and sign; quotes, commas, a line
 * break; a formula; an emoji with brackets and separators; two bytes that look like CBOR.
 */
const TEXTS = ["4AC3BC7267656E204DC3BC6C6C65722C203520E282AC", "226F6E65222C202774776F272C0A7468726565", "3D636D647C27202F432063616C6327214130",
  "F09F98802028613B6229202620635C64", "C3A0C2B7", "20", "09"];

/** The text as a command's parameter: in quotes, with \ before quotes and backslashes. */
function quotedParameter(text: string): string {
  let inner = "";
  for (let index = 0; index < text.length; index++) {
    const char = text.substring(index, index + 1);
    inner += char === "\"" || char === "\\" ? "\\" + char : char;
  }
  return "\"" + inner + "\"";
}

/** Sets both inputs by commands, pulses SStart by a command too, and returns the cells of the row as hexadecimal. */
function cellsAfter(number: string, text: string): string {
  const connector = createConnector(exactnessConfiguration(), undefined);
  const chain = createChain(connector, "=SET(SDC;CI1;" + number + ")&SET(SDC;CI2;" + quotedParameter(text) + ")&SET(SDC;SStart;pulse)");
  if (chain.status !== 200) return chain.answer;
  let cells = "";
  for (let tick = 1; tick < 9; tick++) {
    chainStep(chain, connector, tick * 20);
    connectorTick(connector, { ms: tick * 20, s: 0 }, { epochS: 1780000000, boot: 1, uptimeS: 0 }, -1);
    for (;;) {
      const effect = connectorStep(connector, 1);
      if (effect === "none") break;
      if (effect === "row") cells = hexOf(connector.cells);
      if (effect === "row" || effect === "state") onStored(connector, "stored");
    }
  }
  return cells;
}

/** A CBOR text head as hexadecimal, for texts of 0 … 255 bytes. */
function textHead(length: number): string {
  const digits = "0123456789ABCDEF";
  if (length < 16) return "6" + digits.charAt(length);
  if (length < 24) return "7" + digits.charAt(length - 16);
  return "78" + digits.charAt(Math.floor(length / 16)) + digits.charAt(length % 16);
}

export function runExactness(): string {
  for (let number = 0; number < NUMBERS.length; number += 2) {
    const textHex = TEXTS[Math.floor(number / 2) % TEXTS.length]!;
    const text = bytesOfHex(textHex);
    if (text === undefined) return "a text of the list is no hexadecimal";
    const wanted = "01" + NUMBERS[number + 1] + "02" + textHead(text.length) + textHex;
    const fault = difference("SET of " + NUMBERS[number], cellsAfter(NUMBERS[number]!, text), wanted);
    if (fault !== "") return fault;
  }
  return "";
}

/** A text of more than 64 bytes is cut before the character that would be split, and the Log says so. */
export function runTextCut(): string {
  const umlaut = bytesOfHex("C3BC");
  const last = bytesOfHex("61E282AC");
  if (umlaut === undefined || last === undefined) return "a text of the list is no hexadecimal";
  let text = "";
  for (let count = 0; count < 31; count++) text += umlaut;
  const cells = cellsAfter("1", text + last);
  let fault = difference("cut text", cells.substring(0, 10), "01010278" + "3F");
  if (fault === "") fault = difference("length of the cut text", "" + cells.length, "" + (10 + 126));
  return fault;
}

/** A uid that is upper-case hexadecimal travels as bytes, any other as its text. */
export function runUidCells(): string {
  const uids = ["04A1B2C3", "4404A1B2C3", "04a1b2c3", "683034613162326333", "0012345678", "450012345678", "123,45678", "693132332C3435363738", "", "F6"];
  for (let index = 0; index < uids.length; index += 2) {
    const configuration = exactnessConfiguration();
    configuration.columns.contents = "\x10\x11";
    const connector = createConnector(configuration, undefined);
    connectorTick(connector, { ms: 20, s: 0 }, { epochS: 1780000000, boot: 1, uptimeS: 0 }, -1);
    setUid(connector, uids[index]!, true);
    connector.startTrigger = true;
    let cells = "";
    for (;;) {
      const effect = connectorStep(connector, 1);
      if (effect === "none") break;
      if (effect === "row") cells = hexOf(connector.cells);
      if (effect === "row" || effect === "state") onStored(connector, "stored");
    }
    const fault = difference("uid " + uids[index], cells, "01" + uids[index + 1] + "02F6");
    if (fault !== "") return fault;
  }
  return "";
}
