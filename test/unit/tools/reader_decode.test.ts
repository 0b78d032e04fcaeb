/*
 * The output of the commands about readers.
 *
 * Input: frames, good and bad. Output: test results. Invariant: a bad frame gets a reason, and never a uid.
 */
import assert from "node:assert/strict";
import { READER_MODELS } from "../../../firmware/inputs/reader/registry";
import { vectors } from "../inputs/reader_frame_lists";
import { decodeReader, listReaders } from "../../../tools/readers/decode";

describe("sdc decode", () => {
  it("prints uid, frame and every notation of a good frame, spaces or not", () => {
    const good = decodeReader("rdm6300", "02 30 31 30 30 30 37 33 34 45 30 44 32 03");
    assert.equal(good.exitCode, 0);
    assert.equal(good.lines[0], "model        rdm6300: RDM6300, RDM630, Grove 125 kHz");
    assert.ok(good.lines.includes("uid          01000734E0"));
    assert.ok(good.lines.includes("  8h10d        0000472288"));
    assert.ok(good.lines.includes("frame        0230313030303733344530443203  good"));
  });

  it("says of a wrong checksum what it is and what it would have to be", () => {
    const em = decodeReader("rdm6300", "0231303030323646343434323603");
    assert.equal(em.exitCode, 1);
    assert.ok(em.lines.includes("checksum     byte 12 is 26; for these data it would be 86"), em.lines.join("\n"));
    assert.equal(em.lines[em.lines.length - 1], "no uid: checksum");
    const pn532 = decodeReader("pn532", "0000FF0CF4D54B010100040804078CFC4FF100");
    assert.ok(pn532.lines.includes("checksum     byte 18 is F1; for these data it would be F0"), pn532.lines.join("\n"));
  });

  it("tells an incomplete frame, a frame without a card, and bytes that are no frame apart", () => {
    assert.equal(decodeReader("rdm6300", "0230313030").lines.pop(), "no uid: cut off");
    assert.ok(decodeReader("rdm6300", "0231" + "0230313030303733344530443203").lines.includes("refused      0231…  cut off"));
    assert.equal(decodeReader("pn532", "0000FF03FDD54B00E000").lines.pop(), "no uid: the frame carries none");
    assert.equal(decodeReader("sl032", "1122").lines.pop(), "no uid: these bytes begin no frame of this model");
    assert.equal(decodeReader("hz1050", "02B0A5FD").lines.pop(), "no uid: not confirmed");
  });

  it("gives the verdict and the uid of every known frame, and of each bad one the reason", () => {
    for (const { model, hex, uid } of vectors) {
      const { lines, exitCode } = decodeReader(model, hex);
      assert.ok(lines.includes("raw          " + hex), model + " " + hex);
      assert.equal(exitCode, uid === "" ? 1 : 0, model + " " + hex);
      if (uid !== "") assert.ok(lines.includes("uid          " + uid), lines.join("\n"));
      else assert.match(lines[lines.length - 1]!, /^no uid: \S/);
      assert.equal(lines.some((line) => line.startsWith("uid ")), uid !== "", lines.join("\n"));
    }
  });

  it("warns of a random uid", () => {
    assert.match(decodeReader("pn532", "0000FF0CF4D54B010100040804088CFC4FEF00").lines.join("\n"), /random uid/);
  });

  it("refuses an unknown model and text that is not hexadecimal, with the remedy", () => {
    assert.equal(decodeReader("rdm", "00").exitCode, 2);
    assert.match(decodeReader("rdm", "00").lines[0]!, /there are: rdm6300, /);
    assert.equal(decodeReader("rdm6300", "0").exitCode, 2);
    assert.equal(decodeReader("rdm6300", "").exitCode, 2);
    assert.equal(decodeReader("rdm6300", "zz").exitCode, 2);
  });
});

describe("sdc readers", () => {
  it("lists every model with speed, pace, cards and wires", () => {
    const text = listReaders().lines.join("\n");
    assert.match(text, /^pn532 +115200 baud +asked every 250 ms +PN532/m);
    assert.match(text, /^rdm6300 +9600 baud +sends unasked/m);
    assert.equal(text.match(/ wires: /g)?.length, READER_MODELS.length);
  });
});
