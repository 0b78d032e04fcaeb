/*
 * The filters of contacts and meters against an exact reference, whenever the program happens to look.
 *
 * Input: random edges (bounces, ghosts, long rests) and random ticks, from fast-check's printed seed; and
 * simulated charges, SDC_CHARGES of them (500 by default), from SDC_SEED. Output: equal counts. Invariant:
 * the reference sees the whole history at once and shares no code with the filters.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { MeterConfiguration } from "../../firmware/configuration/configuration";
import { createDebounce, debounceEdge, debounceTick } from "../../firmware/inputs/debounce";
import { createS0Meter, s0Edge, s0Tick } from "../../firmware/inputs/s0_meter";
import { verifyWord, countPulse, openMeterPage } from "../../firmware/store/meter_page";
import { createMockCrypto } from "../../hal/mock/crypto";
import { createMockFlash } from "../../hal/mock/flash";
import type { MockFlash } from "../../hal/mock/flash";
import { createRandom } from "../../tools/emulator/random";
import { s0Edges } from "../../tools/emulator/s0";
import type { Edge } from "../../tools/emulator/s0";

const CIRCLE_MS = 2 ** 30;
const CHARGES = Number(process.env.SDC_CHARGES ?? "500");
/** The meters' display before the first charge. */
const REGISTER_WH = 12345678;
const SEED = Number(process.env.SDC_SEED ?? "20260101");

interface History {
  startLevel: number;
  startMs: number;
  edges: Edge[];
  endMs: number;
}

const history: fc.Arbitrary<History> = fc.record({
  startLevel: fc.integer({ min: 0, max: 1 }),
  startMs: fc.nat(CIRCLE_MS - 1),
  steps: fc.array(fc.record({ afterMs: fc.oneof(fc.nat(6), fc.nat(40), fc.nat(3000)), level: fc.integer({ min: 0, max: 1 }) }), { maxLength: 60 }),
  restMs: fc.nat(100),
}).map(({ startLevel, startMs, steps, restMs }) => {
  let atMs = startMs;
  const edges = steps.map((step) => ({ level: step.level, atMs: (atMs += step.afterMs) }));
  return { startLevel, startMs, edges, endMs: atMs + restMs };
});

/** The levels that lasted `forMs`, each with its begin, starting with the level found; times not wrapped. */
function lasting(given: History, forMs: number): Edge[] {
  const long: Edge[] = [{ level: given.startLevel, atMs: given.startMs }];
  given.edges.forEach((edge, index) => {
    const untilMs = index + 1 < given.edges.length ? given.edges[index + 1]!.atMs : given.endMs;
    if (untilMs - edge.atMs >= forMs && edge.level !== long[long.length - 1]!.level) long.push(edge);
  });
  return long;
}

/** Plays a history: edges are delivered at random ticks, late but in order. */
function play(given: History, tickSeed: number, edge: (level: number, atMs: number) => void, tick: (nowMs: number) => void): void {
  const random = createRandom(tickSeed);
  let next = 0;
  for (let nowMs = given.startMs; ; nowMs = Math.min(given.endMs, nowMs + 1 + random.below(60))) {
    for (; next < given.edges.length && given.edges[next]!.atMs <= nowMs; next++) edge(given.edges[next]!.level, given.edges[next]!.atMs % CIRCLE_MS);
    tick(nowMs % CIRCLE_MS);
    if (nowMs === given.endMs) return;
  }
}

function configuration(filterMs: number, spacingMs: number): MeterConfiguration {
  return { input: { pin: 25, pull: "up", activeLevel: 0, debounceMs: 0 }, pulsesPerKwh: 1000, filterMs, spacingMs, registerWh: 0 };
}

describe("filters against an exact reference", () => {
  it("count the same S0 pulses at any edges, settings and delays", () => {
    fc.assert(fc.property(history, fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 200 }), fc.nat(), (given, filterMs, spacingMs, tickSeed) => {
      const expected: number[] = [];
      let tooClose = 0;
      lasting(given, filterMs).slice(1).filter((one) => one.level === 0).forEach((one) => {
        if (expected.length > 0 && one.atMs - expected[expected.length - 1]! < spacingMs) tooClose++;
        else expected.push(one.atMs);
      });
      const meter = createS0Meter(configuration(filterMs, spacingMs), given.startLevel, given.startMs);
      let counted = 0;
      play(given, tickSeed, (level, atMs) => { counted += s0Edge(meter, level, atMs); }, (nowMs) => { counted += s0Tick(meter, nowMs); });
      assert.equal(counted, expected.length);
      assert.equal(meter.tooClose, tooClose);
      assert.equal(meter.pulseMs, expected.length === 0 ? -1 : expected[expected.length - 1]! % CIRCLE_MS);
      assert.ok(meter.powerW >= 0 && meter.powerW < 2 ** 31);
    }), { numRuns: 3000 });
  });

  it("tell the same changes of a contact in the same order", () => {
    fc.assert(fc.property(history, fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 1 }), fc.nat(), (given, debounceMs, activeLevel, tickSeed) => {
      const expected = lasting(given, debounceMs).slice(1).map((one) => (one.level === activeLevel ? "on" : "off"));
      const debounce = createDebounce(debounceMs, activeLevel, given.startLevel, given.startMs);
      const told: string[] = [];
      play(given, tickSeed, (level, atMs) => debounceEdge(debounce, level, atMs), (nowMs) => {
        for (let word = debounceTick(debounce, nowMs); word !== "none"; word = debounceTick(debounce, nowMs)) told.push(word);
      });
      assert.deepEqual(told, expected);
    }), { numRuns: 3000 });
  });
});

describe(CHARGES + " simulated charges, seed " + SEED, function () {
  this.timeout(0);

  it("are counted pulse for pulse into a register whose energy is the true one, with bounce and interference, at any meter and power", () => {
    // One register for each kind of meter, that goes on from charge to charge and over the ends of its pages.
    const registers = new Map<number, { flash: MockFlash; pulses: number }>();
    for (let charge = 0; charge < CHARGES; charge++) {
      const random = createRandom(SEED + charge);
      const pulsesPerKwh = [100, 300, 400, 750, 800, 1000, 1500, 2000][random.below(8)]!;
      const powerW = 1400 + random.below(20600);
      const distanceMs = Math.max(62, Math.floor(3.6e9 / (pulsesPerKwh * powerW)));
      const onMs = 30 + random.below(Math.min(100, distanceMs - 60) + 1);
      const pulses = 1 + random.below(300);
      const startMs = random.below(CIRCLE_MS);
      const wire = s0Edges({ pulses, startMs, distanceMs, onMs, activeLevel: 0, bounceMs: random.below(5), spikes: random.below(500), seed: SEED + charge });
      const meter = createS0Meter(configuration(10, random.below(2) === 0 ? 0 : 50), 1, startMs);
      const register = registers.get(pulsesPerKwh) ?? { flash: createMockFlash(512, { pageBytes: 256 }), pulses: 0 };
      registers.set(pulsesPerKwh, register);
      register.flash.start();
      const page = openMeterPage(register.flash, createMockCrypto(), { address: 0, bytes: 512 }, pulsesPerKwh, REGISTER_WH);
      const before = register.pulses;
      const count = (more: number): void => {
        register.pulses += more;
        for (; more > 0; more--) countPulse(page);
      };
      play({ startLevel: 1, startMs, edges: wire.edges, endMs: wire.endMs + 100 }, charge, (level, atMs) => count(s0Edge(meter, level, atMs)), (nowMs) => {
        count(s0Tick(meter, nowMs));
        assert.equal(verifyWord(page), "stored");
      });
      // The energy that went through the meter, in wider numbers than the firmware has.
      const trueWh = REGISTER_WH + Number((BigInt(before + pulses) * 1000n) / BigInt(pulsesPerKwh));
      assert.deepEqual([register.pulses - before, meter.tooClose, page.energyWh], [pulses, 0, trueWh], "charge " + charge);
      register.flash.start();
      const found = openMeterPage(register.flash, createMockCrypto(), { address: 0, bytes: 512 }, pulsesPerKwh, REGISTER_WH);
      assert.deepEqual([found.energyWh, found.remainderMilli], [trueWh, ((before + pulses) * 1000) % pulsesPerKwh], "charge " + charge + ", after a power cut");
    }
  });
});
