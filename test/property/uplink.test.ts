/*
 * The uploader, the ring and an endpoint model in a network where everything goes wrong, then nothing.
 *
 * Input: seeds; each decides rows, faults of the network, answers of the server and power cuts. First a
 * phase with faults, then a calm one that must drain. Output: test results; a failure prints the seed that
 * replays it. Invariant checked: every row that was reported stored is at the endpoint once, with its own
 * bytes, in the table or in quarantine; nothing else is; and nothing was given up. More seeds:
 * SDC_RUNS=1000 npx mocha test/property/uplink.test.ts
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { createRandom, pick, type Random } from "../../hal/mock/random";
import { PowerCut, type MockFlash } from "../../hal/mock/flash";
import type { HttpFault } from "../../hal/mock/http";
import { firstPending } from "../../firmware/store/ring_pending";
import { createCursor } from "../../firmware/store/ring_page";
import { createUplinkTestBoard, type UplinkTestBoard } from "../boards/uplink_board";

const RUNS = Number(process.env.SDC_RUNS ?? "60");
const STEPS = 120;

/** A random fault of the network for one request. */
function networkFault(random: Random): HttpFault {
  switch (pick(random, 0, 15)) {
    case 0: return { requestLost: true };
    case 1: return { answerLost: true };
    case 2: return { answerCut: true };
    case 3: return { answerDelayMs: pick(random, 0, 40_000) };
    case 4: return { requestDelayMs: pick(random, 0, 60_000) };
    case 5: return { duplicateAfterMs: pick(random, 0, 5000) };
    case 6: return { duplicateAfterMs: pick(random, 0, 5000), answerLost: true };
    case 7: return { refuse: ["refused", "dns", "tls", "network"][pick(random, 0, 3)]! };
    case 8: return { replace: { status: 200, body: "<html>Log in</html>", contentType: "text/html" }, absorb: random() < 0.5 };
    case 9: return { replace: { status: 200, body: "{\"acknowledged\":[[1,2000000000]],\"refused\":[],\"time\":1700000000}", contentType: "application/json" }, absorb: true };
    case 10: return { requestDelayMs: pick(random, 15_000, 60_000), duplicateAfterMs: pick(random, 0, 60_000) };
    default: return {};
  }
}

type Said = ReturnType<UplinkTestBoard["endpoint"]["instead"]>;

/** A random answer instead of the server's usual one. */
function serverFault(random: Random): Said {
  const signed = random() < 0.5;
  switch (pick(random, 0, 19)) {
    case 0: return { status: 500, signed };
    case 1: return { status: 503, signed, retryAfter: String(pick(random, 0, 100)) };
    case 2: return { status: 413, signed: false };
    case 3: return { status: 401, signed };
    case 4: return { status: 200, signed: true, body: "{\"acknowledged\":[[1,99]" };
    case 5: return { status: 302, signed };
    case 6: return { status: 404, signed };
    default: return undefined;
  }
}

/** Runs one seed to its end and returns how many rows were stored. */
function play(seed: number): number {
  const random = createRandom(seed);
  const world = createUplinkTestBoard({}, seed);
  const flash = world.board.flash as MockFlash;
  const { endpoint } = world;
  const stored = new Map<number, string>();
  const refusedOnes = new Set<number>();
  world.onStored = (sequence, payload) => stored.set(sequence, payload);
  world.board.http.nextFault = () => networkFault(random);
  endpoint.instead = () => serverFault(random);
  endpoint.refuses = (sequence) => refusedOnes.has(sequence) || (sequence % 13 === 5 && refusedOnes.add(sequence).size > 0);
  endpoint.undecided = () => random() < 0.1;

  const guarded = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      flash.boot();
      world.restart();
    }
  };

  for (let step = 0; step < STEPS; step++) {
    const what = pick(random, 0, 19);
    if (what === 0) guarded(() => world.restart());
    else if (what === 1) world.board.link.move(random() < 0.5 ? "down" : "up");
    else if (what === 2) flash.faults.cutStep = flash.steps + pick(random, 0, 3000);
    else if (what === 3) world.board.system.free = pick(random, 0, 1000);
    else if (what < 10) guarded(() => void world.add(pick(random, 1, 30), pick(random, 20, 200)));
    else guarded(() => world.run(pick(random, 1, 120)));
  }

  flash.faults.cutStep = -1;
  world.board.link.move("up");
  world.board.http.nextFault = () => ({});
  endpoint.instead = () => undefined;
  endpoint.undecided = () => false;
  world.drain(3 * 3600);

  for (const [sequence, payload] of stored) {
    const there = endpoint.rows.get(sequence) ?? endpoint.quarantine.get(sequence);
    assert.equal(there, payload, `row ${sequence} arrived as it was stored`);
    assert.equal(endpoint.rows.has(sequence) && endpoint.quarantine.has(sequence), false, `row ${sequence} in one place only`);
  }
  assert.equal(firstPending(world.ring, createCursor()), false);
  return stored.size;
}

describe("uploads through every fault", () => {
  it("bring each stored row to the endpoint once", function () {
    this.timeout(RUNS * 2000);
    let rows = 0;
    fc.assert(fc.property(fc.integer({ min: 1, max: 2_000_000_000 }), (seed) => {
      rows += play(seed);
    }), { numRuns: RUNS, endOnFailure: true });
    assert.ok(rows > RUNS * 50, `only ${rows} rows were stored in all`);
  });

  it("leave a row where it is as long as no answer names it", () => {
    const world = createUplinkTestBoard();
    world.add(30);
    world.endpoint.undecided = (sequence) => sequence > 10;
    world.run(60);
    assert.equal(world.ring.pending, 21, "20 rows and the clock fact wait");
    assert.equal(world.endpoint.rows.size, 10);
  });
});
