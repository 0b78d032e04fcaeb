/*
 * The frames of every reader: whole, cut, joined, and with each single bit wrong.
 *
 * Input: test/vectors/readers_*.ts. Invariant proved: an error that a protocol's checksum can see never
 * yields a uid, and never swallows the frame behind it.
 */
import assert from "node:assert/strict";
import { READER_MODELS, readerModel } from "../../../firmware/inputs/reader/registry";
import { uidsOfFrame as uidsOfDriver } from "../../vectors/reader_check";
import { vectors } from "./reader_frame_lists";
import type { Vector } from "./reader_frame_lists";

/** Models whose protocol has no checksum: a wrong bit can make another valid number. */
const WITHOUT_CHECKSUM = ["linehex", "linedecimal", "twn4", "hz1050"];

function uidsOfFrame(name: string, hex: string, cutAt: number): string {
  const model = readerModel(name);
  assert.ok(model, name);
  return uidsOfDriver(model.driver, hex, cutAt);
}

/** Whether the frame is right as it is; one with a wrong checksum may be a single bit away from a card. */
function isWhole(vector: Vector): boolean {
  const driver = readerModel(vector.model)?.driver;
  assert.ok(driver);
  const state = driver.create();
  driver.feed(state, Buffer.from(vector.hex, "hex").toString("latin1"), 1000);
  driver.poll(state, 2000);
  return state.refused === 0;
}

describe("reader vectors", () => {
  it("give their uid, cut at every byte", () => {
    for (const vector of vectors) {
      for (let cutAt = 0; cutAt <= vector.hex.length / 2; cutAt++) assert.equal(uidsOfFrame(vector.model, vector.hex, cutAt), vector.uid, vector.hex);
    }
  });

  it("hold at least one card and one frame that must be refused or carries none, for every model", () => {
    for (const model of READER_MODELS) {
      const own = vectors.filter((vector) => vector.model === model.name);
      assert.ok(own.some((vector) => vector.uid !== ""), model.name);
      assert.ok(own.some((vector) => vector.uid === ""), model.name);
    }
  });

  for (const model of READER_MODELS) {
    // The raw HZ-1050 has no frames: two numbers that follow each other confirm or replace one another.
    if (model.name === "hz1050") continue;
    it("give both uids when two frames of " + model.name + " follow each other without a pause, cut at every byte", () => {
      for (const first of vectors) {
        for (const second of vectors) {
          if (first.model !== model.name || second.model !== model.name) continue;
          const expected = [first.uid, second.uid].filter((uid) => uid !== "").join(" ");
          for (let cutAt = 0; cutAt <= (first.hex.length + second.hex.length) / 2; cutAt++) {
            assert.equal(uidsOfFrame(model.name, first.hex + second.hex, cutAt), expected, first.hex + " + " + second.hex);
          }
        }
      }
    });
  }

  it("give a number of the raw HZ-1050 only where it follows itself", () => {
    assert.equal(uidsOfFrame("hz1050", "02B0A5FD02B0A5FD" + "9EB36E66" + "9EB36E66", 0), "02B0A5FD 9EB36E66");
    assert.equal(uidsOfFrame("hz1050", "02B0A5FD" + "9EB36E66" + "02B0A5FD" + "9EB36E66", 0), "");
    assert.equal(uidsOfFrame("hz1050", "02B0A5FD02B0A5" + "9EB36E66", 0), "", "a byte is missing");
  });

  for (const vector of vectors) {
    if (vector.uid !== "" || WITHOUT_CHECKSUM.includes(vector.model) || !isWhole(vector)) continue;
    it("never make a uid of a wrong bit in a frame that carries none: " + vector.model + " " + vector.hex, () => {
      for (let bit = 0; bit < vector.hex.length * 4; bit++) {
        const bytes = Buffer.from(vector.hex, "hex");
        bytes[bit >> 3]! ^= 128 >> (bit & 7);
        assert.equal(uidsOfFrame(vector.model, bytes.toString("hex"), 0), "", "bit " + bit);
      }
    });
  }

  for (const vector of vectors) {
    if (vector.uid === "" || WITHOUT_CHECKSUM.includes(vector.model)) continue;
    it("never make another uid of a wrong bit: " + vector.model + " " + vector.uid, () => {
      for (let bit = 0; bit < vector.hex.length * 4; bit++) {
        const bytes = Buffer.from(vector.hex, "hex");
        bytes[bit >> 3]! ^= 128 >> (bit & 7);
        const uids = uidsOfFrame(vector.model, bytes.toString("hex"), 0);
        // A bit outside what the checksum covers (the case of a digit, a filler byte) may leave the uid as it was.
        assert.ok(uids === "" || uids === vector.uid, "bit " + bit + ": " + uids);
        // EM-18 sends digits without any mark: there only the pause between two frames makes a new beginning.
        if (vector.model === "em18") continue;
        assert.equal(uidsOfFrame(vector.model, bytes.toString("hex") + vector.hex, 0).endsWith(vector.uid), true, "the frame behind bit " + bit);
      }
    });
  }
});
