/*
 * The frames of test/vectors/readers_*.ts by model, for tests that go through all of them.
 *
 * Input: those lists. Output: one entry a frame, with the uid that it carries, "" for none. Invariant: every model of
 * the registry is here; test/unit/inputs/reader_vectors.test.ts says so.
 */
import * as slow from "../../vectors/readers_125khz";
import * as fast from "../../vectors/readers_13mhz";
import * as more from "../../vectors/readers_13mhz_more";
import * as line from "../../vectors/readers_line";

export interface Vector {
  model: string;
  hex: string;
  uid: string;
}

const lists: { [model: string]: string[] } = {
  rdm6300: slow.RDM6300_FRAMES, id12la: slow.RDM6300_FRAMES, em18: slow.EM18_FRAMES, hz1050: slow.HZ1050_FRAMES,
  "7941e": slow.READER7941E_FRAMES, "7941w": slow.READER7941W_FRAMES,
  pn532: fast.PN532_FRAMES, sl032: fast.SL032_FRAMES, sm130: more.SM130_FRAMES, yhy502: more.YHY502_FRAMES, r200: more.R200_FRAMES,
  linehex: line.LINEHEX_FRAMES, linedecimal: line.LINEDECIMAL_FRAMES, twn4: line.TWN4_FRAMES,
};

export const vectors: Vector[] = [];
for (const [model, list] of Object.entries(lists)) {
  for (let index = 0; index < list.length; index += 2) vectors.push({ model, hex: list[index]!, uid: list[index + 1]! });
}
