/*
 * The frames of every reader: whole, cut, joined, and with each single bit wrong.
 *
 * Input: test/vectors/readers.ts. Invariant proved: an error that a protocol's checksum can see never
 * yields a uid, and never swallows the frame behind it.
 */
import assert from "node:assert/strict";
import { bytesOfHex, hexOf } from "../../../firmware/bytes";
import { READER_MODELS } from "../../../firmware/signal/reader/registry";
import { READER_VECTORS, runReaderVectors, uidsOfFrame } from "../../vectors/readers";

/** Models whose protocol has no checksum: a wrong bit can make another valid number. */
const WITHOUT_CHECKSUM = ["linehex", "linedecimal", "twn4", "hz1050"];

interface Vector {
  model: string;
  hex: string;
  uid: string;
}

const vectors: Vector[] = [];
for (let index = 0; index < READER_VECTORS.length; index += 3) {
  vectors.push({ model: READER_VECTORS[index], hex: READER_VECTORS[index + 1], uid: READER_VECTORS[index + 2] });
}

describe("reader vectors", () => {
  it("give their uid, cut at every byte, and every notation its text", () => {
    assert.equal(runReaderVectors(), "");
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
    it("give both uids when two frames of " + model.name + " follow each other without a pause", () => {
      for (const first of vectors) {
        for (const second of vectors) {
          if (first.model !== model.name || second.model !== model.name) continue;
          const expected = [first.uid, second.uid].filter((uid) => uid !== "").join(" ");
          for (const cutAt of [0, 1, first.hex.length / 2 - 1, first.hex.length / 2, first.hex.length / 2 + 1]) {
            assert.equal(uidsOfFrame(model.name, first.hex + second.hex, cutAt), expected, first.hex + " + " + second.hex);
          }
        }
      }
    });
  }

  for (const vector of vectors) {
    if (vector.uid === "" || WITHOUT_CHECKSUM.includes(vector.model)) continue;
    it("never make another uid of a wrong bit: " + vector.model + " " + vector.uid, () => {
      for (let bit = 0; bit < vector.hex.length * 4; bit++) {
        const bytes = Buffer.from(vector.hex, "hex");
        bytes[bit >> 3] ^= 128 >> (bit & 7);
        const uids = uidsOfFrame(vector.model, bytes.toString("hex"), 0);
        // A bit outside what the checksum covers (the case of a digit, a filler byte) may leave the uid as it was.
        assert.ok(uids === "" || uids === vector.uid, "bit " + bit + ": " + uids);
        // EM-18 sends digits without any mark: there only the pause between two frames makes a new beginning.
        if (vector.model === "em18") continue;
        assert.equal(uidsOfFrame(vector.model, bytes.toString("hex") + vector.hex, 0).endsWith(vector.uid), true, "the frame behind bit " + bit);
      }
    });
  }

  it("print and parse bytes alike", () => {
    for (const vector of vectors) assert.equal(hexOf(bytesOfHex(vector.hex) ?? ""), vector.hex);
  });
});
