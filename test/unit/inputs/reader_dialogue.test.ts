/*
 * Every driver with its emulated reader, as the device runs them: fed and polled at each tick.
 *
 * Input: cards shown for a while, power cuts of the reader, noise; virtual time, printed seeds. Output:
 * test results. Invariant: what presence makes of the sightings is one event a presentation, and never
 * another uid than the card's.
 */
import assert from "node:assert/strict";
import { READER_MODELS } from "../../../firmware/inputs/reader/registry";
import { CLEAN } from "../../../tools/emulator/line";
import { uidBytesOf } from "../../../tools/emulator/reader_frames";
import { Bench, cardOf, cardOfLength } from "./reader_bench";
import { readerFault } from "../../../firmware/inputs/reader/frame";

/** Readers that say a card once cannot be held. */
const ONCE = ["id12la", "em18", "linehex", "linedecimal"];
/** Of 80 presentations over a bad line, those that are seen, where not all are; uids that the noise made, where there are some. */
const SEEN: { [model: string]: number } = { em18: 62, id12la: 58, linedecimal: 64, linehex: 64 };
const WRONG: { [model: string]: number } = { linedecimal: 4, twn4: 5, sl032: 1, sm130: 1 };

for (const model of READER_MODELS) {
  describe("reader " + model.name + " with its emulator", () => {
    const asked = model.driver.pollMs > 0;

    it("gives no uid and no fault while no card is there", () => {
      const bench = new Bench(model, 1);
      bench.run(30000);
      assert.deepEqual(bench.sightings, []);
      assert.equal(readerFault(bench.state), "");
    });

    it("makes one event of each card that is held for ten seconds", () => {
      for (const bytes of uidBytesOf(model.name)) {
        const card = cardOfLength(bytes);
        const bench = new Bench(model, 2);
        bench.run(2000);
        bench.card(card);
        bench.run(10000);
        bench.card("");
        bench.run(1000);
        assert.deepEqual(bench.events, [card]);
        if (!ONCE.includes(model.name)) assert.ok(bench.sightings.length >= 10, String(bench.sightings.length));
      }
    });

    it("makes a second event when the card comes back after the dead time, and none before", () => {
      const bench = new Bench(model, 3);
      bench.run(1000);
      for (const awayMs of [3000, 6000, 0]) {
        bench.card(cardOf(model));
        bench.run(1000);
        bench.card("");
        bench.run(awayMs);
      }
      assert.deepEqual(bench.events, [cardOf(model), cardOf(model)]);
    });

    // Who is asked sees such a card only when the question falls into these 5 ms; one that repeats must say a number twice.
    const never = model.name === "hz1050" || model.driver.minSightings > 1;
    const always = !asked && !never;
    it("makes " + (always ? "one event" : never ? "no event" : "one event or none") + " of a card that is shown for 5 ms, at any moment", () => {
      let seen = 0;
      for (let atMs = 0; atMs < 300; atMs += 5) {
        const bench = new Bench(model, 8);
        bench.run(2000);
        bench.run(atMs, 5);
        bench.card(cardOf(model));
        bench.run(5, 5);
        bench.card("");
        bench.run(2500);
        if (bench.events.length > 0 || always) assert.deepEqual(bench.events, [cardOf(model)], "shown at " + atMs);
        seen += bench.events.length;
      }
      assert.equal(seen > 0, !never);
    });

    it("makes one event of each of two cards that are laid on it in turn", () => {
      const bench = new Bench(model, 7);
      bench.run(2000);
      for (let turn = 0; turn < 40; turn++) {
        bench.card(cardOf(model, turn % 2 === 1));
        bench.run(600);
        bench.card("");
        bench.run(100);
      }
      assert.deepEqual(bench.events, [cardOf(model), cardOf(model, true)]);
    });

    if (!ONCE.includes(model.name)) {
      it("sees a held card without a gap, so that a hold time of two seconds is reached", () => {
        const bench = new Bench(model, 4, CLEAN, 2000);
        bench.run(2000);
        bench.card(cardOf(model));
        bench.run(1800);
        assert.deepEqual(bench.events, []);
        bench.run(1200);
        assert.deepEqual(bench.events, [cardOf(model)]);
      });
    }

    it("takes another uid from a line with noise, lost bytes and wrong bits no more often than its checksum must", () => {
      let seen = 0;
      let wrong = 0;
      let sightings = 0;
      for (let seed = 100; seed < 120; seed++) {
        const bench = new Bench(model, seed, { lost: 4, flipped: 4, noise: 8 });
        bench.run(1000);
        for (let count = 0; count < 4; count++) {
          bench.card(cardOf(model));
          bench.run(3000);
          bench.card("");
          bench.run(6000);
        }
        sightings += bench.sightings.length;
        wrong += bench.sightings.filter((uid) => uid !== cardOf(model)).length;
        seen += bench.events.filter((uid) => uid === cardOf(model)).length;
      }
      // Without a checksum, a wrong bit can make another valid number: docs/READERS.md says which models.
      if (!["linehex", "linedecimal", "twn4"].includes(model.name)) assert.ok(wrong * 256 <= sightings, wrong + " of " + sightings);
      assert.deepEqual([seen, wrong], [SEEN[model.name] ?? 80, WRONG[model.name] ?? 0], seen + " of 80 presentations");
    });

    if (asked) {
      it("is reported absent within two seconds, and found again with its card when it comes back", () => {
        const bench = new Bench(model, 5);
        bench.run(2000);
        bench.emulator.powerCycle(true);
        bench.run(2000);
        assert.equal(readerFault(bench.state), "absent");
        bench.emulator.powerCycle(false);
        bench.card(cardOf(model));
        bench.run(5000);
        assert.equal(readerFault(bench.state), "");
        assert.deepEqual(bench.events, [cardOf(model)]);
      });

      it("is set up again after a short loss of its supply", () => {
        const bench = new Bench(model, 6);
        bench.run(3000);
        bench.emulator.powerCycle(false);
        bench.run(5000);
        bench.card(cardOf(model));
        bench.run(2000);
        assert.deepEqual(bench.events, [cardOf(model)]);
      });

      it("is asked no more often than its pace, and once a second while absent", () => {
        const state = model.driver.create();
        const askedMs: number[] = [];
        for (let nowMs = 0; nowMs < 20000; nowMs += 10) if (model.driver.poll(state, nowMs) !== "") askedMs.push(nowMs);
        for (let index = 1; index < askedMs.length; index++) assert.ok(askedMs[index]! - askedMs[index - 1]! >= model.driver.pollMs);
        assert.equal(askedMs.filter((ms) => ms >= 10000).length, 10);
      });
    } else {
      it("is never asked anything", () => {
        const state = model.driver.create();
        for (let nowMs = 0; nowMs < 5000; nowMs += 10) assert.equal(model.driver.poll(state, nowMs), "");
        assert.equal(readerFault(state), "");
      });
    }
  });
}
