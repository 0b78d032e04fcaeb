/*
 * Invariants of every driver when the line is at its worst: bounded memory, honest faults, a clock that wrapped.
 *
 * Input: frames and noise straight into the drivers. Output: test results. Invariant: nothing here depends on an
 * emulator; each case is one that a real line can show.
 */
import assert from "node:assert/strict";
import { hexOf } from "../../../firmware/base/bytes";
import { frameBytes, readerFault, takeUid } from "../../../firmware/inputs/reader/frame";
import type { ReaderState } from "../../../firmware/inputs/reader/frame";
import { READER_MODELS, readerModel } from "../../../firmware/inputs/reader/registry";
import type { ReaderModel } from "../../../firmware/inputs/reader/registry";
import { cardFrame, noCardFrame } from "../../../tools/emulator/reader_frames";
import { uidsOfFrame } from "../../vectors/reader_check";
import { cardOf } from "./reader_bench";
import { driver as sl032Driver } from "../../../firmware/inputs/reader/sl032";

function known(name: string): ReaderModel {
  const model = readerModel(name);
  assert.ok(model, name);
  return model;
}

function taken(state: ReaderState): string[] {
  const uids: string[] = [];
  for (let uid = takeUid(state); uid !== undefined; uid = takeUid(state)) uids.push(hexOf(uid));
  return uids;
}

/** A line of text ended by CR, as hexadecimal. */
function lineOf(text: string): string {
  return Buffer.from(text + "\r", "latin1").toString("hex").toUpperCase();
}

/** Frames with one byte of their framing wrong, everything else right: no card of that reader. */
const WRONG_FRAMING: [string, string, string][] = [
  ["rdm6300", "0230313030303733344530443204", "the end is 04"],
  ["id12la", "023043303030363231413538450D0B03", "CR without LF"],
  ["id12la", "023043303030363231413538450D0A04", "the end is 04"],
  ["7941e", "020A022E00B6D7B5F204", "the end is 04"],
  ["7941e", "020A052E00B6D7B5F503", "no such type"],
  ["7941e", "021002000102030405060708090A1903", "longer than any card"],
  ["7941w", "CDDC008205010203040586", "no such status"],
  ["7941w", "CDDC00810601020304050680", "no card has six bytes"],
  ["sl032", "BD0801019EB36E660393", "a card, but the status says none"],
  ["sl032", "BD0802009EB36E660391", "the answer to another command"],
  ["sm130", "FF00068302D45A8D559B", "the answer to another command"],
  ["yhy502", "AABB06215EC0E07A23", "the answer to another command"],
  ["yhy502", "AABB062011AA0122338C", "the stuffing is missing"],
  ["r200", "BB02220011C9340030751FEB705C5904E3D50D703A76EF7F", "the end is 7F"],
  ["r200", "BB02220011C9340030751FEB705C5904E3D50D703A76F07E", "the sum"],
  ["r200", "BB02230011C9340030751FEB705C5904E3D50D703A76F07E", "the notice of another command"],
  ["r200", "BB02220011C92C0030751FEB705C5904E3D50D7017EA387E", "PC tells another length"],
  ["r200", "BB02220011C9340030751FEB705C5904E3D50D703A77F07E", "the tag's own checksum"],
  ["pn532", "0000FF0CF5D54B0101000408049EB36E66A900", "the checksum of the length"],
  ["pn532", "0000FF0CF4D54B0201000408049EB36E66A800", "two targets where one was asked for"],
  ["pn532", "0000FF0CF4D54B0101000408059EB36E66A800", "no card has five bytes"],
  ["pn532", "0000FF0CF4D44B0101000408049EB36E66AA00", "from a host"],
  ["twn4", lineOf("00018028049EB36E66"), "40 bits in four bytes"],
  ["twn4", lineOf("01018020049EB36E66"), "the status is an error"],
  ["twn4", lineOf("00018020049EB36E"), "a byte is missing"],
  ["twn4", lineOf("000140280501000734"), "a byte of five is missing"],
  ["twn4", lineOf("00018020049EB36E66FF"), "a byte more than it says"],
  ["twn4", lineOf("000180580B" + "0102030405060708090A0B"), "longer than any card"],
];

describe("reader drivers at their limits", () => {
  for (const [name, hex, why] of WRONG_FRAMING) {
    it(name + " takes no card from a frame that is right but for one thing: " + why, () => {
      assert.equal(uidsOfFrame(known(name).driver, hex, 0), "");
    });
  }

  for (const model of READER_MODELS) {
    it(model.name + " keeps a bounded number of cards that are not taken, each of them whole", () => {
      const state = model.driver.create();
      const frame = cardFrame(model.name, cardOf(model));
      for (let count = 0; count < 100; count++) model.driver.feed(state, frame, 1000 + count * 100);
      model.driver.feed(state, "", 20000);
      assert.ok(state.queue.length <= 64, String(state.queue.length));
      const uids = taken(state);
      assert.deepEqual(uids, new Array(Math.floor(64 / (1 + cardOf(model).length / 2))).fill(cardOf(model)));
    });

    it(model.name + " keeps a bounded buffer of a line that never ends a frame", () => {
      // Single bytes, and headers that announce more than any card has.
      for (const byte of ["3", "A", "\x02", "\xaa", "\xbb", "\xff", "\x00", "\xbd", "\xcd", "\x00\xff\xc8\x38", "\x02\xff\x01", "\xbb\x02\x22\x00\xff"]) {
        const state = model.driver.create();
        model.driver.feed(state, byte, 999);
        for (let count = 0; count < 1000; count++) {
          model.driver.feed(state, byte.charAt(byte.length - 1), 1000 + count);
          assert.ok(state.buffer.length <= 96, "of " + hexOf(byte));
        }
      }
    });

    it(model.name + " reads a card again after half the circle of milliseconds without one", () => {
      const state = model.driver.create();
      const frame = cardFrame(model.name, cardOf(model));
      for (const atMs of [5000, (5000 + 2 ** 29 + 9000) % 2 ** 30]) {
        model.driver.poll(state, atMs);
        model.driver.feed(state, frame.substring(0, 3), atMs);
        model.driver.feed(state, "", atMs + 600);
        model.driver.feed(state, frame, atMs + 700);
        if (model.name === "hz1050") model.driver.feed(state, frame, atMs + 900);
        model.driver.feed(state, "", atMs + 1400);
        assert.deepEqual(taken(state), [cardOf(model)]);
      }
    });

    if (model.driver.pollMs === 0) continue;
    it(model.name + " is asked again after a pause of half the circle of milliseconds", () => {
      const state = model.driver.create();
      assert.notEqual(model.driver.poll(state, 1000), "");
      assert.notEqual(model.driver.poll(state, (1000 + 2 ** 29 + 9000) % 2 ** 30), "");
    });

    it(model.name + " is absent though its line is full of noise, until an answer is good", () => {
      const state = model.driver.create();
      let nowMs = 1000;
      for (; nowMs < 6000; nowMs += 50) {
        model.driver.poll(state, nowMs);
        model.driver.feed(state, "\x00\r\n\x55\r", nowMs);
      }
      assert.equal(readerFault(state), "absent");
      model.driver.feed(state, noCardFrame(model.name), nowMs + 300);
      assert.equal(readerFault(state), "");
    });
  }

  // The checksum of the SL032 reads as another header, which is then refused too.
  for (const [name, hex, refused] of [["sm130", "FF0002834CD1", 1], ["yhy502", "AABB02DEDC", 1], ["sl032", "BD030201BD", 2], ["7941w", "CDDC00820082", 1]] as const) {
    it(name + " takes the answer to another command for none", () => {
      const { driver } = known(name);
      const state = driver.create();
      driver.feed(state, Buffer.from(hex, "hex").toString("latin1"), 1000);
      driver.feed(state, "", 2000);
      assert.equal(state.refused, refused);
    });
  }

  for (const name of ["linehex", "linedecimal", "em18", "twn4"]) {
    it(name + " calls a line of nothing but bad lines noisy, with anything between them", () => {
      const { driver } = known(name);
      const state = driver.create();
      for (let count = 0; count < 20; count++) driver.feed(state, "zzzzz\r\n", 1000 + count);
      assert.equal(readerFault(state), "noise");
    });
  }

  it("hz1050 calls a line whose frames have no four bytes noisy, until two agree", () => {
    const { driver } = known("hz1050");
    const state = driver.create();
    for (let count = 0; count < 20; count++) driver.feed(state, "abc", 1000 + count * 100);
    driver.feed(state, "", 4000);
    assert.equal(readerFault(state), "noise");
    for (const atMs of [4100, 4300, 4500]) driver.feed(state, "wxyz", atMs);
    assert.equal(readerFault(state), "");
  });

  it("a line that is cut off by the begin of the next one is no card", () => {
    assert.equal(uidsOfFrame(known("linehex").driver, lineOf("9EB36E66\x02047BCB51962280"), 0), "047BCB51962280");
    assert.equal(uidsOfFrame(known("linedecimal").driver, lineOf("00451\x020045131261"), 0), "02B0A5FD");
  });

  it("a line shorter or longer than any card is no card, nor is its end", () => {
    assert.equal(uidsOfFrame(known("linehex").driver, lineOf("9EB36E"), 0), "");
    assert.equal(uidsOfFrame(known("linedecimal").driver, lineOf("1234"), 0), "");
    assert.equal(uidsOfFrame(known("linehex").driver, lineOf("0".repeat(30)), 0), "");
    assert.equal(uidsOfFrame(known("linehex").driver, lineOf("0".repeat(22)), 0), "");
    assert.equal(uidsOfFrame(known("linedecimal").driver, lineOf("18446744073709551616"), 0), "", "2^64");
    assert.equal(uidsOfFrame(known("linedecimal").driver, lineOf("18446744073709551615"), 0), "FFFFFFFFFFFFFFFF");
    assert.equal(uidsOfFrame(known("linedecimal").driver, lineOf("1099511627776"), 0), "00010000000000", "2^40 has seven bytes");
    assert.equal(uidsOfFrame(known("linedecimal").driver, lineOf("4294967296"), 0), "0100000000", "2^32 has five");
  });

  it("pn532 wakes a chip that did not understand a command", () => {
    const { driver } = known("pn532");
    const state = driver.create();
    const wake = driver.poll(state, 1000);
    driver.feed(state, "\x00\x00\xff\x02\xfe\xd5\x15\x16\x00", 1005);
    assert.notEqual(driver.poll(state, 1010), wake);
    driver.feed(state, "\x00\x00\xff\x01\xff\x7f\x81\x00", 1015);
    assert.equal(driver.poll(state, 1300), wake);
  });

  it("the line end of some EM-18 clones is no bad frame, and a refused number is dropped whole", () => {
    const { driver } = known("em18");
    const state = driver.create();
    for (let count = 0; count < 3; count++) driver.feed(state, cardFrame("em18", "4500C5D1E9") + "\r\n", 1000 + count * 100);
    assert.equal(state.refused, 0);
    // A window that slid over the text would find the right checksum one digit later.
    assert.equal(uidsOfFrame(driver, "46343530304335443145394238", 0), "");
  });

  it("the raw HZ-1050 confirms no number by one of a minute ago", () => {
    const { driver } = known("hz1050");
    const state = driver.create();
    driver.feed(state, "wxyz", 1000);
    driver.feed(state, "", 1200);
    driver.feed(state, "wxyz", 61000);
    driver.feed(state, "", 61200);
    assert.equal(takeUid(state), undefined);
    driver.feed(state, "wxyz", 61300);
    driver.feed(state, "", 61500);
    assert.equal(takeUid(state), "wxyz");
  });
});

describe("an SL032 after a stray byte", () => {
  it("finds the frame that begins right behind it", () => {
    const state = sl032Driver.create();
    sl032Driver.feed(state, frameBytes("BDBD0801009EB36E660392"), 0);
    assert.equal(takeUid(state), frameBytes("9EB36E66"));
  });
});
