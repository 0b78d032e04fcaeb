/*
 * Frames of the readers that speak in lines of text, with the uid that each carries.
 *
 * Input: nothing. Output: "" from the run when every frame gives its uid: cut, joined, with wrong bits (reader_check.ts). Written in
 * the firmware's language subset, so that the same source runs on Node, in Lua and on the interpreter.
 * Frames marked "published" were captured by others from real readers; the rest follow the makers' rules.
 */
import { driver as linedecimal } from "../../firmware/inputs/reader/linedecimal";
import { driver as linehex } from "../../firmware/inputs/reader/linehex";
import { driver as twn4 } from "../../firmware/inputs/reader/twn4";
import { checkReader } from "./reader_check";

/** linehex: frame, uid ("" when the frame carries none), in turns. */
export const LINEHEX_FRAMES: string[] = [
  "0A303130303037333445300D", "01000734E0",
  "30343742434235313936323238300D0A", "047BCB51962280",
  "0239656233366536360D0A03", "9EB36E66",
  "3031303030373334450D", "",
];

/** linedecimal: frame, uid ("" when the frame carries none), in turns. */
export const LINEDECIMAL_FRAMES: string[] = [
  "303034353133313236310D0A", "02B0A5FD",
  "333830383938303230350D", "E3086CED",
  "303030343334303039383535370D", "0102B0A5FD",
  "3030313236312C340D", "",
];

/** twn4: frame, uid ("" when the frame carries none), in turns. */
export const TWN4_FRAMES: string[] = [
  "3030303138303338303730343742434235313936323238300D", "047BCB51962280",
  "3030303138303230303439454233364536360D", "9EB36E66",
  "30303031343032383035303130303037333445300D", "01000734E0",
  "303030300D", "",
];

export function runLineReaders(): string {
  let fault = "";
  if (fault === "") fault = checkReader("linehex", linehex, LINEHEX_FRAMES, "framed");
  if (fault === "") fault = checkReader("linedecimal", linedecimal, LINEDECIMAL_FRAMES, "framed");
  if (fault === "") fault = checkReader("twn4", twn4, TWN4_FRAMES, "framed");
  return fault;
}
