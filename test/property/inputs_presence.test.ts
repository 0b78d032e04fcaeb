/*
 * Presence against an exact reference, for any sightings of up to four cards.
 *
 * Input: random sightings, from fast-check's printed seed. Output: equal events. Invariant: the reference
 * looks at each card's whole history at once and shares no code with the firmware.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { createPresence, presenceSeen, presenceTake } from "../../firmware/inputs/presence";

const CIRCLE_MS = 2 ** 30;
const CARDS = ["0102B0A5FD", "9EB36E66", "047BCB51962280", "08AABBCC"];

interface Sighting {
  card: number;
  atMs: number;
}

/** Events of one card: moments, from all its sightings. */
function eventsOf(sightings: Sighting[], heldMs: number, forgetMs: number, holdMs: number): number[] {
  const events: number[] = [];
  let firstMs = 0;
  let done = false;
  sightings.forEach((sighting, index) => {
    const awayMs = index === 0 ? Infinity : sighting.atMs - sightings[index - 1]!.atMs;
    if (awayMs > forgetMs) done = false;
    if (awayMs > forgetMs || (!done && awayMs > heldMs)) firstMs = sighting.atMs;
    if (!done && sighting.atMs - firstMs >= holdMs) {
      done = true;
      events.push(sighting.atMs);
    }
  });
  return events;
}

describe("presence against an exact reference", () => {
  const steps = fc.array(fc.record({ card: fc.nat(3), afterMs: fc.oneof(fc.nat(150), fc.nat(1500), fc.nat(9000)) }), { maxLength: 80, size: "max" });
  const settings = fc.record({ heldMs: fc.integer({ min: 0, max: 1000 }), deadTimeMs: fc.integer({ min: 0, max: 6000 }), holdMs: fc.constantFrom(0, 0, 300, 1000) });

  it("gives each card the same events at the same moments, and a random uid none", () => {
    let total = 0;
    fc.assert(fc.property(steps, settings, fc.nat(CIRCLE_MS - 1), (given, { heldMs, deadTimeMs, holdMs }, startMs) => {
      let atMs = 0;
      const sightings = given.map((step) => ({ card: step.card, atMs: (atMs += step.afterMs) }));
      const presence = createPresence({ model: "", port: 2, baud: 0, uidFormat: "hex", presenceTimeoutMs: heldMs, rearmDelayMs: deadTimeMs, minHoldMs: holdMs, minSightings: 0 }, true, 1);
      const events: string[] = [];
      for (const sighting of sightings) {
        const now = { ms: (startMs + sighting.atMs) % CIRCLE_MS, s: 0 };
        presenceSeen(presence, CARDS[sighting.card]!, now);
        for (let uid = presenceTake(presence, now); uid !== ""; uid = presenceTake(presence, now)) events.push(uid + "@" + sighting.atMs);
      }
      const expected: string[] = [];
      for (let card = 0; card < 3; card++) {
        for (const ms of eventsOf(sightings.filter((one) => one.card === card), heldMs, heldMs + deadTimeMs, holdMs)) expected.push(CARDS[card] + "@" + ms);
      }
      assert.deepEqual(events.sort(), expected.sort());
      total += events.length;
    }), { numRuns: 2000 });
    assert.ok(total > 1000, "the sightings make events: " + total);
  });
});
