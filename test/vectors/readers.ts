/*
 * Frames of every reader with the uid they carry, and the run through them that every platform does.
 *
 * Input: nothing. Output: the list for Node's tests, and runReaderVectors for Lua and Espruino. Written
 * in the firmware's language subset so that the very same source runs there. Frames marked "published"
 * were captured by others from real readers; the rest follow the makers' rules.
 */
import { bytesOfHex, hexOf } from "../../firmware/bytes";
import { readerModel } from "../../firmware/signal/reader/registry";
import { uidText } from "../../firmware/signal/uid_format";

/** Model, frame, uid ("" when the frame carries none), three entries a vector. */
export const READER_VECTORS: string[] = [
  // Published by Seeed, hobbycomponents.com and users in the Arduino forum.
  "rdm6300", "0230313030303733344530443203", "01000734E0",
  "rdm6300", "0236324533303836434544303803", "62E3086CED",
  "rdm6300", "0230313030363345394145323503", "010063E9AE",
  "rdm6300", "0231303030383646343434323603", "100086F444",
  "rdm6300", "0230313045454645444335433803", "010EEFEDC5",
  // ID-12LA's data sheet, and the same in lower case.
  "rdm6300", "0230433030303632314135384" + "50D0A03", "0C000621A5",
  "rdm6300", "0230633030303632316135386503", "0C000621A5",
  // Published with a digit wrong: its checksum gives it away.
  "rdm6300", "0231303030323646343434323603", "",
  "em18", "343530304335443145394238", "4500C5D1E9",
  "em18", "343530304335443145394239", "",
  "7941e", "020A022E00B6D7B5F203", "2E00B6D7B5",
  "7941e", "02090104A1B2C3DC03", "04A1B2C3",
  "7941e", "020A022E00B6D7B5F303", "",
  "7941w", "CDDC008105010203040585", "0102030405",
  "7941w", "CDDC008104DEADBEEFA7", "DEADBEEF",
  "7941w", "CDDC00800080", "",
  // Published by DFRobot, microBuilder and others.
  "pn532", "0000FF00FF000000FF0CF4D54B010100040804078CFC4FF000", "078CFC4F",
  "pn532", "0000FF0CF4D54B0101000408049EB36E66A900", "9EB36E66",
  "pn532", "0000FF0CF4D54B0101000408046E8AE2B04400", "6E8AE2B0",
  "pn532", "0000FF0CF4D54B010100040804FB0EE20BD800", "FB0EE20B",
  "pn532", "0000FF0FF1D54B010100440007047BCB51962280C000", "047BCB51962280",
  "pn532", "0000FF0FF1D54B010100440007047FA99A1F6680C800", "047FA99A1F6680",
  // A card with an ATS behind its uid; no card; an acknowledgement; SAMConfiguration; an error frame.
  "pn532", "0000FF11EFD54B01010004280411223344057880700295" + "00", "11223344",
  "pn532", "0000FF03FDD54B00E000", "",
  "pn532", "0000FF00FF00", "",
  "pn532", "0000FF02FED5151600", "",
  "pn532", "0000FF01FF7F8100", "",
  "sl032", "BD0801009EB36E660392", "9EB36E66",
  "sl032", "BD0B0100047BCB519622800761", "047BCB51962280",
  "sl032", "BD030101BE", "",
  "sm130", "FF00068202D45A8D559A", "D45A8D55",
  "sm130", "FF0002824CD0", "",
  "yhy502", "AABB06205EC0E07A22", "5EC0E07A",
  "yhy502", "AABB062011AA0022338C", "11AA2233",
  "yhy502", "AABB02DFDD", "",
  "twn4", "303030313830333830373034374243423531393632323830" + "0D", "047BCB51962280",
  "twn4", "303030313830323030343945423336453636" + "0D", "9EB36E66",
  "twn4", "30303031343032383035303130303037333445300D", "01000734E0",
  "twn4", "303030300D", "",
  // Published by electron.id.
  "r200", "BB02220011C93400" + "30751F" + "EB705C5904E3D50D703A76EF7E", "30751FEB705C5904E3D50D70",
  "r200", "BB02220011C43000E200001D7315016521408FC6B83EC27E", "E200001D7315016521408FC6",
  "r200", "BB01FF000115167E", "",
  "linehex", "0A303130303037333445300D", "01000734E0",
  "linehex", "30343742434235313936323238300D0A", "047BCB51962280",
  "linehex", "0239656233366536360D0A03", "9EB36E66",
  "linehex", "3031303030373334450D", "",
  "linedecimal", "303034353133313236310D0A", "02B0A5FD",
  "linedecimal", "333830383938303230350D", "E3086CED",
  "linedecimal", "30303034333430303938353537" + "0D", "0102B0A5FD",
  "linedecimal", "3030313236312C340D", "",
  // No framing: the number must come twice.
  "hz1050", "02B0A5FD02B0A5FD", "02B0A5FD",
  "hz1050", "02B0A5FD02B0A5FC", "",
];

/** Uid, notation, text: one published fob, one card, and numbers that need more than 32 bits. */
export const UID_VECTORS: string[] = [
  "0102B0A5FD", "hex", "0102B0A5FD",
  "0102B0A5FD", "hexReversed", "FDA5B00201",
  "0102B0A5FD", "decimal10", "4340098557",
  "0102B0A5FD", "8h10d", "0045131261",
  "0102B0A5FD", "wiegand3.5", "176,42493",
  "62E3086CED", "8h10d", "3808980205",
  "01000734E0", "8h10d", "0000472288",
  "047BCB51962280", "decimal10", "1262013084213888",
  "047BCB51962280", "hexReversed", "80229651CB7B04",
  "FFFFFFFFFFFFFFFFFFFF", "decimal10", "1208925819614629174706175",
  "9EB36E66", "decimal10", "2662559334",
  "00000000", "decimal10", "0000000000",
];

/** Feeds a frame to a fresh reader in two parts; the uids it yields, joined by spaces. */
export function uidsOfFrame(model: string, hex: string, cutAt: number): string {
  const reader = readerModel(model);
  const bytes = bytesOfHex(hex);
  if (reader === undefined || bytes === undefined) return "vector is broken";
  const state = reader.driver.create();
  let nowMs = 1000;
  let uids = "";
  for (let part = 0; part < 3; part++) {
    if (part === 0) reader.driver.feed(state, bytes.substring(0, cutAt), nowMs);
    if (part === 1) reader.driver.feed(state, bytes.substring(cutAt), nowMs);
    reader.driver.poll(state, nowMs);
    let uid = reader.driver.take(state);
    while (uid !== undefined) {
      if (uids !== "") uids += " ";
      uids += hexOf(uid);
      uid = reader.driver.take(state);
    }
    // Two parts of a frame come within a few ms; then silence ends whatever is unfinished.
    nowMs += part === 0 ? 20 : 400;
  }
  return uids;
}

/** Every vector, cut at every byte, and every notation: "" when all are right, else the first that is not. */
export function runReaderVectors(): string {
  for (let index = 0; index < READER_VECTORS.length; index += 3) {
    const length = Math.floor(READER_VECTORS[index + 1].length / 2);
    for (let cutAt = 0; cutAt <= length; cutAt++) {
      const uids = uidsOfFrame(READER_VECTORS[index], READER_VECTORS[index + 1], cutAt);
      if (uids !== READER_VECTORS[index + 2]) {
        return READER_VECTORS[index] + " " + READER_VECTORS[index + 1] + " cut at " + String(cutAt) + ": \"" + uids + "\"";
      }
    }
  }
  for (let index = 0; index < UID_VECTORS.length; index += 3) {
    const bytes = bytesOfHex(UID_VECTORS[index]);
    const format = UID_VECTORS[index + 1];
    if (bytes === undefined) return "vector is broken";
    if (format !== "hex" && format !== "hexReversed" && format !== "decimal10" && format !== "8h10d" && format !== "wiegand3.5") return "notation " + format;
    const text = uidText(bytes, format);
    if (text !== UID_VECTORS[index + 2]) return UID_VECTORS[index] + " " + format + ": " + text;
  }
  return "";
}
