/* Contents of a signed answer besides acknowledgements: the time, clock facts, commands. Virtual time, an endpoint model. */
import assert from "node:assert/strict";
import { u32 } from "../../../firmware/base/bytes";
import { noteResult } from "../../../firmware/uplink/status";
import { HEARTBEAT_S, commandTaken } from "../../../firmware/uplink/uploader";
import { createUplinkTestBoard } from "../../boards/uplink_board";

describe("what an answer brings", () => {
  it("learns the time from a signed answer, sets the clock, and stores one clock fact per boot", () => {
    const world = createUplinkTestBoard();
    assert.equal(world.board.clock.wallS(), 0);
    world.run(60);
    assert.equal(world.board.clock.wallS(), world.board.clock.trueEpochS());
    world.run(3 * HEARTBEAT_S);
    assert.equal(world.endpoint.rows.size, 1);
    world.restart();
    world.run(60);
    assert.equal(world.endpoint.rows.size, 2);
  });

  it("stores a further clock fact when the time it was told has moved", () => {
    const world = createUplinkTestBoard();
    world.run(60);
    world.endpoint.epochS = () => world.board.clock.trueEpochS() + 290;
    world.run(HEARTBEAT_S + 60);
    assert.equal(world.endpoint.rows.size, 2);
  });

  it("stores none for a time that contradicts its running clock, and one when the same was told for a day", () => {
    const world = createUplinkTestBoard();
    world.run(60);
    const offsetS = world.wall.offsetS;
    world.endpoint.epochS = () => world.board.clock.trueEpochS() - 21600;
    world.run(HEARTBEAT_S + 60);
    assert.deepEqual([world.endpoint.rows.size, world.wall.offsetS], [1, offsetS]);
    assert.equal(world.board.clock.wallS(), world.board.clock.trueEpochS(), "nor does the platform's clock move");
    world.run(86400 + HEARTBEAT_S);
    assert.equal(world.endpoint.rows.size, 2);
    assert.equal(world.wall.offsetS, offsetS - 21600);
  });

  it("works with a clock that is years wrong", () => {
    const world = createUplinkTestBoard();
    world.run(60);
    world.board.clock.jumpWall(-500_000_000);
    world.add(3);
    world.drain(30);
  });

  it("never believes the time of an unsigned answer", () => {
    const world = createUplinkTestBoard();
    world.endpoint.instead = () => ({ status: 200, body: "{\"acknowledged\":[],\"refused\":[],\"time\":1900000000}", signed: false });
    world.run(3600);
    assert.equal(world.board.clock.wallS(), 0);
    assert.equal(world.wall.offsetS, 0);
  });

  it("offers each command once, and tells its result until it has arrived", () => {
    const world = createUplinkTestBoard();
    world.endpoint.extra = { commands: [{ id: 12, text: "=ECHO(Block)" }, { id: 13, text: "=ECHO(B)" }] };
    world.run(20);
    assert.deepEqual([world.uploader.commandId, world.uploader.commandText], [12, "=ECHO(Block)"]);
    commandTaken(world.uploader);
    assert.equal(noteResult(world.status, 12, 200, "Block"), true);
    assert.equal(world.uploader.commandId, 13);
    commandTaken(world.uploader);
    assert.equal(world.uploader.commandId, 0);
    world.board.http.nextFault = () => ({ requestLost: true });
    world.run(60);
    assert.equal(world.status.resultCount, 1);
    world.board.http.nextFault = () => ({});
    world.run(200);
    assert.equal(world.status.resultCount, 0);
    assert.deepEqual(world.endpoint.statuses.at(-1)?.get(12) ?? world.endpoint.statuses.at(-2)?.get(12), [[12, 200, "Block"]]);
    assert.equal(world.uploader.commandId, 0, "repeated commands are not offered again");
  });

  const BEHIND = "{\"type\":\"urn:sdc:problem:replayed-request\",\"title\":\"replayed request\",\"status\":401,\"detail\":\"\",\"last\":[70,900,33],\"time\":1800000000}";

  it("learns from a signed 401 which numbers it has forgotten, and asks again soon", () => {
    const world = createUplinkTestBoard();
    world.add(2);
    world.endpoint.instead = () => ({ status: 401, body: BEHIND, signed: true });
    world.run(5);
    assert.equal(world.uploader.uploadError, "countersBehind");
    assert.equal(world.uploader.highWaterMarks, u32(70) + u32(900) + u32(33));
    assert.equal(world.uploader.failures, 1, "no long wait");
    assert.equal(world.uploader.wall.offsetS, 1_799_999_998);
    assert.equal(world.ring.pending, 2, "all rows stay");
  });

  it("takes no numbers from an unsigned 401, from one without them, or from nonsense", () => {
    for (const said of [{ status: 401, body: BEHIND, signed: false }, { status: 401, body: "{\"status\":401}", signed: true }, { status: 401, body: "{\"last\":[1,2]}", signed: true }, { status: 403, body: BEHIND, signed: true }]) {
      const world = createUplinkTestBoard();
      world.add(2);
      world.endpoint.instead = () => said;
      world.run(5);
      assert.equal(world.uploader.uploadError, "unauthorized", said.body);
      assert.equal(world.uploader.highWaterMarks, "", said.body);
      assert.equal(world.ring.pending, 2);
    }
  });

  it("keeps numbers of an ordinary answer only when they are above its own rows", () => {
    for (const [sequence, kept] of [[1, false], [2, false], [900, true]] as const) {
      const world = createUplinkTestBoard();
      world.add(2);
      world.endpoint.extra = { last: [70, sequence, 33] };
      world.run(10);
      assert.equal(world.uploader.highWaterMarks !== "", kept, String(sequence));
      assert.equal(world.uploader.uploadError, "");
    }
  });
});
