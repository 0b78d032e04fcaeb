/* The uploader against an endpoint model: every answer of docs/UPLINK.md, and its effect on the rows. Virtual time. */
import assert from "node:assert/strict";
import { HEARTBEAT_S } from "../../../firmware/uplink/uploader";
import type { EndpointModel } from "../../boards/endpoint_model";
import { createUplinkTestBoard } from "../../boards/uplink_board";

/** An answer that the endpoint model can be made to give. */
type Said = NonNullable<ReturnType<EndpointModel["instead"]>>;

describe("the uploader", () => {
  it("brings rows to the endpoint, oldest first, and releases them", () => {
    const world = createUplinkTestBoard();
    world.add(5);
    world.drain(30);
    assert.deepEqual([...world.endpoint.rows.keys()].slice(0, 5), [1, 2, 3, 4, 5]);
    assert.equal(world.ring.pending, 0);
    assert.equal(world.uploader.uploadError, "");
  });

  it("does not send rows one by one when many wait", () => {
    const world = createUplinkTestBoard();
    world.add(1000, 46);
    const before = world.board.http.started;
    world.drain(600);
    assert.equal(world.endpoint.rows.size, 1001, "1,000 rows and one clock fact");
    assert.equal(world.board.http.started - before, 10);
  });

  it("sends a single row within a few seconds", () => {
    const world = createUplinkTestBoard();
    world.run(30);
    world.add(1);
    world.run(4);
    assert.equal(world.ring.pending, 0);
  });

  it("shows a sign of life when there is nothing to send, and not more often than it should", () => {
    const world = createUplinkTestBoard();
    world.run(60);
    const before = world.endpoint.requests;
    world.run(4 * HEARTBEAT_S);
    const made = world.endpoint.requests - before;
    assert.equal(made, 4);
    assert.equal(world.endpoint.statuses.at(-1)?.get(0), 1);
  });

  it("asks nothing while the link is down, and resumes when it is up", () => {
    const world = createUplinkTestBoard();
    world.board.link.move("down");
    world.add(3);
    world.run(3600);
    assert.equal(world.board.http.started, 0);
    world.board.link.move("up");
    world.drain(10);
  });

  it("finds the endpoint also when its address was given with a slash at the end", () => {
    const world = createUplinkTestBoard({ url: "http://endpoint:8090/" });
    const paths: string[] = [];
    world.endpoint.instead = (request) => void paths.push(new URL(request.url).pathname);
    world.add(1);
    world.drain(30);
    assert.equal(paths[0], "/api/v1/rows");
  });

  it("keeps rows on the device when no address is set", () => {
    const world = createUplinkTestBoard({ url: "" });
    world.add(3);
    world.run(3600);
    assert.equal(world.board.http.started, 0);
    assert.equal(world.ring.pending, 3);
  });

  // Each with the requests of an hour.
  const spoilt: [string, Said, number][] = [
    ["a captive portal that answers 200 with HTML", { status: 200, body: "<html>Welcome</html>", signed: false }, 12],
    ["an unsigned acknowledgement of everything", { status: 200, body: "{\"acknowledged\":[[1,100]],\"refused\":[],\"time\":1800000000}", signed: false }, 12],
    ["a signed answer that is no JSON", { status: 200, body: "<html>", signed: true }, 12],
    ["a signed answer that is half JSON", { status: 200, body: "{\"acknowledged\":[[1,100]],", signed: true }, 12],
    ["a server fault", { status: 500, signed: true }, 12],
    ["a redirect to another host", { status: 302, signed: false }, 12],
    ["an unsigned refusal of the body", { status: 400, signed: false }, 12],
    ["a missing page", { status: 404, signed: false }, 12],
    ["a revoked key", { status: 401, signed: false }, 6],
    ["a disabled device", { status: 403, signed: true }, 6],
    ["an unsigned 413 for ever", { status: 413, signed: false }, 16],
    ["no content", { status: 204, signed: false }, 12],
  ];
  for (const [what, said, requests] of spoilt) {
    it(`keeps every row through ${what}, and delivers when it is over`, () => {
      const world = createUplinkTestBoard();
      world.add(20);
      world.endpoint.instead = () => said;
      world.run(3600);
      assert.equal(world.ring.pending, 20);
      assert.equal(world.ring.quarantined, 0);
      assert.notEqual(world.uploader.uploadError, "");
      assert.equal(world.board.http.started, requests);
      world.endpoint.instead = () => undefined;
      world.drain(1000);
      assert.equal(world.endpoint.rows.size, 21);
    });
  }

  it("waits as long as Retry-After says, in seconds or as a date, with any time on the board's own clock", () => {
    for (const retryAfter of ["120", "Sun, 06 Nov 1994 08:51:37 GMT"]) {
      const world = createUplinkTestBoard();
      world.add(1);
      world.endpoint.instead = () => ({ status: 503, signed: false, retryAfter, date: "Sun, 06 Nov 1994 08:49:37 GMT" });
      world.run(10);
      assert.equal(world.board.http.started, 1, retryAfter);
      world.run(100);
      assert.equal(world.board.http.started, 1, retryAfter);
      world.run(20);
      assert.equal(world.board.http.started, 2, retryAfter);
    }
  });

  it("does not obey a Retry-After of years", () => {
    const world = createUplinkTestBoard();
    world.add(1);
    world.endpoint.instead = () => ({ status: 429, signed: false, retryAfter: "999999999" });
    world.run(10);
    world.endpoint.instead = () => undefined;
    world.run(3700);
    assert.equal(world.ring.pending, 0);
  });

  it("halves the batch until the endpoint takes it", () => {
    const world = createUplinkTestBoard();
    world.endpoint.bodyMax = 700;
    world.add(60);
    world.drain(300);
    assert.equal(world.endpoint.rows.size, 61);
    assert.equal(world.ring.quarantined, 0);
  });

  it("quarantines a row that the endpoint refuses, and brings the others", () => {
    const world = createUplinkTestBoard();
    world.endpoint.refuses = (sequence) => sequence === 3;
    world.add(5);
    world.drain(60);
    assert.deepEqual([...world.endpoint.quarantine.keys()], [3]);
    assert.equal(world.endpoint.rows.size, 5);
    assert.equal(world.ring.quarantined, 1);
    assert.equal(world.uploader.refusedReasons, "column 9 unknown");
  });

  it("finds the one row that makes the whole body unreadable, and sets only that aside", () => {
    const world = createUplinkTestBoard();
    world.add(6);
    world.add(1, 300);
    world.add(6);
    world.endpoint.instead = (request) => (request.body.includes("x".repeat(250)) ? { status: 400, signed: true } : undefined);
    world.drain(600);
    assert.equal(world.endpoint.rows.size, 13, "12 rows and the clock fact");
    assert.equal(world.ring.quarantined, 1);
  });

  it("sends a row again that the answer left undecided, without hurry", () => {
    const world = createUplinkTestBoard();
    world.endpoint.undecided = (sequence) => sequence === 2;
    world.add(3);
    world.run(1800);
    assert.equal(world.endpoint.rows.has(2), false);
    assert.equal(world.endpoint.requests, 12);
    world.endpoint.undecided = () => false;
    world.drain(1000);
    assert.equal(world.endpoint.rows.size, 4);
  });

  it("sends the same rows again when the answer was lost, and they arrive once", () => {
    const world = createUplinkTestBoard();
    let requests = 0;
    world.board.http.nextFault = () => ({ answerLost: ++requests <= 2 });
    world.add(4);
    world.drain(300);
    assert.equal(world.endpoint.rows.size, 5);
    assert.equal(world.endpoint.requests, 4, "two lost answers, one for the rows, one for the clock fact");
  });

  it("does not take an answer that was made for an earlier request", () => {
    const world = createUplinkTestBoard();
    world.add(3);
    let kept: ReturnType<typeof world.endpoint.serve> | undefined;
    const serve = world.endpoint.serve;
    world.board.http.serve = (request) => {
      kept = kept ?? serve(request);
      return { status: 500 };
    };
    world.run(60);
    world.board.http.nextFault = () => ({ replace: kept ?? { status: 0 }, absorb: true });
    world.run(1800);
    assert.equal(world.ring.pending, 3);
    assert.equal(world.uploader.uploadError, "unauthenticated");
  });

  it("spreads retries and comes back at most a quarter of an hour after the endpoint does", () => {
    const world = createUplinkTestBoard();
    world.board.http.nextFault = () => ({ refuse: "refused" });
    world.add(1);
    world.run(6 * 3600);
    world.board.http.nextFault = () => ({});
    world.run(901);
    assert.equal(world.ring.pending, 0);
  });

  it("respects the endpoint's wish for a distance between uploads", () => {
    const world = createUplinkTestBoard();
    world.endpoint.extra = { minIntervalS: 60 };
    world.run(10);
    const before = world.board.http.started;
    for (let count = 0; count < 60; count++) {
      world.add(1);
      world.run(10);
    }
    assert.equal(world.board.http.started - before, 10);
  });

  it("makes its batches smaller when memory is short", () => {
    const world = createUplinkTestBoard();
    world.board.system.free = 20;
    world.add(100);
    world.drain(600);
    assert.equal(Math.max(...world.endpoint.sizes), 13);
    assert.equal(world.endpoint.rows.size, 101);
  });

  it("takes up again after a restart in the middle of an exchange", () => {
    const world = createUplinkTestBoard();
    world.add(10);
    world.board.http.nextFault = () => ({ answerDelayMs: 5000 });
    world.run(6);
    assert.equal(world.uploader.state, "sending");
    world.restart();
    assert.equal(world.ring.pending, 10);
    world.drain(60);
    assert.equal(world.endpoint.rows.size, 11);
  });
});
