/*
 * Numbers of no card, on a whole device: made up by a reader, read off a dead line, or half of a uid.
 *
 * Input: a configured device on mocks, bytes of an emulated reader. Output: test results. Invariant: such a number opens
 * no session at the default settings, and the Log names it.
 */
import assert from "node:assert/strict";
import { createReaderEmulator, type ReaderEmulator } from "../../../tools/emulator/reader";
import { cardFrame } from "../../../tools/emulator/reader_frames";
import { CLEAN } from "../../../tools/emulator/line";
import { createDeviceTestBoard, run, type DeviceTestBoard } from "../../boards/device_board";

const PORT = 2;
const CARD = "0102B0A5FD";

interface Reader {
  model: string;
  [setting: string]: unknown;
}

/** A device with one reader, whose cards make the pulses by `mode`. */
function readerDesk(reader: Reader, mode = "startEnd"): DeviceTestBoard {
  return createDeviceTestBoard((document) => {
    document.readers = [{ port: PORT, ...reader }];
    (document.block as { rfidTrigger: string }).rfidTrigger = mode;
  });
}

/** Runs device and emulated reader together for `ms`. */
function converse(desk: DeviceTestBoard, emulator: ReaderEmulator, ms: number): void {
  for (let passed = 0; passed < ms; passed += 20) {
    const nowMs = desk.board.clock.worldMs;
    const bytes = emulator.send(nowMs);
    if (bytes !== "") desk.board.serial.arrive(PORT, bytes);
    run(desk, 20);
    emulator.receive(desk.board.serial.sent(PORT), desk.board.clock.worldMs);
  }
}

function log(desk: DeviceTestBoard): string {
  return desk.board.system.lines.join("\n");
}

/** Of a published report: numbers that an RDM6300 makes up with no fob near it, all with a right check sum, one frame each. */
const PHANTOMS = ["0000000000", "0000078F88", "00F00000F0", "F000060007", "B59A99E5A9", "4FFB388FFF", "DA9386B5EA", "DAEF6FEE2B"];

describe("phantom cards", () => {
  it("open nothing when a reader makes them up, and the card behind them has the session", () => {
    const desk = readerDesk({ model: "rdm6300" }, "start");
    for (const phantom of PHANTOMS) {
      desk.board.serial.arrive(PORT, cardFrame("rdm6300", phantom));
      run(desk, 120_000);
    }
    assert.equal(desk.device.connector.session.number, 0);
    assert.equal(desk.device.connector.uid, "");
    assert.equal(log(desk).split("lone frame ").length, PHANTOMS.length, log(desk));
    assert.match(log(desk), /constant uid 0000000000 refused: no card has it/);
    const emulator = createReaderEmulator("rdm6300", 1, CLEAN);
    emulator.show(CARD, desk.board.clock.worldMs);
    converse(desk, emulator, 300);
    assert.equal(desk.device.connector.session.uid, CARD);
  });

  for (const model of ["7941e", "7941w", "linehex", "pn532", "sl032", "sm130", "twn4", "yhy502"]) {
    it(`open nothing when ${model} gives half of a longer uid, which is named in the Log`, () => {
      const desk = readerDesk({ model }, "start");
      const emulator = createReaderEmulator(model, 1, CLEAN);
      converse(desk, emulator, 1000);
      emulator.show("8804A3C6", desk.board.clock.worldMs);
      converse(desk, emulator, 3000);
      assert.equal(desk.device.connector.session.number, 0);
      assert.match(log(desk), /half uid 8804A3C6 refused: different cards share it/);
    });
  }

  for (const model of ["hz1050", "em18", "id12la", "linedecimal", "r200", "7941e", "pn532", "twn4"]) {
    it(`open nothing when ${model} gives nothing but zeros`, () => {
      const desk = readerDesk({ model }, "start");
      const zeros = "00".repeat(model === "r200" ? 12 : model === "em18" || model === "id12la" ? 5 : 4);
      const emulator = createReaderEmulator(model, 1, CLEAN);
      converse(desk, emulator, 1000);
      emulator.show(zeros, desk.board.clock.worldMs);
      converse(desk, emulator, 3000);
      assert.equal(desk.device.connector.session.number, 0);
      assert.match(log(desk), new RegExp(`constant uid ${zeros} refused`));
    });
  }
});
