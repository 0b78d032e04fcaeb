/*
 * The parts of the simulator that decide without a world: words, spans, shrinking, prices.
 *
 * Input: small values. Output: test results. Invariant: expected values are worked out by hand.
 */
import assert from "node:assert/strict";
import { costSpan } from "../../../tools/sim/checkers/money";
import { valuesOf } from "../../../tools/sim/checkers/log";
import { DEFAULTS, FAULTS, faultsOf, replayCommand } from "../../../tools/sim/options";
import { shrink, type Played } from "../../../tools/sim/run/swarm";
import { Ledger } from "../../../tools/sim/world/expected";
import { createPeople } from "../../../tools/sim/world/people";
import { createPlace } from "../../../tools/sim/world/place";
import type { TruthEvent } from "../../../tools/sim/world/truth";

const people = createPeople(1);

function placeWithPause(pauseS: number): ReturnType<typeof createPlace> {
  const place = createPlace(1, 0, people.known.length, []);
  place.document.block.pauseS = pauseS;
  return place;
}

function sessionsOf(pauseS: number, events: TruthEvent[], cutMs = Infinity, backMs = Infinity): [number, number, string[]][] {
  const ledger = new Ledger(placeWithPause(pauseS), people);
  for (const event of events) ledger.take(event, cutMs, backMs);
  ledger.passTo(10_000_000);
  return ledger.sessions.map(({ startMs, endMs, uids }) => [startMs[0], endMs[0], [...uids]]);
}

const A = people.known[0]!.cards[0]!;
const B = people.known[1]!.cards[0]!;

describe("the options of the simulator", () => {
  it("know all, none, names, and all but a name", () => {
    assert.deepEqual(faultsOf("none"), []);
    assert.deepEqual(faultsOf("all"), [...FAULTS]);
    assert.deepEqual(faultsOf("power, net"), ["net", "power"]);
    assert.deepEqual(faultsOf("all,-flash"), FAULTS.filter((name) => name !== "flash"));
    assert.throws(() => faultsOf("weather"), /no fault 'weather'; there are: all, none, wifi/);
  });

  it("give the command that makes the same world", () => {
    assert.equal(replayCommand({ ...DEFAULTS, seed: 7, days: 2, boards: 3, faults: ["net", "power"] }), "npx sdc sim --seed 7 --days 2 --boards 3 --faults net,power");
  });
});

describe("the ledger of the simulator", () => {
  it("gives a session the card shown before it, or the first one shown in it", () => {
    assert.deepEqual(sessionsOf(0, [{ atMs: 0, what: "on" }, { atMs: 1000, what: "card", uid: A }, { atMs: 5000, what: "plug" }, { atMs: 50_000, what: "unplug" }]), [[5000, 50_000, [A]]]);
    assert.deepEqual(sessionsOf(0, [{ atMs: 0, what: "on" }, { atMs: 5000, what: "plug" }, { atMs: 9000, what: "card", uid: A }, { atMs: 10_000, what: "card", uid: B }, { atMs: 50_000, what: "unplug" }]), [[5000, 50_000, [A]]]);
  });

  it("forgets a card after 300 s and after its session", () => {
    assert.deepEqual(sessionsOf(0, [{ atMs: 0, what: "on" }, { atMs: 1000, what: "card", uid: A }, { atMs: 400_000, what: "plug" }, { atMs: 500_000, what: "unplug" }]), [[400_000, 500_000, [""]]]);
    assert.deepEqual(sessionsOf(0, [{ atMs: 0, what: "on" }, { atMs: 1000, what: "card", uid: A }, { atMs: 2000, what: "plug" }, { atMs: 20_000, what: "unplug" }, { atMs: 30_000, what: "plug" }]), [[2000, 20_000, [A]], [30_000, Infinity, [""]]]);
  });

  it("joins a pause, unless another person comes in it", () => {
    assert.deepEqual(sessionsOf(120, [{ atMs: 0, what: "on" }, { atMs: 1000, what: "card", uid: A }, { atMs: 2000, what: "plug" }, { atMs: 60_000, what: "open" }, { atMs: 90_000, what: "close" }, { atMs: 99_000, what: "unplug" }]), [[2000, 99_000, [A]]]);
    assert.deepEqual(sessionsOf(120, [{ atMs: 0, what: "on" }, { atMs: 1000, what: "card", uid: A }, { atMs: 2000, what: "plug" }, { atMs: 60_000, what: "unplug" }, { atMs: 70_000, what: "card", uid: B }, { atMs: 80_000, what: "plug" }]), [[2000, 60_000, [A]], [80_000, Infinity, [B]]]);
  });

  it("takes a contact that changed without power for an edge at the next start", () => {
    assert.deepEqual(sessionsOf(0, [{ atMs: 0, what: "on" }, { atMs: 2000, what: "plug" }, { atMs: 60_000, what: "off" }, { atMs: 70_000, what: "unplug" }, { atMs: 90_000, what: "on" }]), [[2000, 90_000, [""]]]);
  });
});

describe("the money of the simulator", () => {
  const { document } = createPlace(1, 0, people.known.length, []);
  document.tariff.prices = [{ from: "00:00", perKwh: "25.5" }, { from: "06:00", perKwh: "31.9" }];
  document.tariff.feePerHour = "60";
  document.tariff.utcOffsetMin = 0;
  document.tariff.daylightSaving = "none";
  const at = (hour: number): number => hour * 3_600_000;

  it("prices each pulse at its moment, adds the fee, and rounds once", () => {
    // 1 kWh at 25.5 and 1 kWh at 31.9, and a minute at 60 an hour: 58.4.
    assert.deepEqual(costSpan(document, [at(1), at(7)], [], () => 1, 60, 0, { isSure: true, driftS: 0 }), [58, 58]);
  });

  it("leaves both prices where a pulse is at the change, or the clock was unknown", () => {
    assert.deepEqual(costSpan(document, [at(6) - 1000], [], () => 1, 0, 0, { isSure: true, driftS: 0 }), [26, 32]);
    assert.deepEqual(costSpan(document, [at(1)], [at(1)], () => 1, 0, 0, { isSure: false, driftS: 0 }), [26, 64]);
  });
});

describe("a swarm", () => {
  it("shrinks a world to the least that breaks the same rule", async () => {
    const played = (options: Played["options"], rules: Played["rules"]): Played => ({ options, rules, first: "", hash: "", boardDays: 0, sessions: 0, cpuMs: 0 });
    const failed = played({ ...DEFAULTS, days: 100, boards: 8, faults: ["net", "power", "flash"] }, ["energy"]);
    const { shrunk } = await shrink(failed, async (options) => played(options, options.faults.includes("power") && options.days >= 7 ? ["energy"] : options.faults.length === 0 ? [] : ["time"]));
    assert.deepEqual([shrunk.options.boards, shrunk.options.faults], [1, ["power"]]);
    assert.ok(shrunk.options.days >= 7 && shrunk.options.days < 14, String(shrunk.options.days));
  });
});

describe("a Log line", () => {
  it("is taken apart into session, event and unquoted values", () => {
    const said = valuesOf("2026-11-23T00:31:09Z board-1 17 end user=\"Ada, \\\"5\\\" EUR\" card=04A1 cost=");
    assert.deepEqual([said?.session, said?.event, said?.values.get("user"), said?.values.get("card"), said?.values.get("cost")], [17, "end", "Ada, \"5\" EUR", "04A1", ""]);
  });
});
