/* The uploader with a webhook as its target, and a ring that drops its oldest rows. Virtual time; an own receiver. */
import assert from "node:assert/strict";
import * as webhook from "../../../firmware/uplink/webhook";
import { createUplinkWorld } from "./fixture";

function webhookWorld(): ReturnType<typeof createUplinkWorld> & { sequences: number[] } {
  const world = Object.assign(createUplinkWorld({ target: "webhook", url: "https://receiver/hook?k=1" }), { sequences: [] as number[] });
  world.board.system.modules.set("webhook", webhook);
  world.board.http.serve = (request) => {
    assert.equal(request.url, "https://receiver/hook?k=1");
    const document = JSON.parse(Buffer.from(request.body, "latin1").toString("utf8")) as { device: string; rows: { sequence: number }[] };
    assert.equal(document.device, "garage-1");
    assert.ok(document.rows.length > 0, "an empty list is not worth a request");
    world.sequences.push(...document.rows.map((row) => row.sequence));
    return { status: 204, date: "Sun, 22 Nov 2026 08:00:00 GMT" };
  };
  return world;
}

describe("a webhook as the target", () => {
  it("gets every row once, as JSON, and its status releases them", () => {
    const world = webhookWorld();
    world.add(50);
    world.drain(120);
    assert.deepEqual(world.sequences, Array.from({ length: 50 }, (_, index) => index + 1));
  });

  it("gets no empty request, and no sign of life", () => {
    const world = webhookWorld();
    world.run(3600);
    assert.equal(world.board.http.started, 0);
  });

  it("gets the rows again after a failure, and any status but 2xx is one", () => {
    const world = webhookWorld();
    const serve = world.board.http.serve;
    world.add(3);
    for (const status of [500, 302, 404, 401, 100]) {
      world.board.http.serve = () => ({ status });
      world.run(2000);
      assert.equal(world.ring.pending, 3, String(status));
    }
    world.board.http.serve = serve;
    world.drain(1000);
    assert.deepEqual(world.sequences, [1, 2, 3]);
  });

  it("tells the time by its Date field, because nobody else does", () => {
    const world = webhookWorld();
    world.add(1);
    world.run(10);
    assert.ok(Math.abs(world.board.clock.wallS() - Date.UTC(2026, 10, 22, 8) / 1000) <= 10);
  });

  it("costs no row when the module is missing: it says so and waits", () => {
    const world = webhookWorld();
    world.board.system.modules.clear();
    world.add(2);
    world.run(600);
    assert.equal(world.uploader.uploadError, "noWebhook");
    assert.equal(world.ring.pending, 2);
  });
});

describe("an upload from a ring that drops its oldest rows", () => {
  it("releases no row that took the place of one it had sent", () => {
    const world = createUplinkWorld({}, 1, "dropOldest");
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
