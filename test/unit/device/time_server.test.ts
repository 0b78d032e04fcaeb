/*
 * A board with a time server (`network.ntp`): a second witness beside the endpoint's clock.
 *
 * Input: a device on mocks, an endpoint and a time server whose clocks go wrong. Output: the board's time, status words.
 * Invariant: no single source moves a clock that was confirmed.
 */
import assert from "node:assert/strict";
import { hexOf } from "../../../firmware/base/bytes";
import { KEY, KEY_ID, createEndpointModel } from "../../boards/endpoint_model";
import { createDeviceTestBoard, run, type DeviceTestBoard } from "../../boards/device_board";

interface World { desk: DeviceTestBoard; endpointErrorS: number; serverErrorS: number; isEndpointHere: boolean; isServerHere: boolean; asked: number[] }

function create(changes: Partial<World> = {}): World {
  const desk = createDeviceTestBoard((document) => {
    document.endpoint = { url: "http://endpoint:8090", keyId: KEY_ID, key: hexOf(KEY) };
    document.network = { ssid: "house", password: "a password", ntp: "time.example:1123" };
    document.table = { id: 1, columns: [{ id: 1, name: "start", type: "datetime", content: "session.start" }] };
    delete document.tariff;
  });
  const endpoint = createEndpointModel();
  const world: World = { desk, endpointErrorS: 0, serverErrorS: 0, isEndpointHere: true, isServerHere: true, asked: [], ...changes };
  const clock = desk.board.clock;
  endpoint.epochS = () => clock.trueEpochS() + world.endpointErrorS;
  desk.board.http.serve = (request) => {
    if (!request.url.startsWith("ntp:")) return endpoint.serve(request);
    assert.deepEqual([request.url, request.body.length], ["ntp://time.example:1123", 8]);
    world.asked.push(desk.device.now.s);
    return { status: 200, body: String(clock.trueEpochS() + world.serverErrorS) };
  };
  desk.board.http.nextFault = (request) => (request.url.startsWith("ntp:") ? world.isServerHere : world.isEndpointHere) ? {} : { refuse: "refused" };
  run(desk, 60_000);
  return world;
}
const errorS = ({ desk: { device, board } }: World): number => device.wall.offsetS + device.now.s - board.clock.trueEpochS();
const isContradicted = ({ desk }: World): boolean => desk.device.wall.rivalS !== 0;

describe("a time server", () => {
  it("gives a board its time whose endpoint is away, and is asked once an hour", () => {
    const world = create({ isEndpointHere: false });
    assert.ok(Math.abs(errorS(world)) <= 2);
    assert.equal(world.asked.length, 1);
    run(world.desk, 3_600_000);
    assert.equal(world.asked.length, 2);
    assert.equal(world.asked[1]! - world.asked[0]!, 3600);
  });

  it("is asked again after five minutes when it does not answer, and costs nothing else", () => {
    const world = create({ isServerHere: false });
    assert.ok(Math.abs(errorS(world)) <= 2, "the endpoint tells it");
    assert.equal(isContradicted(world), false);
    world.isServerHere = true;
    run(world.desk, 230_000);
    assert.equal(world.asked.length, 0);
    run(world.desk, 60_000);
    assert.equal(world.asked.length, 1);
  });

  it("that is wrong moves nothing, is told until it agrees, and is forgotten when it is gone", () => {
    const world = create();
    world.serverErrorS = 6 * 3600;
    run(world.desk, 7_200_000);
    assert.ok(Math.abs(errorS(world)) <= 2);
    assert.equal(isContradicted(world), true);
    assert.match(world.desk.device.uploader.status.faults, /(^| )clock:contradicted( |$)/);
    world.isServerHere = false;
    run(world.desk, 3_700_000);
    assert.equal(isContradicted(world), false);
  }).timeout(60_000);

  it("together with the endpoint outweighs the board's own clock at once", () => {
    const world = create();
    world.endpointErrorS = world.serverErrorS = -6 * 3600;
    run(world.desk, 7_200_000);
    assert.ok(Math.abs(errorS(world) + 6 * 3600) <= 2);
    assert.equal(isContradicted(world), false);
  }).timeout(60_000);

  it("keeps a wrong endpoint from being believed after a day", () => {
    const world = create();
    world.endpointErrorS = 6 * 3600;
    for (let hour = 0; hour < 30; hour++) {
      world.desk.board.clock.advance(3_500_000);
      run(world.desk, 100_000);
    }
    assert.ok(Math.abs(errorS(world)) <= 2);
    assert.equal(isContradicted(world), true);
  }).timeout(120_000);
});
