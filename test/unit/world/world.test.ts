/*
 * The scripted day is the judge's script: it must itself be what it says.
 */
import assert from "node:assert/strict";
import { AWAY_MS, OUTAGE_MS, scriptedDay } from "../../../tools/world/day";

const WIRING = { contactPin: 26, meterPin: 25, readerPort: 2 };

describe("the scripted day", () => {
  const day = scriptedDay(1, WIRING);

  it("is the same for the same seed and another for another", () => {
    assert.deepEqual(scriptedDay(1, WIRING), day);
    assert.notDeepEqual(scriptedDay(2, WIRING).events, day.events);
  });

  it("has its events in order of time, inside the day", () => {
    day.events.forEach((event, index) => {
      assert.ok(event.atMs >= 0 && event.atMs < day.durationMs);
      assert.ok(index === 0 || event.atMs >= day.events[index - 1]!.atMs);
    });
  });

  it("counts as many pulses as its ledger has Wh, none of them while the power is off", () => {
    for (const entry of day.ledger) {
      assert.equal(entry.pulsesMs.length, entry.energyWh);
      assert.ok(entry.pulsesMs.every((atMs) => atMs < OUTAGE_MS[0] || atMs > OUTAGE_MS[1]));
    }
  });

  it("loses power in the middle of a session that charges before and after", () => {
    const cut = day.ledger.filter((entry) => entry.startMs < OUTAGE_MS[0] && entry.endMs > OUTAGE_MS[1]);
    assert.equal(cut.length, 1);
    assert.ok(cut[0]!.pulsesMs.some((atMs) => atMs < OUTAGE_MS[0]) && cut[0]!.pulsesMs.some((atMs) => atMs > OUTAGE_MS[1]));
  });

  it("ends two whole sessions while the endpoint is away", () => {
    assert.equal(day.ledger.filter((entry) => entry.startMs > AWAY_MS[0] && entry.endMs < AWAY_MS[1]).length, 2);
  });
});
