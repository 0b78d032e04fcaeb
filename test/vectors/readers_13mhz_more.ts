/*
 * Frames of SonMicro, Ehuoyan and UHF readers, with the uid that each carries.
 *
 * Input: nothing. Output: "" from the run when every frame gives its uid: cut, joined, with wrong bits (reader_check.ts). Written in
 * the firmware's language subset, so that the same source runs on Node, in Lua and on the interpreter.
 * Frames marked "published" were captured by others from real readers; the rest follow the makers' rules.
 */
import { driver as r200 } from "../../firmware/inputs/reader/r200";
import { driver as sm130 } from "../../firmware/inputs/reader/sm130";
import { driver as yhy502 } from "../../firmware/inputs/reader/yhy502";
import { checkReader } from "./reader_check";

/** sm130: frame, uid ("" when the frame carries none), in turns. */
export const SM130_FRAMES: string[] = [
  "FF00068202D45A8D559A", "D45A8D55",
  "FF0002824CD0", "",
];

/** yhy502: frame, uid ("" when the frame carries none), in turns. */
export const YHY502_FRAMES: string[] = [
  "AABB06205EC0E07A22", "5EC0E07A",
  "AABB062011AA0022338C", "11AA2233",
  "AABB02DFDD", "",
];

/** r200: frame, uid ("" when the frame carries none), in turns. */
export const R200_FRAMES: string[] = [
  // Published by electron.id.
  "BB02220011C9340030751FEB705C5904E3D50D703A76EF7E", "30751FEB705C5904E3D50D70",
  "BB02220011C43000E200001D7315016521408FC6B83EC27E", "E200001D7315016521408FC6",
  "BB01FF000115167E", "",
];

export function runMoreReaders(): string {
  let fault = "";
  if (fault === "") fault = checkReader("sm130", sm130, SM130_FRAMES, "checksum");
  if (fault === "") fault = checkReader("yhy502", yhy502, YHY502_FRAMES, "checksum");
  if (fault === "") fault = checkReader("r200", r200, R200_FRAMES, "checksum");
  return fault;
}
