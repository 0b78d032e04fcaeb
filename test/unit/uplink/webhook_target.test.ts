/* The uploader with a webhook as its target, and a ring that drops its oldest rows. Virtual time; an own receiver. */
import assert from "node:assert/strict";
import * as webhook from "../../../firmware/uplink/webhook";
import { createUplinkTestBoard } from "../../boards/uplink_board";

interface Hook {
  world: ReturnType<typeof createUplinkTestBoard>;
  /** Sequences of the rows that the receiver took, and the bodies of all requests. */
  sequences: number[];
  bodies: { device: string; rows: { [name: string]: unknown; sequence: number }[] }[];
  /** The receiver's answer to a request with these rows. */
  answer: (sequences: number[]) => { status: number };
  /** Does the receiver know the time? */
  hasDate: boolean;
}

function openHook(): Hook {
  const world = createUplinkTestBoard({ target: "webhook", url: "https://receiver/hook?k=1" });
  const hook: Hook = { world, sequences: [], bodies: [], answer: () => ({ status: 204 }), hasDate: true };
  world.board.system.modules.set("webhook", webhook);
  world.board.http.serve = (request) => {
    assert.equal(request.url, "https://receiver/hook?k=1");
    const body = JSON.parse(Buffer.from(request.body, "latin1").toString("utf8")) as Hook["bodies"][0];
    assert.equal(body.device, "garage-1");
    hook.bodies.push(body);
    const sequences = body.rows.map((row) => row.sequence);
    const answer = hook.answer(sequences);
    if (answer.status < 300 && answer.status >= 200) hook.sequences.push(...sequences);
    return hook.hasDate ? { ...answer, date: new Date(world.board.clock.trueEpochS() * 1000).toUTCString() } : answer;
  };
  return hook;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe("a webhook as the target", () => {
  it("gets every row once, as JSON, and its status releases them", () => {
    const hook = openHook();
    hook.world.add(50);
    hook.world.drain(120);
    assert.deepEqual(hook.sequences, numbers(50));
  });

  it("gets no request without a row, and no sign of life", () => {
    const { world } = openHook();
    world.run(3600);
    assert.equal(world.board.http.started, 0);
  });

  for (const status of [500, 302, 404, 401, 403, 405, 408, 415, 429, 100]) {
    it(`gets the rows again after ${status}, which is not about the rows`, () => {
      const hook = openHook();
      hook.world.add(3);
      hook.answer = (sequences) => ({ status: sequences.length === 0 ? 204 : status });
      hook.world.run(4000);
      assert.equal(hook.world.ring.pending, 3);
      hook.answer = () => ({ status: 204 });
      hook.world.drain(1000);
      assert.deepEqual(hook.sequences, [1, 2, 3]);
      assert.equal(hook.world.ring.quarantined, 0);
    });
  }

  for (const status of [400, 409, 413, 422]) {
    it(`has a row that is refused alone with ${status} quarantined with the reason, and gets all others`, () => {
      const hook = openHook();
      hook.world.add(20);
      hook.answer = (sequences) => ({ status: sequences.includes(7) || sequences.includes(20) ? status : 204 });
      hook.world.drain(2000);
      assert.deepEqual([...new Set(hook.sequences)].sort((a, b) => a - b), numbers(19).filter((sequence) => sequence !== 7));
      assert.equal(hook.sequences.length, 18, "a row was taken twice");
      assert.equal(hook.world.ring.quarantined, 2);
      assert.equal(hook.world.uploader.refusedReasons, `status${status}`);
      assert.ok(hook.world.board.system.lines.includes(`row 7 is quarantined: status${status}`), hook.world.board.system.lines.join("\n"));
    });
  }

  it("loses one row in a quarter of an hour at most to a receiver that refuses every row", () => {
    const hook = openHook();
    hook.world.add(40);
    hook.answer = () => ({ status: 422 });
    hook.world.run(3600);
    const within = hook.world.ring.quarantined;
    hook.world.run(3600);
    assert.deepEqual([within, hook.world.ring.quarantined - within], [12, 5]);
  });

  it("tells the time by its Date field before the first row leaves, so that no row of a start is undated", () => {
    const hook = openHook();
    hook.world.add(3);
    hook.world.run(10);
    assert.deepEqual(hook.bodies.map(({ rows }) => rows.length), [0, 3]);
    assert.equal(hook.world.board.clock.wallS(), hook.world.board.clock.trueEpochS());
  });

  it("tells the time even when it refuses the empty list, and is not asked again", () => {
    const hook = openHook();
    hook.world.add(1);
    hook.answer = (sequences) => ({ status: sequences.length === 0 ? 400 : 204 });
    hook.world.run(10);
    assert.deepEqual(hook.bodies.map(({ rows }) => rows.length), [0, 1]);
    assert.equal(hook.world.wall.offsetS, 1_800_000_000);
  });

  it("gets rows of a receiver without Date undated, and a clock event once the time is known", () => {
    const hook = openHook();
    hook.world.add(1);
    hook.hasDate = false;
    hook.world.run(10);
    assert.deepEqual(hook.bodies.map(({ rows }) => rows.length), [0, 1]);
    hook.hasDate = true;
    hook.world.add(1);
    hook.world.run(20);
    const clock = hook.bodies[hook.bodies.length - 1]!.rows[0]!;
    assert.deepEqual([clock.event, clock.boot, clock.sequence], ["clock", 1, 3]);
    assert.equal(Date.parse(clock.time as string) / 1000 - (clock.uptimeS as number), hook.world.wall.offsetS);
  });

  it("costs no row when the module is missing: it says so and waits", () => {
    const { world } = openHook();
    world.board.system.modules.clear();
    world.add(2);
    world.run(600);
    assert.equal(world.uploader.uploadError, "noWebhook");
    assert.equal(world.ring.pending, 2);
  });
});

describe("an upload from a ring that drops its oldest rows", () => {
  it("releases no row that took the place of one it had sent", () => {
    const world = createUplinkTestBoard({}, 1, "dropOldest");
    const size = 200;
    while (world.ring.lost === 0) world.add(10, size);
    world.board.http.nextFault = () => ({ answerDelayMs: 8000 });
    world.run(5);
    assert.equal(world.uploader.state, "sending");
    // While the answer is on its way, the sent rows are dropped and their pages are written anew.
    world.add(600, size);
    world.run(30);
    world.board.http.nextFault = () => ({});
    world.drain(3600);
    const last = world.ring.nextSequence - 1;
    const present = [...world.endpoint.rows.keys()].sort((a, b) => a - b);
    assert.equal(present[present.length - 1], last);
    const missing = last - present.length;
    assert.ok(missing <= world.ring.lost, `${missing} rows are missing, ${world.ring.lost} were counted lost`);
  });
});
