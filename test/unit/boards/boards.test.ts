/*
 * Boards are data; this checks each one's data and that the check itself finds every kind of error.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { BOARDS } from "../../../boards";
import { checkAreas, checkPins, wiringUses, type Board } from "../../../boards/board";
import { configurationErrors } from "../../../boards/configuration_pins";
import { esp32Devkit } from "../../../boards/esp32_devkit";
import { esp32c3Devkit } from "../../../boards/esp32c3_devkit";
import { esp32s3Devkit } from "../../../boards/esp32s3_devkit";
import { readConfiguration } from "../../../firmware/configuration/reader";
import { boardsPage, readBoardsPage } from "../../../tools/documents/boards_page";

describe("boards", () => {
  it("have unique names", () => {
    assert.equal(new Set(BOARDS.map((board) => board.name)).size, BOARDS.length);
  });

  for (const board of BOARDS) {
    it(`${board.name}: flash areas are whole pages, apart from each other and from the interpreter's`, () => {
      assert.deepEqual(checkAreas(board), []);
    });
    it(`${board.name}: suggested wiring uses each pin once and as it can be used`, () => {
      assert.deepEqual(checkPins(board, wiringUses(board)), []);
    });
    it(`${board.name}: suggested reader pins are those of a UART`, () => {
      assert.ok(board.uarts.some((uart) => uart.rx === board.wiring.readerRx && uart.tx === board.wiring.readerTx));
    });
  }

  it("an area inside Storage is found", () => {
    const board: Board = { ...esp32Devkit, areas: [{ name: "bad", address: 0x360000, bytes: 0x10000 }] };
    assert.match(checkAreas(board).join(), /"bad" at 0x360000 overlaps "Storage"/);
  });

  it("two areas on the same pages are found", () => {
    const board: Board = { ...esp32Devkit, areas: [...esp32Devkit.areas, { name: "twin", address: 0x310000, bytes: 4096 }] };
    assert.match(checkAreas(board).join(), /"small" at 0x310000 overlaps area "twin"/);
  });

  it("an area that begins in the middle of a page is found", () => {
    const board: Board = { ...esp32Devkit, areas: [{ name: "odd", address: 0x310010, bytes: 4096 }] };
    assert.match(checkAreas(board).join(), /not a whole number of pages/);
  });

  it("two functions on a pin, an output on an input-only pin, a missing pull and an unknown pin are found", () => {
    const errors = checkPins(esp32Devkit, [
      { use: "contact", gpio: 26, needs: "input" },
      { use: "meter 1", gpio: 26, needs: "input" },
      { use: "relay", gpio: 34, needs: "output" },
      { use: "start", gpio: 35, needs: "pull" },
      { use: "level", gpio: 99, needs: "input" },
      { use: "sensor", gpio: 27, needs: "analog" },
      { use: "meter 2", gpio: 12, needs: "pull" },
    ]);
    assert.equal(errors.length, 6);
    assert.match(errors[0]!, /meter 1 on GPIO 26: the pin already serves contact/);
    assert.match(errors[1]!, /relay on GPIO 34: this pin can only be an input/);
    assert.match(errors[2]!, /start on GPIO 35: this pin has no internal pull/);
    assert.match(errors[3]!, /level on GPIO 99: the board has no such pin/);
    assert.match(errors[4]!, /sensor on GPIO 27: this pin cannot measure a voltage/);
    assert.match(errors[5]!, /meter 2 on GPIO 12: the interpreter reports no edges of this pin; choose another/);
  });

  it("leave to inputs only pins whose edges the interpreter reports, and to voltages only those that it measures", () => {
    const refused = (board: Board, needs: "input" | "output" | "analog" | "receive"): number[] =>
      board.pins.map((pin) => pin.gpio).filter((gpio) => checkPins(board, [{ use: "contact", gpio, needs }]).length > 0);
    assert.deepEqual(refused(esp32Devkit, "input"), [12]);
    assert.deepEqual(refused(esp32s3Devkit, "input"), [6, 7, 8, 9, 10, 11, 12, 40, 41, 42, 45, 46, 47, 48]);
    assert.deepEqual(refused(esp32c3Devkit, "input"), []);
    for (const board of [esp32Devkit, esp32s3Devkit]) assert.deepEqual(refused(board, "receive"), []);
    assert.deepEqual(refused(esp32s3Devkit, "output"), []);
    assert.equal(refused(esp32s3Devkit, "analog").length, esp32s3Devkit.pins.length);
    assert.equal(esp32Devkit.pins.some((pin) => pin.gpio === 0), false, "GPIO 0 reads upside down");
  });
});

describe("a configuration for a board", () => {
  const errorsOf = (board: Board, change: (document: Record<string, unknown>) => void): string[] => {
    const document = JSON.parse(readFileSync(new URL("../../../docs/examples/wallbox.json", import.meta.url), "utf8")) as Record<string, unknown>;
    change(document);
    const { configuration, errors } = readConfiguration(Buffer.from(JSON.stringify(document), "utf8").toString("latin1"));
    assert.ok(configuration !== undefined, JSON.stringify(errors));
    return configurationErrors(board, configuration);
  };

  it("fits when the board has all its pins: the example does on every board with UART 2 and these pins", () => {
    assert.deepEqual(errorsOf(esp32Devkit, () => undefined), []);
  });

  const uses: [string, (document: Record<string, unknown>) => void, RegExp][] = [
    ["a contact on a pin that the board lacks", (document) => { document.inputs = { contact: { pin: 40 } }; }, /^esp32_devkit: inputs\.contact\.pin on GPIO 40: the board has no such pin; see the table/],
    ["a meter on a pin whose edges the interpreter does not report", (document) => { document.meters = [{ pin: 12, pulsesPerKwh: 1000 }]; }, /meters\[0\]\.pin on GPIO 12: the interpreter reports no edges of this pin; choose another/],
    ["a contact on the BOOT button, which reads upside down", (document) => { document.inputs = { contact: { pin: 0 } }; }, /inputs\.contact\.pin on GPIO 0: the board has no such pin/],
    ["a start button on a pin of the flash chip", (document) => { document.inputs = { sStart: { pin: 6 } }; }, /inputs\.sStart\.pin on GPIO 6: the board has no such pin/],
    ["an end button with a pull resistor that the pin lacks", (document) => { document.inputs = { sEnd: { pin: 34, pull: "up" } }; }, /inputs\.sEnd\.pin on GPIO 34: this pin has no internal pull resistor; add one outside/],
    ["a meter on a pin that the board lacks", (document) => { document.meters = [{ pin: 41, pulsesPerKwh: 1000 }]; }, /meters\[0\]\.pin on GPIO 41: the board has no such pin/],
    ["a level on a pin that the board lacks", (document) => { document.customInputs = [{ index: 1, name: "door", type: "boolean", source: "level", pin: 42 }]; }, /customInputs\[0\]\.pin on GPIO 42/],
    ["a voltage on a pin that cannot measure", (document) => { document.customInputs = [{ index: 1, name: "volts", type: "number", source: "analog", pin: 27 }]; }, /customInputs\[0\]\.pin on GPIO 27: this pin cannot measure a voltage/],
    ["a LED on a pin that is only an input", (document) => { document.outputs = { led: { pin: 34 } }; }, /outputs\.led\.pin on GPIO 34: this pin can only be an input/],
    ["a relay on a pin that the board lacks", (document) => { document.outputs = { relay: { pin: 43 } }; }, /outputs\.relay\.pin on GPIO 43/],
    ["a reader on a UART that the board lacks", (document) => { document.readers = [{ model: "pn532", port: 1 }]; }, /readers\[0\]\.port: the board has no UART 1; write 2 or 3/],
    ["a contact on a wire of the reader", (document) => { document.inputs = { contact: { pin: 17 } }; }, /inputs\.contact\.pin on GPIO 17: the pin already serves readers\[0\] \(TX of UART 2\)/],
  ];
  for (const [what, change, said] of uses) {
    it(`is refused with path and remedy: ${what}`, () => {
      const errors = errorsOf(esp32Devkit, change);
      assert.equal(errors.length, 1, errors.join("\n"));
      assert.match(errors[0]!, said);
    });
  }
});

describe("docs/BOARDS.md", () => {
  it("shows the boards as the data has them", () => {
    assert.equal(boardsPage(readBoardsPage()), readBoardsPage());
  });

  it("explains every use that a wiring table has", () => {
    assert.doesNotMatch(readBoardsPage(), /undefined/);
  });
});
