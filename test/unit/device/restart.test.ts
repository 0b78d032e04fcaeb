/*
 * A session that is interrupted: by SStart again, by a restart of the board, and by both.
 *
 * Input: a device with two buttons, a card reader and a meter, on mocks; restarts as a reboot or a power cut makes
 * them. Output: the rows in flash. Invariant: every counted pulse is in exactly one session, and a restart alone
 * neither starts, ends nor splits one.
 */
import assert from "node:assert/strict";
import { cardFrame } from "../../../tools/emulator/reader_frames";
import { createDeviceTestBoard, pulses, rows, run, startDevice, type DeviceTestBoard } from "../../boards/device_board";

const START = 32;
const END = 33;
const CARD = "01000734E0";
/** Kinds of rows. */
const [ROW_START, ROW_END] = [1, 2];

/** A device without contact: one button starts, the other ends. */
function buttonDesk(block: object = {}): DeviceTestBoard {
  const desk = createDeviceTestBoard((document) => {
    document.inputs = { sStart: { pin: START, activeLevel: 0 }, sEnd: { pin: END, activeLevel: 0 } };
    document.block = { ...document.block as object, ...block };
  });
  for (const pin of [START, END]) desk.board.pins.set(pin, 1);
  run(desk, 100);
  return desk;
}

function press(desk: DeviceTestBoard, pin: number): void {
  desk.board.pins.set(pin, 0);
  run(desk, 100);
  desk.board.pins.set(pin, 1);
  run(desk, 100);
}

function showCard(desk: DeviceTestBoard): void {
  desk.board.serial.arrive(2, cardFrame("rdm6300", CARD) + cardFrame("rdm6300", CARD));
  run(desk, 100);
}

/** The board starts again on its flash, as it does after a reboot and after a power cut. */
function restart(desk: DeviceTestBoard): void {
  desk.device = startDevice(desk);
  run(desk, 100);
}

/** Session rows in order: "start", or "end" with the energy (column 5 of the example) and the reason (column 8). */
function sessions(desk: DeviceTestBoard): string[] {
  return rows(desk).filter((row) => row[0] === ROW_START || row[0] === ROW_END)
    .map((row) => {
      const cells = row[4] as Map<number, unknown>;
      return row[0] === ROW_START ? "start" : ["end", cells.get(5), cells.get(8)].join(" ");
    });
}

function log(desk: DeviceTestBoard): string {
  return desk.board.system.lines.join("\n");
}

describe("SStart while a session is active", () => {
  it("closes the session as superseded and opens the next, each with its own pulses", () => {
    const desk = buttonDesk();
    press(desk, START);
    pulses(desk, 3);
    press(desk, START);
    pulses(desk, 5);
    press(desk, END);
    assert.deepEqual(sessions(desk), ["start", "end 3 superseded", "start", "end 5 end"]);
    assert.equal(desk.device.connector.session.number, 2);
  });

  it("is ignored, logged and counted with onRestart \"ignore\"", () => {
    const desk = buttonDesk({ onRestart: "ignore" });
    press(desk, START);
    pulses(desk, 3);
    press(desk, START);
    pulses(desk, 5);
    press(desk, END);
    assert.deepEqual(sessions(desk), ["start", "end 8 end"]);
    assert.match(log(desk), /1 ignored SStart: a session is active/);
    assert.equal(desk.device.connector.ignored, 1);
  });

  it("does the same after the board has restarted inside that session", () => {
    const desk = buttonDesk();
    showCard(desk);
    press(desk, START);
    pulses(desk, 3);
    restart(desk);
    pulses(desk, 2);
    press(desk, START);
    pulses(desk, 4);
    restart(desk);
    press(desk, END);
    assert.deepEqual(sessions(desk), ["start", "end 5 superseded", "start", "end 4 end"]);
    const ignoring = buttonDesk({ onRestart: "ignore" });
    press(ignoring, START);
    restart(ignoring);
    press(ignoring, START);
    press(ignoring, END);
    assert.deepEqual(sessions(ignoring), ["start", "end 0 end"]);
  });

  it("held down while the board restarts is no new trigger, nor is its release", () => {
    const desk = buttonDesk();
    desk.board.pins.set(START, 0);
    run(desk, 100);
    pulses(desk, 1);
    restart(desk);
    desk.board.pins.set(START, 1);
    run(desk, 100);
    pulses(desk, 1);
    press(desk, END);
    assert.deepEqual(sessions(desk), ["start", "end 2 end"]);
    assert.equal(desk.device.connector.session.number, 1);
  });
});

describe("a restart of the board inside a session", () => {
  it("keeps number, user, start and every pulse, however often it happens, and the session ends once", () => {
    const desk = buttonDesk();
    showCard(desk);
    press(desk, START);
    const { number, uid } = desk.device.connector.session;
    for (let count = 0; count < 20; count++) {
      pulses(desk, 1);
      restart(desk);
      assert.equal(desk.device.connector.session.active, true);
      assert.equal(desk.device.connector.session.number, number);
      assert.equal(desk.device.connector.session.uid, uid);
    }
    assert.equal(uid, CARD);
    assert.equal(log(desk).split("resumed after a restart").length, 21);
    press(desk, END);
    restart(desk);
    assert.equal(desk.device.connector.session.active, false);
    assert.deepEqual(sessions(desk), ["start", "end 20 end"]);
  });

  it("closes it with onPowerLoss \"close\", and leaves the next session its own", () => {
    const desk = buttonDesk({ onPowerLoss: "close" });
    press(desk, START);
    pulses(desk, 3);
    restart(desk);
    assert.equal(desk.device.connector.session.active, false);
    press(desk, START);
    pulses(desk, 2);
    press(desk, END);
    assert.deepEqual(sessions(desk), ["start", "end 3 interrupted", "start", "end 2 end"]);
  });

  it("while the row waits for its trigger delay writes that row once", () => {
    const desk = buttonDesk({ triggerDelayMs: 5000 });
    press(desk, START);
    assert.deepEqual(sessions(desk), []);
    restart(desk);
    run(desk, 6000);
    assert.deepEqual(sessions(desk), ["start"]);
    press(desk, END);
    restart(desk);
    run(desk, 6000);
    restart(desk);
    assert.deepEqual(sessions(desk), ["start", "end 0 end"]);
  });

  it("lets the same card end it in mode startEnd, and another card not", () => {
    const desk = buttonDesk({ rfidTrigger: "startEnd" });
    showCard(desk);
    assert.equal(desk.device.connector.session.active, true);
    run(desk, 6000);
    restart(desk);
    desk.board.serial.arrive(2, cardFrame("rdm6300", "62E3086CED") + cardFrame("rdm6300", "62E3086CED"));
    run(desk, 100);
    assert.equal(desk.device.connector.session.active, true);
    showCard(desk);
    assert.equal(desk.device.connector.session.active, false);
    assert.deepEqual(sessions(desk), ["start", "end 0 tap"]);
  });
});

describe("a restart that the board plans", () => {
  const HEALTH_MS = 61_000;

  it("is made once the link has used up memory, and only between sessions", () => {
    const desk = buttonDesk();
    press(desk, START);
    desk.board.link.isWorn = true;
    run(desk, HEALTH_MS);
    assert.equal(desk.board.system.restartReason, "");
    press(desk, END);
    run(desk, HEALTH_MS);
    assert.equal(desk.board.system.restartReason, "memory used up by outages of the Wi-Fi");
  });

  it("is not made while the link has memory to go on", () => {
    const desk = buttonDesk();
    run(desk, HEALTH_MS);
    assert.equal(desk.board.system.restartReason, "");
  });
});

describe("a start", () => {
  it("seeds the random numbers with the key and the number of the start before, so that no two are alike", () => {
    const desk = createDeviceTestBoard();
    const seeds: string[] = [];
    const starting = { ...desk, board: { ...desk.board, crypto: { ...desk.board.crypto, seed: (bytes: string) => { seeds.push(bytes); } } } };
    const { crypto } = desk.board;
    const first = startDevice(starting).moment.boot;
    const second = startDevice(starting).moment.boot;
    const key = desk.device.configuration.key;
    assert.equal(second, first + 1);
    assert.deepEqual(seeds, [first - 1, first].map((boot) => crypto.hmacSha256(key, String.fromCharCode(boot >> 24, (boot >> 16) & 255, (boot >> 8) & 255, boot & 255))));
  });
});
