/*
 * Boards are data; this checks each one's data and that the check itself finds every kind of mistake.
 */
import assert from "node:assert/strict";
import { BOARDS } from "../../boards";
import { checkAreas, checkPins, wiringUses, type Board } from "../../boards/board";
import { esp32Devkit } from "../../boards/esp32_devkit";
import { boardsPage, readBoardsPage } from "../../tools/boards_page";

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
    const mistakes = checkPins(esp32Devkit, [
      { use: "contact", gpio: 26, needs: "input" },
      { use: "meter 1", gpio: 26, needs: "input" },
      { use: "relay", gpio: 34, needs: "output" },
      { use: "start", gpio: 35, needs: "pull" },
      { use: "level", gpio: 99, needs: "input" },
      { use: "sensor", gpio: 27, needs: "analog" },
    ]);
    assert.equal(mistakes.length, 5);
    assert.match(mistakes[0], /meter 1 on GPIO 26: the pin already serves contact/);
    assert.match(mistakes[1], /relay on GPIO 34: this pin can only be an input/);
    assert.match(mistakes[2], /start on GPIO 35: this pin has no internal pull/);
    assert.match(mistakes[3], /level on GPIO 99: the board has no such pin/);
    assert.match(mistakes[4], /sensor on GPIO 27: this pin cannot measure a voltage/);
  });
});

describe("boards/README.md", () => {
  it("shows the boards as the data has them", () => {
    assert.equal(boardsPage(readBoardsPage()), readBoardsPage());
  });

  it("explains every use that a wiring table has", () => {
    assert.doesNotMatch(readBoardsPage(), /undefined/);
  });
});
