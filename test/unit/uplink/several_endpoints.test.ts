/* Rows for several endpoints: each gets every row once, in its own time; the first alone has a say over the board. Virtual time. */
import assert from "node:assert/strict";
import { neededPages, waitingRecords } from "../../../firmware/store/ring_endpoints";
import * as webhook from "../../../firmware/uplink/webhook";
import { createUplinkTestBoard, type UplinkTestBoard } from "../../boards/uplink_board";

const numbers = (world: UplinkTestBoard, endpoint: number): number[] => [...world.endpoints[endpoint]!.rows.keys()].sort((one, other) => one - other);
const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_none, index) => first + index);
/** To a moment without an exchange. */
const untilIdle = (world: UplinkTestBoard): void => {
  while (world.uploader.state !== "idle") world.run(0.1);
};
const unreachable = (): { status: number; signed: boolean } => ({ status: 503, signed: false });

describe("rows for several endpoints", () => {
  it("bring every row to each of three", () => {
    const world = createUplinkTestBoard({}, 1, "refuseNew", [{}, {}]);
    world.add(300);
    world.drain(120);
    for (let endpoint = 0; endpoint < 3; endpoint++) assert.deepEqual(numbers(world, endpoint), range(1, 301), "300 rows and the clock fact");
    assert.equal(waitingRecords(world.ring), 0);
    assert.equal(neededPages(world.ring), 0);
  });

  it("go on to one while the other is away, and to that one when it is back, also over a restart", () => {
    const world = createUplinkTestBoard({}, 1, "refuseNew", [{}]);
    world.endpoints[1]!.instead = unreachable;
    world.add(50);
    world.run(120);
    untilIdle(world);
    assert.deepEqual([numbers(world, 0), numbers(world, 1), world.ring.pending, waitingRecords(world.ring)], [range(1, 51), [], 0, 51]);
    assert.equal(world.uploader.uploadError, "", "the first one has no error");
    world.restart();
    world.endpoints[1]!.instead = () => undefined;
    world.endpoints[0]!.instead = unreachable;
    world.add(5);
    world.run(120);
    untilIdle(world);
    assert.deepEqual([numbers(world, 0).length, numbers(world, 1).slice(0, 56)], [51, range(1, 56)]);
    assert.equal(world.uploader.uploadError, "status503");
    world.endpoints[0]!.instead = () => undefined;
    world.drain(1800);
    assert.deepEqual(numbers(world, 0), numbers(world, 1));
  });

  it("are quarantined for the endpoint that refuses them, and reach the other", () => {
    const world = createUplinkTestBoard({}, 1, "refuseNew", [{}]);
    world.endpoints[0]!.refuses = (sequence) => sequence === 2;
    world.add(4);
    world.drain(60);
    assert.deepEqual([numbers(world, 0).includes(2), numbers(world, 1).includes(2), [...world.endpoints[0]!.quarantine.keys()], world.ring.quarantined], [false, true, [2], 1]);
  });

  it("wait with back-off for each alone, one request at a time", () => {
    const world = createUplinkTestBoard({}, 1, "refuseNew", [{}]);
    world.endpoints[1]!.instead = unreachable;
    world.add(1);
    world.run(700);
    const asked = world.endpoints[1]!.requests;
    assert.ok(asked >= 6 && asked <= 12, `${String(asked)} requests in 700 s`);
    world.add(1);
    world.run(5);
    assert.deepEqual(numbers(world, 0), [1, 2, 3], "its failures do not slow down the first");
  });

  it("let the first endpoint alone send versions and commands, and get the results", () => {
    const world = createUplinkTestBoard({}, 1, "refuseNew", [{}]);
    world.endpoints[0]!.extra = { users: 3 };
    world.endpoints[1]!.extra = { users: 9, configuration: 9, commands: [{ id: 7, text: "=ECHO(SDC)" }] };
    world.run(30);
    assert.deepEqual([world.uploader.usersVersion, world.uploader.configurationRevision, world.uploader.commandId], [3, 0, 0]);
    assert.ok(world.endpoints[1]!.statuses.length > 0, "it gets the status");
    world.status.results = "\x83\x01\x18\xc8\x62ok";
    world.status.resultCount = 1;
    world.run(10);
    assert.ok(world.endpoints[0]!.statuses.at(-1)!.has(12));
    assert.ok(world.endpoints[1]!.statuses.every((status) => !status.has(12)));
    assert.equal(world.status.resultCount, 0);
  });

  it("take no time from a webhook beside an exosphere", () => {
    const world = createUplinkTestBoard({}, 1, "refuseNew", [{ target: "webhook" }]);
    const posted: string[] = [];
    world.board.system.modules.set("webhook", webhook);
    const serve = world.board.http.serve;
    world.board.http.serve = (request) => {
      if (!request.url.startsWith("http://endpoint2:")) return serve(request);
      posted.push(request.body);
      return { status: 200, body: "", date: "Tue, 01 Jan 2030 00:00:00 GMT" };
    };
    world.add(3);
    world.drain(60);
    assert.ok(Math.abs(world.wall.offsetS + 60 - world.board.clock.trueEpochS()) < 60);
    assert.equal(world.wall.rivalS, 0);
    assert.match(posted.join(), /"sequence":1,.*"sequence":2,.*"sequence":3,/);
    assert.deepEqual(numbers(world, 0), [1, 2, 3, 4], "the clock fact is written for the exosphere");
  });

  it("continue above the numbers that a further endpoint has of this board", () => {
    const world = createUplinkTestBoard({}, 1, "refuseNew", [{}]);
    world.endpoints[1]!.instead = () => ({ status: 401, signed: true, body: JSON.stringify({ last: [70, 900, 40], time: 1_800_000_000 }) });
    world.add(1);
    world.run(6);
    assert.notEqual(world.uploader.highWaterMarks, "");
    assert.deepEqual([world.uploader.isBootBehind, world.uploader.endpoint], [true, 0]);
  });
});
