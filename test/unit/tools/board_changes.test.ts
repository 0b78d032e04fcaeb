/*
 * The lines of `sdc monitor` between two snapshots of a board: the board's own module on a mock board in virtual
 * time.
 *
 * Input: wires moved between two looks. Output: the lines in between. Invariant: each event is told once, with
 * what a person at the terminals needs to know; what did not happen is not told.
 */
import assert from "node:assert/strict";
import { snapshot } from "../../../firmware/console/monitor";
import { boardChanges, boardWires, kwhText, pulsesBetween } from "../../../tools/board/board_changes";
import { parseLook } from "../../../tools/board/board_snapshot";
import type { Look } from "../../../tools/board/board_snapshot";
import { rdm6300Frame } from "../../../tools/emulator/rdm6300";
import { createBlankTestBoard, createDeviceTestBoard, plug, pulses, run } from "../../boards/device_board";
import type { DeviceTestBoard } from "../../boards/device_board";

const CARD = "0102B0A5FD";
const OTHER = "62E3086CED";
const CARD_TEXT = `${CARD}   8h10d 0045131261   wiegand3.5 176,42493`;

/** A board with every kind of wire, and what the monitor says of each step. */
class Watch {
  readonly desk: DeviceTestBoard;
  before: Look;

  constructor(change: (document: Record<string, unknown>) => void = () => undefined) {
    this.desk = createDeviceTestBoard((document) => {
      document.inputs = { contact: { pin: 26, pull: "up", activeLevel: 0, debounceMs: 20 }, sStart: { pin: 32, pull: "up", activeLevel: 0 } };
      document.customInputs = [{ index: 3, name: "door", type: "boolean", source: "level", pin: 33, pull: "up", activeLevel: 0 }];
      change(document);
    });
    for (const pin of [32, 33]) this.desk.board.pins.set(pin, 1);
    run(this.desk, 1000);
    this.before = parseLook(snapshot(this.desk.device));
  }

  /** Lines of what happened since the last call. */
  said(): string[] {
    const after = parseLook(snapshot(this.desk.device));
    const lines = boardChanges(this.before, after);
    this.before = after;
    return lines;
  }

  card(uid: string): void {
    this.desk.board.serial.arrive(2, rdm6300Frame(uid) + rdm6300Frame(uid));
    run(this.desk, 200);
  }
}

describe("a look at a board", () => {
  it("says nothing where there is no configuration", () => {
    const { board, description } = createBlankTestBoard();
    assert.equal(snapshot({ ports: board, board: description } as unknown as DeviceTestBoard["device"]), "");
  });

  it("tells once how all wires stand", () => {
    const watch = new Watch((document) => { (document.meters as { registerWh: number }[])[0]!.registerWh = 1500; });
    assert.deepEqual(boardWires(watch.before), [
      "contact  SStart (pin 32) off", "contact  contact (pin 26) off", "contact  CI3 (pin 33) off",
      "meter    1   1.500 kWh   0 W   1000 pulses per kWh, output open", "reader   1 rdm6300", "session  none", "faults   none",
    ]);
    assert.deepEqual(watch.said(), []);
  });
});

describe("changes between two looks", () => {
  it("are the exact number of pulses, also where a pulse is no whole Wh", () => {
    for (const pulsesPerKwh of [1000, 3, 100, 800, 1600, 99999]) {
      const watch = new Watch((document) => { (document.meters as { pulsesPerKwh: number }[])[0]!.pulsesPerKwh = pulsesPerKwh; });
      for (const count of [1, 2, 7, 40]) {
        pulses(watch.desk, count);
        const after = parseLook(snapshot(watch.desk.device));
        assert.equal(pulsesBetween(watch.before.meters[0]!, after.meters[0]!), count);
        assert.match(watch.said()[0]!, new RegExp(`^pulse    \\+${String(count)}  meter 1   \\d+\\.\\d{3} kWh`));
      }
    }
  });

  it("tell the power with the pulses, and that it has fallen to nothing", () => {
    const watch = new Watch();
    pulses(watch.desk, 30);
    assert.deepEqual(watch.said(), ["pulse    +30  meter 1   0.030 kWh   36000 W"]);
    // 3,600 s after a pulse of 1 Wh less than 1 W can flow.
    run(watch.desk, 3_602_000);
    assert.deepEqual(watch.said().filter((line) => line.startsWith("power")), ["power    meter 1   0 W: no pulse for as long as 1 W would take"]);
  });

  it("tell what the filter refused, as bounce or as too near, and count none of it", () => {
    const watch = new Watch();
    const pins = watch.desk.board.pins;
    for (let spike = 0; spike < 3; spike++) {
      pins.set(25, 0);
      watch.desk.board.clock.advance(4);
      pins.set(25, 1);
      run(watch.desk, 100);
    }
    assert.deepEqual(watch.said(), ["refused  meter 1: 3 × shorter than filterMs: bounce or interference"]);
    for (let pulse = 0; pulse < 2; pulse++) {
      pins.set(25, 0);
      watch.desk.board.clock.advance(15);
      pins.set(25, 1);
      watch.desk.board.clock.advance(15);
    }
    run(watch.desk, 100);
    assert.deepEqual(watch.said(), ["pulse    +1  meter 1   0.001 kWh", "refused  meter 1: 1 × nearer than spacingMs to the pulse before"]);
  });

  it("tell a line that is stuck with its remedy, and that it is free again", () => {
    const watch = new Watch();
    watch.desk.board.pins.set(25, 0);
    run(watch.desk, 62_000);
    assert.match(watch.said().join("\n"), /fault {4}meter 1: stuck; on for more than 60 s: short circuit, or activeLevel/);
    watch.desk.board.pins.set(25, 1);
    run(watch.desk, 2000);
    assert.ok(watch.said().includes("fault    meter 1: gone"));
  });

  it("tell contacts, also one that came and went in between, and the session they make", () => {
    const watch = new Watch();
    plug(watch.desk, true);
    assert.deepEqual(watch.said(), ["contact  contact (pin 26) on", "session  1 begins"]);
    for (const level of [0, 1]) {
      watch.desk.board.pins.set(33, level);
      run(watch.desk, 100);
    }
    assert.deepEqual(watch.said(), ["contact  CI3 (pin 33) on and off"]);
    plug(watch.desk, false);
    assert.deepEqual(watch.said(), ["contact  contact (pin 26) off", "session  1 ends"]);
    plug(watch.desk, true);
    plug(watch.desk, false);
    assert.deepEqual(watch.said(), ["contact  contact (pin 26) on and off", "session  2 came and went"]);
  });

  it("tell a card once while it is held, that its dead time holds it back, and its next presentation", () => {
    const watch = new Watch();
    watch.card(CARD);
    assert.deepEqual(watch.said(), ["card     " + CARD_TEXT]);
    for (let repeat = 0; repeat < 5; repeat++) watch.card(CARD);
    assert.deepEqual(watch.said(), []);
    run(watch.desk, 2000);
    assert.deepEqual(watch.said(), []);
    watch.card(CARD);
    assert.deepEqual(watch.said(), [`card     ${CARD} again, within its dead time: does nothing`]);
    run(watch.desk, 6000);
    watch.card(CARD);
    watch.card(OTHER);
    assert.deepEqual(watch.said().map((line) => line.slice(0, 19)).sort(), ["card     0102B0A5FD", "card     62E3086CED"]);
  });

  it("tell a card that is not held long enough, and the session's user in the configured notation", () => {
    const watch = new Watch((document) => { document.readers = [{ model: "rdm6300", port: 2, uidFormat: "8h10d", holdMs: 500 }]; });
    plug(watch.desk, true);
    watch.said();
    watch.card(CARD);
    assert.deepEqual(watch.said(), [`card     ${CARD} is there, held for less than holdMs`]);
    for (let repeat = 0; repeat < 3; repeat++) watch.card(CARD);
    assert.deepEqual(watch.said(), [`card     ${CARD}   8h10d 0045131261 (as configured)   8h10d 0045131261   wiegand3.5 176,42493`, "session  1: user 0045131261"]);
  });

  it("tell a random uid as refused, and a 125 kHz number that begins so as a card", () => {
    const asked = new Watch((document) => { document.readers = [{ model: "linehex", port: 2 }]; });
    asked.desk.board.serial.arrive(2, "08AABBCC\r");
    run(asked.desk, 200);
    assert.deepEqual(asked.said(), ["refused  random uid 08AABBCC: it changes at every reading"]);
    const raw = new Watch((document) => { document.readers = [{ model: "linedecimal", port: 2 }]; });
    raw.desk.board.serial.arrive(2, "0144358348\r");
    run(raw.desk, 200);
    assert.match(raw.said()[0]!, /^card {5}089ABBCC/);
  });

  it("tell bad frames with the reason, lost bytes, and a reader that does not answer with its remedy", () => {
    const watch = new Watch();
    watch.desk.board.serial.arrive(2, "\x02100026F44426\x03");
    run(watch.desk, 100);
    assert.deepEqual(watch.said(), ["bad      reader 1 rdm6300: 1 × checksum"]);
    const asked = new Watch((document) => { document.readers = [{ model: "sl032", port: 2 }]; });
    run(asked.desk, 9000);
    assert.match(asked.said().join("\n"), /^fault {4}reader 1 sl032: absent; it does not answer: supply, TX and RX exchanged/m);
  });

  it("tell edges that came faster than the board takes them", () => {
    const watch = new Watch();
    for (let edge = 0; edge < 201; edge++) watch.desk.board.pins.set(26, edge % 2);
    run(watch.desk, 20);
    assert.match(watch.said()[0]!, /^lost {5}\d+ edges came faster than the board takes them/);
  });
});

describe("a register in words", () => {
  it("has three decimals and no rounding", () => {
    assert.equal(kwhText(0), "0.000 kWh");
    assert.equal(kwhText(12345678), "12345.678 kWh");
    assert.equal(kwhText(2147483647), "2147483.647 kWh");
  });
});
