/*
 * One card in every notation: published conversions, and numbers beyond 32 bits.
 *
 * Input: nothing. Output: "" from the run when every notation gives its text. Written in the firmware's
 * language subset, so that the same source runs on Node, in Lua and on the interpreter.
 */
import { bytesOfHex } from "../../firmware/base/bytes";
import { canonicalUid } from "../../firmware/inputs/canonical_uid";
import { uidText } from "../../firmware/inputs/uid_format";
import { difference } from "./check";

/** Uid, notation, text: one published fob, one card, and numbers that need more than 32 bits. */
export const UID_VECTORS: string[] = [
  "0102B0A5FD", "hex", "0102B0A5FD",
  "0102B0A5FD", "hexReversed", "FDA5B00201",
  "0102B0A5FD", "decimal10", "4340098557",
  "0102B0A5FD", "8h10d", "0045131261",
  "0102B0A5FD", "wiegand3.5", "176,42493",
  "62E3086CED", "8h10d", "3808980205",
  "01000734E0", "8h10d", "0000472288",
  "010063E9AE", "8h10d", "0006547886",
  "100086F444", "8h10d", "0008844356",
  "4500C5D1E9", "8h10d", "0012964329",
  "2E00B6D7B5", "8h10d", "0011982773",
  "01000734E0", "wiegand3.5", "007,13536",
  "047BCB51962280", "decimal10", "1262013084213888",
  "047BCB51962280", "hexReversed", "80229651CB7B04",
  "FFFFFFFFFFFFFFFFFFFF", "decimal10", "1208925819614629174706175",
  "9EB36E66", "decimal10", "2662559334",
  "00000000", "decimal10", "0000000000",
];

export function runUidFormats(): string {
  for (let index = 0; index < UID_VECTORS.length; index += 3) {
    const bytes = bytesOfHex(UID_VECTORS[index]!);
    const format = UID_VECTORS[index + 1];
    if (bytes === undefined) return "uid is not hexadecimal";
    if (format !== "hex" && format !== "hexReversed" && format !== "decimal10" && format !== "8h10d" && format !== "wiegand3.5") return "no notation " + format;
    const fault = difference(UID_VECTORS[index] + " as " + format, uidText(bytes, format), UID_VECTORS[index + 2]!);
    if (fault !== "") return fault;
  }
  return "";
}

/** Spellings by a person or a program, each with the one spelling of it. */
export const SPELLING_VECTORS: string[] = [
  "04f6d9f21f6880", "04F6D9F21F6880",
  "04:f6:d9:f2:1f:68:80", "04F6D9F21F6880",
  " 04-F6-D9-F2-1F-68-80 ", "04F6D9F21F6880",
  "04 F6 D9 F2\t1F 68 80\r\n", "04F6D9F21F6880",
  "e28011606000020000000001", "E28011606000020000000001",
  "0045131261", "0045131261",
  "004 513 1261", "0045131261",
  "36028797018963968", "36028797018963968",
  "36028 797018 963968", "36028797018963968",
  "176,42493", "176,42493",
  "176, 42493", "176,42493",
  "7,13536", "007,13536",
  "256,00001", "256,00001",
  "1,70000", "1,70000",
  "1,2,3", "1,2,3",
  "cafe", "CAFE",
  "1-2", "1-2",
  "abc", "abc",
  "12 34", "12 34",
  "card x", "card x",
  "dead beef x", "dead beef x",
  "Anna-Lena", "Anna-Lena",
  "47a", "47a",
  "", "",
  "  ", "",
];

export function runUidSpellings(): string {
  for (let index = 0; index < SPELLING_VECTORS.length; index += 2) {
    const fault = difference("\"" + SPELLING_VECTORS[index] + "\"", canonicalUid(SPELLING_VECTORS[index]!), SPELLING_VECTORS[index + 1]!);
    if (fault !== "") return fault;
  }
  // Each format prints the one spelling already.
  for (let index = 0; index < UID_VECTORS.length; index += 3) {
    const fault = difference("printed", canonicalUid(UID_VECTORS[index + 2]!), UID_VECTORS[index + 2]!);
    if (fault !== "") return fault;
  }
  return "";
}
