/*
 * Frames of the readers of 13.56 MHz cards, PN532 and StrongLink, with the uid that each carries.
 *
 * Input: nothing. Output: "" from the run when every frame gives its uid: cut, joined, with wrong bits (reader_check.ts). Written in
 * the firmware's language subset, so that the same source runs on Node, in Lua and on the interpreter.
 * Frames marked "published" were captured by others from real readers; the rest follow the makers' rules.
 */
import { driver as pn532 } from "../../firmware/inputs/reader/pn532";
import { driver as sl032 } from "../../firmware/inputs/reader/sl032";
import { checkReader } from "./reader_check";

/** pn532: frame, uid ("" when the frame carries none), in turns. */
export const PN532_FRAMES: string[] = [
  // Published by DFRobot, microBuilder and others.
  "0000FF00FF000000FF0CF4D54B010100040804078CFC4FF000", "078CFC4F",
  "0000FF0CF4D54B0101000408049EB36E66A900", "9EB36E66",
  "0000FF0CF4D54B0101000408046E8AE2B04400", "6E8AE2B0",
  "0000FF0CF4D54B010100040804FB0EE20BD800", "FB0EE20B",
  "0000FF0FF1D54B010100440007047BCB51962280C000", "047BCB51962280",
  "0000FF0FF1D54B010100440007047FA99A1F6680C800", "047FA99A1F6680",
  // By the maker's rules: a uid of ten bytes; a card with an ATS behind its uid; no card; an acknowledgement; SAMConfiguration; an error frame.
  "0000FF12EED54B01010044000A041122334455667788998F00", "04112233445566778899",
  "0000FF11EFD54B0101000428041122334405788070029500", "11223344",
  "0000FF03FDD54B00E000", "",
  "0000FF00FF00", "",
  "0000FF02FED5151600", "",
  "0000FF01FF7F8100", "",
];

/** sl032: frame, uid ("" when the frame carries none), in turns. */
export const SL032_FRAMES: string[] = [
  "BD0801009EB36E660392", "9EB36E66",
  "BD0B0100047BCB519622800761", "047BCB51962280",
  "BD030101BE", "",
];

export function run13MhzReaders(): string {
  let fault = "";
  if (fault === "") fault = checkReader("pn532", pn532, PN532_FRAMES, "checksum");
  if (fault === "") fault = checkReader("sl032", sl032, SL032_FRAMES, "checksum");
  return fault;
}
