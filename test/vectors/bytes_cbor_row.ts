/*
 * Known answers of bytes, cbor and row.
 *
 * Input: none. Output: run…() functions that return "" or the first difference. Invariant: in the portable
 * subset; answers are from RFC 8949 appendix A and from the row layout of docs/PROTOCOL.md, by hand.
 */
import { bytesOfHex, hexOf, readU16, readU32, u16, u32, u8, utf8Cut } from "../../firmware/base/bytes";
import { cborDecimal, cborHead, cborInteger, cborText } from "../../firmware/base/cbor";
import { KIND_END } from "../../firmware/protocol";
import { factRow, momentCell, sessionRow } from "../../firmware/session/row";
import type { Moment } from "../../firmware/session/row";
import { difference } from "./check";

/** RFC 8949 appendix A, whole numbers: value and encoding, one after the other. */
const INTEGERS = ["0", "00", "1", "01", "10", "0A", "23", "17", "24", "1818", "25", "1819", "100", "1864", "1000", "1903E8",
  "1000000", "1A000F4240", "-1", "20", "-10", "29", "-100", "3863", "-1000", "3903E7"];

/** Decimal text and its cell: short whole numbers become numbers, everything else stays text. */
const DECIMALS = ["7.45", "64372E3435", "999999999", "1A3B9AC9FF", "1000000000", "6A31303030303030303030", "007", "63303037",
  "-0", "622D30", "-5", "24", "", "60", "-", "612D", "1e3", "63316533", "0", "00"];

export function runBytes(): string {
  let all = "";
  for (let value = 0; value < 256; value++) all += u8(value);
  const text = hexOf(all);
  if (text.length !== 512) return "hexOf gave " + String(text.length) + " digits";
  if (bytesOfHex(text) !== all) return "bytesOfHex does not undo hexOf";
  if (bytesOfHex("0G") !== undefined) return "bytesOfHex took a G";
  if (bytesOfHex("ABC") !== undefined) return "bytesOfHex took three digits";
  let fault = difference("hexOf", text.substring(0, 8) + text.substring(504), "00010203FCFDFEFF");
  if (fault === "") fault = difference("u16", hexOf(u16(65534)), "FFFE");
  if (fault === "") fault = difference("u32", hexOf(u32(2147483647)), "7FFFFFFF");
  if (fault === "") fault = difference("readU16", String(readU16(u16(65535), 0)), "65535");
  if (fault === "") fault = difference("readU32", String(readU32(u8(9) + u32(2147483647), 1)), "2147483647");
  if (fault === "") fault = difference("readU32 of 2^31", String(readU32(u8(128) + u8(0) + u16(0), 0)), "-1");
  return fault;
}

export function runUtf8Cut(): string {
  // "Jürgen€" is 4A C3 BC 72 67 65 6E E2 82 AC.
  const name = bytesOfHex("4AC3BC7267656EE282AC");
  if (name === undefined) return "bytesOfHex refused good digits";
  const wanted = ["", "4A", "4A", "4AC3BC", "4AC3BC72", "4AC3BC7267", "4AC3BC726765", "4AC3BC7267656E", "4AC3BC7267656E",
    "4AC3BC7267656E", "4AC3BC7267656EE282AC"];
  for (let limit = 0; limit < wanted.length; limit++) {
    const fault = difference("utf8Cut at " + String(limit), hexOf(utf8Cut(name, limit)), wanted[limit]!);
    if (fault !== "") return fault;
  }
  return "";
}

export function runCbor(): string {
  for (let index = 0; index < INTEGERS.length; index += 2) {
    const fault = difference("cborInteger " + INTEGERS[index], hexOf(cborInteger(parseInt(INTEGERS[index]!, 10))), INTEGERS[index + 1]!);
    if (fault !== "") return fault;
  }
  for (let index = 0; index < DECIMALS.length; index += 2) {
    const fault = difference("cborDecimal " + DECIMALS[index], hexOf(cborDecimal(DECIMALS[index]!)), DECIMALS[index + 1]!);
    if (fault !== "") return fault;
  }
  const fault = difference("cborText", hexOf(cborText("IETF")), "6449455446");
  return fault !== "" ? fault : difference("cborHead", hexOf(cborHead(6, 2147483647)), "DA7FFFFFFF");
}

export function runRow(): string {
  const dated: Moment = { epochS: 1763800000, boot: 3, uptimeS: 70000 };
  const undated: Moment = { epochS: 0, boot: 3, uptimeS: 70000 };
  let fault = difference("dated moment", hexOf(momentCell(dated)), "C11A692173C0");
  if (fault === "") fault = difference("undated moment", hexOf(momentCell(undated)), "D99CA482031A00011170");
  const cells = cborInteger(1) + momentCell(dated) + cborInteger(5) + cborDecimal("7450");
  if (fault === "") fault = difference("session row", hexOf(sessionRow(KIND_END, 300, 1, 41, 2, cells)), "850219012C011829A201C11A692173C005191D1A");
  if (fault === "") fault = difference("fact row", hexOf(factRow(5, 301, 3, 70000, 1763800000)), "850519012D031A000111701A692173C0");
  return fault;
}
