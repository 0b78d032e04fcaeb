/* RDM6300 behind an emulated line: noise, pieces, and a card held on it. */
import assert from "node:assert/strict";
import { hexOf } from "../../../firmware/base/bytes";
import { readerModel } from "../../../firmware/inputs/reader/registry";
import type { Piece } from "../../../tools/emulator/line";
import { rdm6300Card, rdm6300Frame } from "../../../tools/emulator/rdm6300";
import { readerFault, takeUid } from "../../../firmware/inputs/reader/frame";

function uids(pieces: Piece[]): string[] {
  const model = readerModel("rdm6300");
  assert.ok(model);
  const state = model.driver.create();
  const found: string[] = [];
  for (const piece of pieces) {
    model.driver.feed(state, piece.bytes, piece.atMs);
    assert.equal(model.driver.poll(state, piece.atMs), "");
    for (let uid = takeUid(state); uid !== undefined; uid = takeUid(state)) found.push(hexOf(uid));
  }
  return found;
}

describe("rdm6300 driver", () => {
  it("reads every frame of a held card, however the line cuts it", () => {
    for (let seed = 1; seed <= 20; seed++) {
      assert.deepEqual(uids(rdm6300Card("0102B0A5FD", 1000, 500, seed)), new Array(10).fill("0102B0A5FD"));
    }
  });

  it("reads what noise leaves whole, and nothing else", () => {
    let read = 0;
    for (let seed = 1; seed <= 50; seed++) {
      for (const uid of uids(rdm6300Card("62E3086CED", 1000, 1000, seed, { lost: 10, flipped: 10, noise: 20 }))) {
        assert.equal(uid, "62E3086CED", "seed " + seed);
        read++;
      }
    }
    assert.equal(read, 553);
  });

  it("waits through a long tick, and gives up a frame that stays cut", () => {
    const frame = rdm6300Frame("010063E9AE");
    assert.deepEqual(uids([{ atMs: 0, bytes: frame.substring(0, 9) }, { atMs: 200, bytes: frame.substring(9) }]), ["010063E9AE"]);
    assert.deepEqual(uids([{ atMs: 0, bytes: frame.substring(0, 9) }, { atMs: 900, bytes: frame.substring(9) }]), []);
  });

  it("calls a line with nothing but bad frames noisy until a good one comes", () => {
    const model = readerModel("rdm6300");
    assert.ok(model);
    const state = model.driver.create();
    for (let count = 0; count < 20; count++) model.driver.feed(state, "\x02100026F44426\x03", count);
    assert.equal(readerFault(state), "noise");
    model.driver.feed(state, rdm6300Frame("100086F444"), 30);
    assert.equal(readerFault(state), "");
  });
});
