/*
 * Cards on a reader: held, taken away, in turn, very short, random; and what a card does to a session.
 *
 * Input: sightings in virtual time. Output: test results. Invariant: one presentation, one event.
 */
import assert from "node:assert/strict";
import type { ReaderConfiguration } from "../../../firmware/configuration/configuration";
import { createPresence, presenceSeen, presenceTake, takeRefusal } from "../../../firmware/inputs/presence";
import type { Presence } from "../../../firmware/inputs/presence";
import { cardTrigger } from "../../../firmware/session/pins";

const READER: ReaderConfiguration = { model: "rdm6300", port: 2, baud: 9600, uidFormat: "hex", presenceTimeoutMs: 400, rearmDelayMs: 5000, minHoldMs: 0, minSightings: 0 };

function show(p: Presence, uid: string, fromMs: number, toMs: number, everyMs = 50): string[] {
  const taken: string[] = [];
  for (let ms = fromMs; ms <= toMs; ms += everyMs) {
    presenceSeen(p, uid, { ms: ms % 2 ** 30, s: 0 });
    take(p, ms, taken);
  }
  return taken;
}

function take(p: Presence, ms: number, taken: string[]): void {
  for (let uid = presenceTake(p, { ms: ms % 2 ** 30, s: 0 }); uid !== ""; uid = presenceTake(p, { ms: ms % 2 ** 30, s: 0 })) taken.push(uid);
}

describe("presence", () => {
  it("makes one event of a card held for an hour", () => {
    assert.deepEqual(show(createPresence(READER, true, 1), "0102B0A5FD", 0, 3600000), ["0102B0A5FD"]);
  });

  it("makes one event of a card that the reader loses now and then", () => {
    assert.deepEqual(show(createPresence(READER, true, 1), "0102B0A5FD", 0, 3600000, 1900), ["0102B0A5FD"]);
  });

  it("makes an event of a card that is seen once", () => {
    assert.deepEqual(show(createPresence(READER, true, 1), "A1", 77, 77), ["A1"]);
  });

  it("does nothing for the same card within the dead time, counted from its last sighting", () => {
    const p = createPresence(READER, true, 1);
    assert.deepEqual(show(p, "A1", 0, 100), ["A1"]);
    assert.deepEqual(show(p, "A1", 4000, 4100), []);
    assert.deepEqual(show(p, "A1", 9400, 9500), []);
    assert.deepEqual(show(p, "A1", 9500 + 5401, 15000), ["A1"]);
  });

  it("makes one event of each of two cards that the reader sees in turn", () => {
    const p = createPresence(READER, true, 1);
    const taken: string[] = [];
    for (let ms = 0; ms < 60000; ms += 120) {
      presenceSeen(p, (ms / 120) % 2 === 0 ? "A1" : "B2", { ms, s: 0 });
      take(p, ms, taken);
    }
    assert.deepEqual(taken, ["A1", "B2"]);
  });

  it("acts on another card at once, dead time of the first or not", () => {
    const p = createPresence(READER, true, 1);
    show(p, "A1", 0, 100);
    assert.deepEqual(show(p, "B2", 200, 300), ["B2"]);
  });

  it("waits for the hold time and starts it again when the card was taken away", () => {
    const p = createPresence({ ...READER, minHoldMs: 1000 }, true, 1);
    assert.deepEqual(show(p, "A1", 0, 950), []);
    assert.deepEqual(show(p, "A1", 2000, 2950), []);
    assert.deepEqual(show(p, "A1", 2980, 3000, 20), ["A1"]);
  });

  it("refuses a random uid with its reason, once for each time it is shown", () => {
    const p = createPresence(READER, true, 1);
    assert.deepEqual(show(p, "08AABBCC", 0, 1000), []);
    assert.equal(p.refusal, "random uid 08AABBCC");
    p.refusal = "";
    show(p, "08AABBCC", 1050, 2000);
    assert.equal(p.refusal, "");
  });

  for (const half of ["8804A3C6", "880451AA77"]) {
    it(`refuses ${half}, the first half of a longer uid, where such cards are read, and takes it for a 125 kHz number`, () => {
      const p = createPresence(READER, true, 1);
      assert.deepEqual(show(p, half, 0, 1000), []);
      assert.equal(takeRefusal(p), `half uid ${half} refused: different cards share it; use a reader that gives 7-byte uids`);
      assert.equal(takeRefusal(p), "");
      assert.deepEqual(show(createPresence(READER, false, 1), half, 0, 100), [half]);
    });
  }

  for (const uid of ["88045100AA", "04A3C6CAE26188", "880451AABBCCDD"]) {
    it(`takes ${uid}, which is whole`, () => assert.deepEqual(show(createPresence(READER, true, 1), uid, 0, 100), [uid]));
  }

  for (const uid of ["00000000", "0000000000", "00000000000000", "FFFFFFFF", "FFFFFFFFFF", "FFFFFFFFFFFFFFFFFFFFFFFF"]) {
    it(`refuses ${uid} at any reader, held or not`, () => {
      for (const reads of [true, false]) {
        const p = createPresence(READER, reads, 1);
        assert.deepEqual(show(p, uid, 0, 1000), []);
        assert.equal(takeRefusal(p), `constant uid ${uid} refused: no card has it; look at the reader's wires and supply`);
      }
    });
  }

  it("does nothing for a lone frame of a reader that repeats, and says so once the card is forgotten", () => {
    const p = createPresence(READER, false, 2);
    assert.deepEqual(show(p, "0000078F88", 0, 0), []);
    const later: string[] = [];
    for (let ms = 40; ms < 5400; ms += 40) take(p, ms, later);
    assert.deepEqual([later, p.refusal], [[], ""]);
    take(p, 5440, later);
    assert.deepEqual(later, []);
    assert.equal(takeRefusal(p), "lone frame 0000078F88 refused: a held card repeats; hold it longer, or set minSightings to 1 for a reader that sends once");
  });

  it("counts only frames that follow each other within the held time", () => {
    const p = createPresence(READER, false, 3);
    assert.deepEqual(show(p, "A1", 0, 400, 400), [], "two");
    assert.deepEqual(show(p, "A1", 900, 1300, 400), [], "two, after more than the held time");
    assert.deepEqual(show(p, "A1", 1700, 1700), ["A1"], "the third");
    assert.deepEqual(show(createPresence(READER, false, 2), "A1", 0, 50), ["A1"]);
  });

  it("takes the number of frames that the configuration says", () => {
    assert.deepEqual(show(createPresence({ ...READER, minSightings: 1 }, false, 2), "A1", 0, 0), ["A1"]);
    assert.deepEqual(show(createPresence({ ...READER, minSightings: 5 }, false, 1), "A1", 0, 150), []);
    assert.deepEqual(show(createPresence({ ...READER, minSightings: 5 }, false, 1), "A1", 0, 200), ["A1"]);
  });

  it("accepts numbers that begin with 08 where the reader has no random ones, and longer ones everywhere", () => {
    assert.deepEqual(show(createPresence(READER, false, 1), "08AABBCC", 0, 100), ["08AABBCC"]);
    assert.deepEqual(show(createPresence(READER, true, 1), "08AABBCCDD", 0, 100), ["08AABBCCDD"]);
  });

  it("forgets the card that was seen longest ago when a fifth one comes", () => {
    const p = createPresence(READER, true, 1);
    for (let index = 0; index < 5; index++) assert.equal(show(p, "C" + String(index), index * 10, index * 10).length, 1);
    assert.deepEqual(show(p, "C4", 60, 60), []);
    assert.deepEqual(show(p, "C0", 70, 70), ["C0"]);
  });

  it("works across the wrap of the milliseconds", () => {
    assert.deepEqual(show(createPresence({ ...READER, minHoldMs: 500 }, true, 1), "A1", 2 ** 30 - 300, 2 ** 30 + 900), ["A1"]);
  });

  it("does not hold a card of long ago against a new one", () => {
    const p = createPresence(READER, true, 1);
    show(p, "A1", 0, 100);
    for (let ms = 0; ms < 2 ** 29 + 5000; ms += 10000) presenceTake(p, { ms, s: 0 });
    assert.deepEqual(show(p, "A1", 2 ** 29 + 9000, 2 ** 29 + 9000), ["A1"]);
  });

  it("gives a card that comes again after half the circle of milliseconds its event, also without a tick in between", () => {
    const p = createPresence(READER, true, 1);
    show(p, "A1", 0, 100);
    assert.deepEqual(show(p, "A1", 2 ** 29 + 9000, 2 ** 29 + 9000), ["A1"]);
  });

  it("acts on two cards that are due at the same tick in the order in which they were shown", () => {
    const p = createPresence(READER, true, 1);
    presenceSeen(p, "A1", { ms: 100, s: 0 });
    presenceSeen(p, "B2", { ms: 110, s: 0 });
    const taken: string[] = [];
    take(p, 120, taken);
    assert.deepEqual(taken, ["A1", "B2"]);
  });

  it("keeps nothing of cards that are gone for longer than the dead time", () => {
    const p = createPresence({ ...READER, minHoldMs: 1000 }, true, 1);
    show(p, "A1", 0, 100);
    show(p, "B2", 0, 2000);
    assert.equal(p.uids.length, 2);
    take(p, 2000 + 5400, []);
    assert.equal(p.uids.length, 2);
    // Forgotten at one tick, given back to the memory at the next.
    for (const ms of [2000 + 5401, 2000 + 5421]) take(p, ms, []);
    for (const list of [p.uids, p.states, p.firstMs, p.lastMs]) assert.equal(list.length, 0);
  });
});

describe("card trigger", () => {
  it("makes no pulse in mode none", () => {
    for (const active of [false, true]) for (const same of [false, true]) assert.equal(cardTrigger("none", active, same), "none");
  });

  it("starts a session in both other modes, and never a second one", () => {
    for (const mode of ["start", "startEnd"] as const) {
      assert.equal(cardTrigger(mode, false, false), "start");
      assert.equal(cardTrigger(mode, true, false), "none");
    }
  });

  it("ends a session only in mode startEnd and only by the same user", () => {
    assert.equal(cardTrigger("startEnd", true, true), "end");
    assert.equal(cardTrigger("startEnd", true, false), "none");
    assert.equal(cardTrigger("start", true, true), "none");
  });
});
