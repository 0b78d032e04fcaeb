/*
 * Cards and their readers on a whole device: from bytes on the UART to Uid, session, Log, status and LED.
 *
 * Input: a configured device on mocks, bytes of an emulated reader. Output: test results. Invariant: what a driver
 * and presence promise alone, the device keeps too.
 */
import assert from "node:assert/strict";
import { provision } from "../../../firmware/configuration/provision";
import { faultWords } from "../../../firmware/health";
import { createReaderEmulator, type ReaderEmulator } from "../../../tools/emulator/reader";
import { cardFrame } from "../../../tools/emulator/reader_frames";
import { CLEAN } from "../../../tools/emulator/line";
import { bytesOf, createDeviceTestBoard, exampleDocument, plug, run, startDevice, type DeviceTestBoard } from "../../boards/device_board";

const PORT = 2;
const CARD = "0102B0A5FD";
const OTHER = "62E3086CED";

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

describe("cards on a device", () => {
  it("start a session once they were held for holdMs, and not before", () => {
    const desk = readerDesk({ model: "rdm6300", holdMs: 1000 });
    const emulator = createReaderEmulator("rdm6300", 1, CLEAN);
    emulator.show(CARD, desk.board.clock.worldMs);
    converse(desk, emulator, 900);
    emulator.show("", desk.board.clock.worldMs);
    converse(desk, emulator, 6000);
    assert.equal(desk.device.connector.session.active, false);
    emulator.show(CARD, desk.board.clock.worldMs);
    converse(desk, emulator, 1200);
    assert.equal(desk.device.connector.session.active, true);
    assert.equal(desk.device.connector.session.uid, CARD);
  });

  it("start one session when shown for a tenth of a second, and do not end it, nor does another that stays for six minutes", () => {
    const desk = readerDesk({ model: "rdm6300" });
    const emulator = createReaderEmulator("rdm6300", 2, CLEAN);
    emulator.show(CARD, desk.board.clock.worldMs);
    converse(desk, emulator, 100);
    emulator.show("", desk.board.clock.worldMs);
    converse(desk, emulator, 10000);
    assert.equal(desk.device.connector.session.number, 1);
    assert.equal(desk.device.connector.session.active, true);
    emulator.show(OTHER, desk.board.clock.worldMs);
    converse(desk, emulator, 360000);
    assert.equal(desk.device.connector.session.number, 1);
    assert.equal(desk.device.connector.session.active, true);
  });

  it("laid on the reader in turn start one session and end none", () => {
    const desk = readerDesk({ model: "rdm6300" });
    const emulator = createReaderEmulator("rdm6300", 3, CLEAN);
    for (let turn = 0; turn < 30; turn++) {
      emulator.show(turn % 2 === 0 ? CARD : OTHER, desk.board.clock.worldMs);
      converse(desk, emulator, 500);
    }
    assert.equal(desk.device.connector.session.number, 1);
    assert.equal(desk.device.connector.session.active, true);
    assert.equal(desk.device.connector.session.uid, CARD);
    assert.equal(desk.device.connector.session.lastUid, OTHER);
  });

  it("with a random uid start nothing, are no Uid, and are named in the Log once", () => {
    const desk = readerDesk({ model: "linehex" });
    for (let count = 0; count < 5; count++) {
      desk.board.serial.arrive(PORT, "08AABBCC\r\n");
      run(desk, 100);
    }
    assert.equal(desk.device.connector.session.active, false);
    assert.equal(desk.device.connector.uid, "");
    assert.equal(log(desk).split("random uid 08AABBCC refused").length, 2, log(desk));
  });

  it("are the Uid in the notation of the configuration", () => {
    for (const [uidFormat, text] of [["hex", CARD], ["hexReversed", "FDA5B00201"], ["decimal10", "4340098557"], ["8h10d", "0045131261"], ["wiegand3.5", "176,42493"]]) {
      const desk = readerDesk({ model: "rdm6300", uidFormat }, "none");
      desk.board.serial.arrive(PORT, cardFrame("rdm6300", CARD) + cardFrame("rdm6300", CARD));
      run(desk, 100);
      assert.equal(desk.device.connector.uid, text);
      assert.equal(desk.device.uploader.status.unknownCard, text, "the card to be learnt");
    }
  });

  it("shown during a session without a user become its user, and a later one does not", () => {
    const desk = readerDesk({ model: "rdm6300" }, "none");
    plug(desk, true);
    for (const card of [CARD, OTHER]) {
      desk.board.serial.arrive(PORT, cardFrame("rdm6300", card) + cardFrame("rdm6300", card));
      run(desk, 100);
    }
    assert.equal(desk.device.connector.session.uid, CARD);
    assert.equal(desk.device.connector.session.lastUid, OTHER);
  });

  it("are read again after each silence, by a driver that leaves the memory meanwhile, and by one that must say a number twice", () => {
    for (const model of ["rdm6300", "hz1050"]) {
      const card = model === "hz1050" ? "02B0A5FD" : CARD;
      const desk = readerDesk({ model });
      const emulator = createReaderEmulator(model, 4, CLEAN);
      for (let session = 1; session <= 3; session++) {
        for (const active of [true, false]) {
          emulator.show(card, desk.board.clock.worldMs);
          converse(desk, emulator, 800);
          emulator.show("", desk.board.clock.worldMs);
          converse(desk, emulator, 7000);
          assert.equal(desk.device.readers[0]!.driver, undefined, "the driver has gone");
          assert.equal(desk.device.connector.session.number, session);
          assert.equal(desk.device.connector.session.active, active);
        }
      }
    }
  });

  it("are read from a frame that a pause of 200 ms cuts in two", () => {
    const desk = readerDesk({ model: "rdm6300" });
    const frame = cardFrame("rdm6300", CARD);
    desk.board.serial.arrive(PORT, frame.substring(0, 6));
    run(desk, 200);
    desk.board.serial.arrive(PORT, frame.substring(6) + frame);
    run(desk, 100);
    assert.equal(desk.device.connector.uid, CARD);
  });
});

describe("a reader of a device", () => {
  for (const model of ["pn532", "sl032", "sm130", "yhy502", "7941w", "twn4", "r200"]) {
    it(model + " that does not answer is told in Log and status, and when it comes back it reads", () => {
      const card = model === "r200" ? "E200001D7315016521408FC6" : "A1B2C3D4";
      const desk = readerDesk({ model });
      const emulator = createReaderEmulator(model, 5, CLEAN);
      converse(desk, emulator, 3000);
      assert.equal(faultWords(desk.device), "");
      emulator.powerCycle(true);
      converse(desk, emulator, 4000);
      assert.equal(faultWords(desk.device), "reader1:absent");
      // The status is made at the next look, which waits for an exchange that is under way.
      converse(desk, emulator, 200000);
      assert.equal(desk.device.uploader.status.faults, "reader1:absent");
      emulator.powerCycle(false);
      emulator.show(card, desk.board.clock.worldMs);
      converse(desk, emulator, 4000);
      assert.equal(faultWords(desk.device), "");
      assert.equal(desk.device.connector.session.uid, card);
      assert.equal(log(desk).split("reader " + model + ": absent").length, 2, "told once");
      assert.match(log(desk), new RegExp("reader " + model + " works again"));
    });
  }

  it("whose line is noisy, or too fast for the board, is told in the status", () => {
    const desk = readerDesk({ model: "rdm6300" });
    for (let count = 0; count < 20; count++) {
      desk.board.serial.arrive(PORT, "\x020102B0A5FD00\x03");
      run(desk, 20);
    }
    assert.equal(faultWords(desk.device), "reader1:noise");
    desk.board.serial.arrive(PORT, "x".repeat(300));
    run(desk, 20);
    assert.equal(faultWords(desk.device), "reader1:noise uart2Lost:44");
    desk.board.serial.arrive(PORT, cardFrame("rdm6300", CARD));
    run(desk, 20);
    assert.equal(faultWords(desk.device), "uart2Lost:44");
  });

  it("counts a frame that is cut off as soon as the line has been silent for a moment", () => {
    const desk = readerDesk({ model: "rdm6300" });
    desk.board.serial.arrive(PORT, "\x020102B");
    run(desk, 200);
    assert.equal(desk.device.readers[0]!.refused, 0);
    run(desk, 200);
    assert.equal(desk.device.readers[0]!.refused, 1);
    assert.equal(desk.device.readers[0]!.why, "cut off");
  });

  it("is opened at the speed of its model, or at that of the configuration", () => {
    assert.equal(readerDesk({ model: "sm130" }).board.serial.baud(PORT), 19200);
    assert.equal(readerDesk({ model: "hz1050" }).board.serial.baud(PORT), 9600);
    assert.equal(readerDesk({ model: "hz1050", baud: 19200 }).board.serial.baud(PORT), 19200);
  });

  it("at a UART that the board lacks, or whose driver is not on it, is told with the remedy, and the other one works", () => {
    const [uart, driver] = ["uart", "driver"].map((missing) => {
      const desk = readerDesk({ model: "rdm6300" }, "none");
      const readers = [{ model: "rdm6300", port: PORT }, { model: "sl032", port: 3 }];
      assert.equal(provision(desk.board, desk.description, bytesOf({ ...exampleDocument(), readers })), "");
      const open = desk.board.serial.open;
      if (missing === "uart") desk.board.serial.open = (port, baud) => (port === 3 ? "absent" : open(port, baud));
      else desk.board.system.modules.delete("sl032");
      desk.device = startDevice(desk);
      assert.equal(desk.device.readers.length, 1);
      desk.board.serial.arrive(PORT, cardFrame("rdm6300", CARD) + cardFrame("rdm6300", CARD));
      run(desk, 100);
      assert.equal(desk.device.connector.uid, CARD);
      return log(desk);
    });
    assert.match(uart!, /this board has no UART 3; change readers\[1\]\.port/);
    assert.match(driver!, /no driver for reader model sl032; deploy it, or change readers\[1\]\.model/);
  });
});
