/*
 * When a part of the device has nothing to do, and that it then does nothing.
 *
 * Input: real records, with one thing changed at a time. Output: test results. Invariant: the condition that lets a
 * part be skipped is the one by which the part works, so each is tried from both sides.
 */
import assert from "node:assert/strict";
import { createApi, isApiIdle, pollApiCall } from "../../../firmware/commands/api";
import { tick } from "../../../firmware/device";
import { areReadersIdle } from "../../../firmware/inputs/cards";
import { areContactsStable } from "../../../firmware/inputs/contacts";
import { TICK_MS } from "../../../firmware/limits";
import { createConnector, type Connector } from "../../../firmware/session/connector";
import { connectorStep, isConnectorIdle } from "../../../firmware/session/effects";
import { documentDue } from "../../../firmware/sync/sync";
import { HEARTBEAT_S, isUploadDue, LINGER_ROWS, LINGER_S, type Uploader } from "../../../firmware/uplink/uploader_state";
import { testConfiguration } from "../../boards/connector_board";
import { createUplinkTestBoard, type UplinkTestBoard } from "../../boards/uplink_board";
import { createDeviceTestBoard, plug, run, type DeviceTestBoard } from "../../boards/device_board";

describe("an idle connector", () => {
  const created = (change: (one: Connector) => void): Connector => {
    const connector = createConnector(testConfiguration({}), undefined);
    connector.session.contact = 0;
    connector.contact = 0;
    change(connector);
    return connector;
  };

  it("has no effect and stays as it was", () => {
    const connector = created(() => undefined);
    assert.equal(isConnectorIdle(connector), true);
    const before = JSON.stringify(connector);
    assert.equal(connectorStep(connector, 1), "none");
    assert.equal(JSON.stringify(connector), before);
  });

  const busy: [string, (one: Connector) => void][] = [
    ["a state to store", (one) => { one.dirty = true; }],
    ["a restart to handle", (one) => { one.restored = true; }],
    ["a user to look up", (one) => { one.userLookupPending = true; }],
    ["a start", (one) => { one.startTrigger = true; }],
    ["an end", (one) => { one.endTrigger = 1; }],
    ["an end after a start", (one) => { one.lateEndTrigger = 1; }],
    ["a row to write", (one) => { one.session.write = 1; }],
    ["a contact that moved", (one) => { one.contact = 1; }],
  ];
  for (const [what, change] of busy) {
    it(`is not one with ${what}`, () => {
      const connector = created(change);
      assert.equal(isConnectorIdle(connector), false);
      const before = JSON.stringify(connector);
      const effect = connectorStep(connector, 1);
      assert.ok(effect !== "none" || JSON.stringify(connector) !== before, "it has work");
    });
  }
});

describe("an upload", () => {
  const world = (change: (uploader: Uploader) => void = () => undefined, rows = 0, configuration: object = {}): UplinkTestBoard => {
    const one = createUplinkTestBoard(configuration);
    one.add(rows);
    Object.assign(one.uploader, { notBeforeS: 0, contactS: 100, pendingSinceS: rows > 0 ? 100 : -1 });
    change(one.uploader);
    return one;
  };
  const due = (one: UplinkTestBoard, nowS: number): boolean => isUploadDue(one.uploader, nowS);

  it("is due for a heartbeat when the ring is empty, and not before", () => {
    assert.deepEqual([due(world(), 100 + HEARTBEAT_S - 1), due(world(), 100 + HEARTBEAT_S)], [false, true]);
  });

  it("is due for a row after the linger time, and not before", () => {
    assert.deepEqual([due(world(undefined, 1), 100 + LINGER_S - 1), due(world(undefined, 1), 100 + LINGER_S)], [false, true]);
  });

  it("is due at once for many rows", () => {
    assert.deepEqual([due(world(undefined, LINGER_ROWS - 1), 100), due(world(undefined, LINGER_ROWS), 100)], [false, true]);
  });

  it("is due before the first contact, and with a result to report", () => {
    assert.equal(due(world((uploader) => { uploader.contactS = -1; }), 100), true);
    assert.equal(due(world((uploader) => { uploader.status.resultCount = 1; }), 100), true);
  });

  it("is never due during a pause, beside another exchange, without a network and without an address", () => {
    assert.equal(due(world((uploader) => { uploader.notBeforeS = 501; }, 5), 500), false);
    assert.equal(due(world((uploader) => { uploader.notBeforeS = 500; }, 5), 500), true);
    assert.equal(due(world((uploader) => { uploader.httpInUseElsewhere = true; }, 5), 500), false);
    assert.equal(due(world(undefined, 5, { url: "" }), 500), false);
    const offline = world(undefined, 5);
    offline.board.link.reachable = false;
    assert.equal(due(offline, 500), false);
  });

  it("is never due for a webhook without rows: before the first contact, after a silence, or with a result", () => {
    for (const change of [(one: Uploader): void => { one.contactS = -1; }, (): void => undefined, (one: Uploader): void => { one.status.resultCount = 1; }]) {
      assert.equal(due(world(change, 0, { target: "webhook" }), 100 + 2 * HEARTBEAT_S), false);
    }
    assert.equal(due(world(undefined, 1, { target: "webhook" }), 100 + LINGER_S), true);
  });
});

describe("the API", () => {
  it("is idle without a call, and takes one only while it serves none", () => {
    const { board, uploader } = createUplinkTestBoard();
    const api = createApi(board, 80);
    pollApiCall(api, board);
    assert.deepEqual([api.serves, isApiIdle(api, uploader, 0)], ["idle", true]);
    board.calls.arrive("http", "t", "ECHO(a)");
    board.calls.arrive("http", "t", "ECHO(b)");
    pollApiCall(api, board);
    pollApiCall(api, board);
    assert.deepEqual([api.serves, api.call.text, isApiIdle(api, uploader, 0)], ["asked", "ECHO(a)", false]);
  });

  it("says which port does not open, and nothing of one that does", () => {
    const { board } = createUplinkTestBoard();
    createApi(board, 80);
    assert.deepEqual([board.calls.port(), board.system.lines], [80, []]);
    board.calls.open = () => "absent";
    createApi(board, 81);
    assert.deepEqual(board.system.lines, ["fault: no API on port 81; choose another api.port, commands from the endpoint still arrive"]);
  });

  it("has a remote command to run only when there is room for its result", () => {
    const { board, uploader } = createUplinkTestBoard();
    const api = createApi(board, 80);
    uploader.commandId = 7;
    assert.equal(isApiIdle(api, uploader, 0), false);
    uploader.status.results = "x";
    assert.equal(isApiIdle(api, uploader, 0), true);
  });

  it("is idle during a WAIT, to its last millisecond", () => {
    const { board, uploader } = createUplinkTestBoard();
    const api = createApi(board, 80);
    api.serves = "call";
    api.chain = { text: "", at: 0, count: 0, name: "", parameters: [], waitMs: 400, waitFromMs: 1000, status: 200, answer: "" };
    assert.deepEqual([isApiIdle(api, uploader, 1399), isApiIdle(api, uploader, 1400)], [true, false]);
  });
});

describe("a device with documents to fetch", () => {
  const SECOND = 1000 / TICK_MS - 1;
  const TWO_SECONDS = 2000 / TICK_MS - 1;
  const created = (): DeviceTestBoard => {
    const desk = createDeviceTestBoard((document) => { delete document.outputs; });
    desk.board.link.reachable = false;
    run(desk, 3000);
    return desk;
  };
  const loads = (desk: DeviceTestBoard): (name: string) => number => {
    const counts = new Map<string, number>();
    const load = desk.board.system.load.bind(desk.board.system);
    desk.board.system.load = (name) => {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      return load(name);
    };
    return (name) => counts.get(name) ?? 0;
  };
  const idleSeconds = (desk: DeviceTestBoard, seconds: number): number => {
    let idle = 0;
    for (let second = 0; second < seconds; second++) {
      desk.board.clock.advance(1000);
      if (tick(desk.device) === (desk.device.connector.session.active ? SECOND : TWO_SECONDS)) idle++;
    }
    return idle;
  };

  it("idles through a session although a newer configuration waits for its end", () => {
    const desk = created();
    plug(desk, true);
    const loaded = loads(desk);
    desk.device.uploader.configurationRevision = 9;
    assert.equal(documentDue(desk.device), "");
    assert.deepEqual([idleSeconds(desk, 50), loaded("download")], [50, 0]);
    desk.device.connector.session.active = false;
    assert.equal(documentDue(desk.device), "configuration");
  });

  it("idles after it refused a revision, and fetches the next one", () => {
    const desk = created();
    const loaded = loads(desk);
    desk.device.uploader.configurationRevision = 9;
    desk.device.sync.refusedRevision = 9;
    desk.device.upkeepAtS = 2 ** 30;
    assert.deepEqual([documentDue(desk.device), idleSeconds(desk, 50), loaded("download")], ["", 50, 0]);
    desk.device.uploader.configurationRevision = 10;
    assert.equal(documentDue(desk.device), "configuration");
  });

  it("gives up a download that a session interrupts, so that it idles, and begins it anew afterwards", () => {
    const desk = created();
    desk.device.uploader.configurationRevision = 9;
    run(desk, 100);
    assert.ok(desk.device.sync.download !== undefined);
    plug(desk, true);
    assert.equal(desk.device.sync.download, undefined);
    assert.equal(idleSeconds(desk, 50), 50);
    plug(desk, false);
    assert.ok(desk.device.sync.download !== undefined);
  });

  it("waits for the end of the pause after a failed fetch, and not longer", () => {
    const { device } = created();
    device.uploader.configurationRevision = 9;
    device.sync.notBeforeS = device.now.s + 1;
    assert.equal(documentDue(device), "");
    device.sync.notBeforeS = device.now.s;
    assert.equal(documentDue(device), "configuration");
  });

  it("waits for the pause when it lacks the module that fetches", () => {
    const desk = created();
    desk.board.system.modules.delete("download");
    const loaded = loads(desk);
    desk.device.uploader.configurationRevision = 9;
    run(desk, 60_000);
    assert.equal(loaded("download"), 1);
  });
});

describe("the inputs of a device", () => {
  it("are idle when no contact bounces, no card is remembered and no reader has to be polled", () => {
    const desk = createDeviceTestBoard();
    run(desk, 1000);
    assert.deepEqual([areContactsStable(desk.device.contacts), areReadersIdle(desk.device.readers)], [true, true]);
    desk.device.contacts.debounces[0]!.unstable = true;
    assert.equal(areContactsStable(desk.device.contacts), false);
    desk.device.readers[0]!.presence.states.push(1);
    assert.equal(areReadersIdle(desk.device.readers), false);
  });
});
