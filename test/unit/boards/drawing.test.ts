/*
 * The wiring drawings against the data of boards and readers.
 *
 * Input: docs/drawings/ and what tools/documents/drawing.ts makes now. Output: test results. Invariant: a pin that
 * moves in a board file fails here until the drawings are made anew.
 */
import { strict as assert } from "node:assert";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BOARDS } from "../../../boards";
import { READER_MODELS } from "../../../firmware/inputs/reader/registry";
import { boardWires, drawing, drawings, readerPart } from "../../../tools/documents/drawing";
import { root } from "../../../tools/root";

const folder = join(root, "docs", "drawings");

describe("the wiring drawings", () => {
  it("are those in docs/drawings; mend with npx tsx tools/documents/drawing.ts", () => {
    const made = drawings();
    assert.deepEqual(existsSync(folder) ? readdirSync(folder).sort() : [], [...made.keys()].sort());
    for (const [name, content] of made) assert.equal(readFileSync(join(folder, name), "utf8"), content, name);
  });

  it("are one for each board that a person wires, and one for each reader", () => {
    assert.equal(drawings().size, BOARDS.filter((board) => board.family !== "linux").length + READER_MODELS.length);
  });

  it("show every use of a board's wiring at the pin of its file", () => {
    for (const board of BOARDS.filter((one) => one.family !== "linux")) {
      const shown = boardWires(board).map((wire) => wire.board);
      for (const gpio of Object.values(board.wiring)) assert.equal(shown.filter((text) => new RegExp(`GPIO ${String(gpio)}\\b`).test(text)).length, 1, `${board.name}: GPIO ${String(gpio)}`);
    }
  });

  it("give every device that needs one its supply, and each current its way back", () => {
    const wiresOf = (name: string): string[] => boardWires(BOARDS.find((one) => one.name === name)!).map((wire) => `${wire.device}: ${wire.terminal} - ${wire.board}`);
    for (const name of ["esp32_devkit", "esp32c3_devkit", "esp32s3_devkit", "wallbox_addon"]) {
      const wires = wiresOf(name);
      for (const wire of ["power supply: +5 V, 1 A - 5 V", "power supply: 0 V - GND", "card reader: supply - 5 V or 3.3 V", "card reader: GND - GND"]) assert.ok(wires.includes(wire), `${name}: ${wire}`);
    }
    assert.deepEqual(wiresOf("esp32_devkit").filter((wire) => wire.startsWith("relay")), ["relay board: VCC - 5 V", "relay board: IN - D23 (GPIO 23)", "relay board: GND - GND"]);
    assert.deepEqual(wiresOf("wallbox_addon").filter((wire) => wire.startsWith("vehicle")), ["vehicle contact: 1 - 5 V", "vehicle contact: 2 - CONTACT (GPIO 26)", "vehicle contact: bridge from GND - CONTACT RETURN"]);
    assert.deepEqual(wiresOf("wallbox_addon").filter((wire) => wire.startsWith("what")), ["what is switched: 1 - RELAY (GPIO 23)", "what is switched: 2 - RELAY RETURN"]);
  });

  it("put a divider or a converter before every reader that may send more than 3.3 V, and none before the others", () => {
    const part = (name: string): string => readerPart(READER_MODELS.find((one) => one.name === name)!);
    assert.equal(part("rdm6300"), "divider 10 kΩ / 20 kΩ");
    assert.equal(part("7941w"), "divider 1 kΩ / 2 kΩ");
    assert.equal(part("id12la"), "5 V: divider 10 kΩ / 20 kΩ");
    assert.equal(part("sl032"), "5 V: divider 1 kΩ / 2 kΩ");
    assert.equal(part("linehex"), "RS232: MAX3232");
    assert.equal(part("pn532"), "");
  });

  it("keep signs of a text from becoming markup", () => {
    assert.match(drawing("a & <b>", "c", [], []), />a &amp; &lt;b&gt;</);
  });
});
