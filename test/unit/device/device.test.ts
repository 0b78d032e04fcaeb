/*
 * The device as a whole: start, power cuts, API, faults, gaps.
 */
import assert from "node:assert/strict";
import { createDevice } from "../../../firmware/boot";
import { u32 } from "../../../firmware/base/bytes";
import { sealForDevice } from "../../../exosphere/devices/seal_for_device";
import { provision, provisionOffered } from "../../../firmware/configuration/provision";
import { KEY_USERS_VERSION } from "../../../firmware/store/keys";
import { putValue } from "../../../firmware/store/key_value_store";
import { createBlankTestBoard, bytesOf, createDeviceTestBoard, exampleDocument, plug, pulses, rows, run, startDevice, type DeviceTestBoard } from "../../boards/device_board";

describe("a device", () => {
  it("without a configuration says so and does nothing", () => {
    const desk = createBlankTestBoard();
    assert.equal(createDevice(desk.board, desk.description), undefined);
    assert.match(desk.board.system.lines.join("\n"), /not configured: provision this board/);
  });

  it("keeps the old configuration when a new one has errors, and names them all", () => {
    const desk = createDeviceTestBoard();
    const wrong = exampleDocument();
    (wrong.inputs as { contact: { pin: unknown } }).contact.pin = "D26";
    (wrong.table as { id: unknown }).id = 0;
    const errors = provision(desk.board, desk.description, bytesOf(wrong));
    assert.match(errors, /inputs\.contact\.pin/);
    assert.match(errors, /table\.id/);
    assert.deepEqual(startDevice(desk).contacts.pins, [26]);
  });

  it("on a board whose flash areas are too small says so", () => {
    const desk = createBlankTestBoard();
    const tiny = { name: "tiny", areas: [{ address: 0, bytes: 8192 }] };
    assert.equal(createDevice(desk.board, tiny), undefined);
    assert.match(desk.board.system.lines.join("\n"), /flash areas of board tiny are too small/);
    assert.equal(provision(desk.board, tiny, bytesOf(exampleDocument())), "the flash areas of board tiny are too small; see docs/STORAGE.md");
  });

  it("has its session active again before the first tick after a power cut, with every pulse counted", () => {
    const desk = createDeviceTestBoard();
    plug(desk, true);
    pulses(desk, 7);
    desk.device = startDevice(desk);
    assert.equal(desk.device.connector.session.active, true);
    assert.equal(desk.device.connector.session.number, 1);
    pulses(desk, 3);
    plug(desk, false);
    const end = rows(desk).find((row) => row[0] === 2);
    assert.equal((end?.[4] as Map<number, unknown>).get(5), 10);
  });

  it("reports edges that a full queue has lost, and sees the contact's level all the same", () => {
    const desk = createDeviceTestBoard();
    for (let edge = 0; edge < 101; edge++) desk.board.pins.set(26, edge % 2);
    desk.board.pins.set(26, 0);
    run(desk, 200);
    assert.equal(desk.device.connector.session.active, true);
    assert.match(desk.board.system.lines.join("\n"), /faults: edgesLost:\d+/);
    desk.device.upkeepAtS = 0;
    run(desk, 20);
    assert.equal(desk.device.uploader.status.faults, "", "told once, not for ever");
  });

  it("fetches the list of users again when flash has lost it, at any noted version", () => {
    const desk = createDeviceTestBoard(() => undefined, 0x100000);
    assert.equal(putValue(desk.device.keyValues, KEY_USERS_VERSION, u32(5)), "stored");
    assert.equal(startDevice(desk).uploader.status.usersVersion, 0);
  });

  it("keeps its secrets when a document with (secret) in their place is provisioned", () => {
    const desk = createDeviceTestBoard();
    const shown = exampleDocument();
    (shown.endpoint as { key: string }).key = "(secret)";
    (shown.api as { token: string }).token = "(secret)";
    assert.equal(provision(desk.board, desk.description, bytesOf(shown)), "");
    const again = startDevice(desk).configuration;
    assert.equal(again.key, desk.device.configuration.key);
    assert.equal(again.apiToken, "0123456789abcdef");
  });

  it("does not switch a relay on that follows known cards before one is shown", () => {
    const desk = createDeviceTestBoard((document) => { document.outputs = { relay: { pin: 23, follows: "knownCard" } }; });
    desk.device.knownCard = true;
    plug(desk, true);
    assert.equal(desk.device.connector.session.active, true);
    assert.equal(desk.board.pins.driven(23), 0);
  });

  it("starts and says so when an output's pin does not exist", () => {
    const desk = createBlankTestBoard();
    const document = exampleDocument();
    const errors = provision(desk.board, desk.description, bytesOf({ ...document, outputs: { led: { pin: 48 }, relay: { pin: 47 } } }));
    assert.equal(errors, "");
    desk.board.pins.open = (pin) => (pin < 40 ? "ok" : "absent");
    assert.ok(createDevice(desk.board, desk.description) !== undefined);
    assert.match(desk.board.system.lines.join("\n"), /pin 48 does not exist on this board; change outputs\.led\.pin/);
    assert.match(desk.board.system.lines.join("\n"), /pin 47 does not exist on this board; change outputs\.relay\.pin/);
  });

  it("starts with inputs and meters that the board lacks, counts nothing there, and tells each as a fault to the fleet page", () => {
    const desk = createBlankTestBoard();
    const document = exampleDocument();
    document.inputs = { contact: { pin: 45, activeLevel: 0 }, sStart: { pin: 46 }, sEnd: { pin: 33 } };
    document.customInputs = [{ index: 1, name: "door", type: "boolean", source: "level", pin: 47 }];
    document.meters = [{ pin: 25, activeLevel: 0, pulsesPerKwh: 1000 }, { pin: 48, activeLevel: 0, pulsesPerKwh: 1000, registerWh: 500 }];
    assert.equal(provision(desk.board, desk.description, bytesOf(document)), "");
    const open = desk.board.pins.open;
    const read = desk.board.pins.read;
    desk.board.pins.open = (pin, mode) => (pin < 40 ? open(pin, mode) : "absent");
    // Some platforms stop the program that asks for the level of such a pin.
    desk.board.pins.read = (pin) => {
      assert.ok(pin >= 0 && pin < 40, `level of pin ${String(pin)}`);
      return read(pin);
    };
    desk.board.pins.set(25, 1);
    const full: DeviceTestBoard = { ...desk, device: startDevice(desk) };
    // A full queue makes the device read all levels again.
    for (let edge = 0; edge < 201; edge++) desk.board.pins.set(25, edge % 2);
    run(full, 100);
    pulses(full, 3);
    full.device.upkeepAtS = 0;
    run(full, 20);
    assert.equal(full.device.meters.pages[1]!.energyWh, 500);
    assert.equal(full.device.meters.pages[0]!.energyWh, 3);
    assert.equal(full.device.uploader.status.faults.replace(/edgesLost:\d+ /, ""), "pin46:absent pin45:absent pin47:absent meter2:absent");
  });

  it("tells the endpoint of rows that were given up for newer ones, once and with their number", () => {
    const desk = createDeviceTestBoard((document) => { (document.store as { whenFull: string }).whenFull = "dropOldest"; });
    const sessions = () => desk.device.ring.lost;
    for (let count = 0; sessions() === 0 && count < 3000; count++) {
      plug(desk, true);
      plug(desk, false);
    }
    assert.equal(desk.device.ring.lost, 96);
    for (let look = 0; look < 3; look++) {
      desk.device.upkeepAtS = 0;
      run(desk, 20);
    }
    const gaps = rows(desk).filter((row) => row[0] === 6);
    assert.equal(gaps.length, 1);
    assert.equal(gaps[0]![4], desk.device.ring.lost);
  });

  it("stores a floor for its sequence numbers and begins there when the ring is destroyed", () => {
    const desk = createDeviceTestBoard();
    run(desk, 100);
    const area = { from: desk.device.ring.address, to: 0x10000 };
    for (let address = area.from; address < area.to; address += desk.flash.pageBytes) desk.flash.erase(address);
    assert.equal(startDevice(desk).ring.nextSequence, 2049, "2,048 numbers are kept free");
  });
});

describe("the API of a device", () => {
  function ask(desk: DeviceTestBoard, text: string, token = "0123456789abcdef"): { status: number; body: string } {
    const id = desk.board.calls.arrive("http", token, text);
    run(desk, 200);
    const answer = desk.board.calls.answers.get(id);
    assert.ok(answer !== undefined, "the call was answered");
    return { status: answer[0], body: answer[1] };
  }

  it("runs a whole session by commands, with the reason command", () => {
    const desk = createDeviceTestBoard();
    assert.equal(ask(desk, "=SET(SDC;Uid;01000734E0)&SET(SDC;CI1;7.45)&SET(SDC;SStart;pulse)").status, 200);
    assert.equal(desk.device.connector.session.active, true);
    assert.equal(ask(desk, "GETOUTPUT(SDC;Sa)").body, "1");
    assert.equal(ask(desk, "SET(SDC;SEnd;pulse)").status, 200);
    const end = rows(desk).find((row) => row[0] === 2);
    assert.equal((end?.[4] as Map<number, unknown>).get(8), "command");
  });

  it("refuses a wrong token and does nothing", () => {
    const desk = createDeviceTestBoard();
    assert.equal(ask(desk, "SET(SDC;SStart;pulse)", "0123456789abcdee").status, 401);
    assert.equal(ask(desk, "SET(SDC;SStart;pulse)", "").status, 401);
    assert.equal(desk.device.connector.session.active, false);
  });

  it("reads no code while a chain waits, and begins no upload beside it", () => {
    const desk = createDeviceTestBoard((document) => { (document.endpoint as { url: string }).url = "http://endpoint.test"; });
    run(desk, 6000);
    desk.board.http.cancel();
    run(desk, 200);
    // With either result of the first contact, the next upload is due as soon as there are rows.
    desk.device.uploader.notBeforeS = 0;
    const begun = desk.board.http.started;
    const before = new Map(desk.board.system.loads);
    const id = desk.board.calls.arrive("http", "0123456789abcdef", "=SET(SDC;SStart;pulse)&WAIT(30000)&SET(SDC;SEnd;pulse)");
    run(desk, 29000);
    assert.equal(desk.device.connector.session.active, true);
    const loads = (name: string): number => (desk.board.system.loads.get(name) ?? 0) - (before.get(name) ?? 0);
    assert.deepEqual([loads("commands_check"), loads("commands_run")], [1, 2]);
    assert.equal(desk.device.ring.pending, 1);
    assert.equal(desk.board.http.started, begun);
    run(desk, 3000);
    assert.equal(desk.board.calls.answers.get(id)?.[1], "ok\nok\nok");
    assert.equal(desk.board.http.started, begun + 1, "the upload begins behind the chain");
  });

  it("says what to do when a module of the commands is missing, and goes on", () => {
    for (const name of ["commands_check", "commands_run"]) {
      const desk = createDeviceTestBoard();
      const module = desk.board.system.modules.get(name);
      desk.board.system.modules.delete(name);
      assert.deepEqual(ask(desk, "ECHO(SDC)"), { status: 500, body: "error: a module of the commands is missing; deploy the board again" });
      desk.board.system.modules.set(name, module);
      assert.deepEqual(ask(desk, "ECHO(SDC)"), { status: 200, body: "SDC" });
    }
  });

  it("is closed when the configuration has no token", () => {
    const desk = createDeviceTestBoard((document) => { delete document.api; });
    assert.equal(ask(desk, "SET(SDC;SStart;pulse)", "").status, 401);
  });
});

describe("a card that no user has", () => {
  it("is told with the next status, whether it starts a session or not", () => {
    const desk = createDeviceTestBoard();
    desk.board.serial.arrive(2, "\x0201000734E0D2\x03\x0201000734E0D2\x03");
    run(desk, 100);
    assert.equal(desk.device.connector.session.active, false);
    assert.equal(desk.device.uploader.status.unknownCard, "01000734E0");
  });
});

describe("a configuration that the endpoint offers", () => {
  it("is refused when it says another revision than it was offered as, so that it is not fetched for ever", () => {
    const desk = createDeviceTestBoard();
    const refusal = provisionOffered(desk.board, desk.description, bytesOf({ ...exampleDocument(), revision: 1 }), 2);
    assert.match(refusal, /revision: the document says 1, it was offered as 2; write 2 into it/);
    assert.equal(provisionOffered(desk.board, desk.description, bytesOf({ ...exampleDocument(), revision: 2 }), 2), "");
    assert.equal(startDevice(desk).configuration.revision, 2);
  });

  it("has secrets that this board alone opens", () => {
    const desk = createDeviceTestBoard();
    const example = exampleDocument() as { endpoint: { key: string } };
    const sealed = (key: Buffer): string => bytesOf({ ...example, revision: 2, endpoint: { ...example.endpoint, key: sealForDevice(key, "endpoint.key", `"${"ab".repeat(32)}"`) } });
    assert.match(provisionOffered(desk.board, desk.description, sealed(Buffer.alloc(32, 1)), 2), /its secrets were encrypted for another key of this device; offer it again/);
    assert.equal(provisionOffered(desk.board, desk.description, sealed(Buffer.from(example.endpoint.key, "hex")), 2), "");
    assert.equal(startDevice(desk).configuration.key, "\xab".repeat(32));
  });
});
