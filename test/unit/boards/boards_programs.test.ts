/*
 * The entry files of the boards against their data.
 *
 * Input: boards/<board>.ts and the text of boards/<board>/espruino.ts. Output: test results. Invariant: a
 * UART or pin that was changed in one of the two alone is found, and so is a board without a program.
 */
import assert from "node:assert/strict";
import { BOARDS } from "../../../boards";
import { LARGE_STORE } from "../../../boards/espruino_files";
import { chipAreas, ESP32_PAGE_BYTES, LARGE_AREA, SMALL_AREA } from "../../../boards/espruino_flash";
import { openLayout, USERS_LARGE_BYTES } from "../../../firmware/store/layout";
import { readOwn } from "../project/source_files";

describe("the boards' programs", () => {
  it("keep to the small area unless the large one was chosen, which is then one area with it and has room for people", () => {
    const layout = (store: string | undefined): ReturnType<typeof openLayout> => openLayout(chipAreas(store), ESP32_PAGE_BYTES);
    for (const other of [undefined, "", "small", "larger"]) {
      assert.equal(layout(other)?.keyValues.address, SMALL_AREA.address);
      assert.equal(layout(other)?.users.bytes, 0);
    }
    const large = layout(LARGE_STORE);
    assert.equal(large?.keyValues.address, LARGE_AREA.address);
    assert.equal(large?.users.bytes, USERS_LARGE_BYTES);
    assert.equal((large?.ring.address ?? 0) + (large?.ring.bytes ?? 0), SMALL_AREA.address + SMALL_AREA.bytes);
  });

  for (const board of BOARDS) {
    it(`${board.name}: names itself and has the UARTs of its data`, () => {
      const text = readOwn(`boards/${board.name}/espruino.ts`);
      assert.ok(text.includes(`"${board.name}"`));
      const written = [...text.matchAll(/port: (\d+), uart: Serial(\d+)(?:, rx: D(\d+), tx: D(\d+))?/g)];
      assert.deepEqual(written.map(([, port]) => Number(port)), board.uarts.map((uart) => uart.port));
      for (const [index, [, port, serial, rx, tx]] of written.entries()) {
        assert.equal(serial, port);
        if (rx !== undefined) assert.deepEqual([Number(rx), Number(tx)], [board.uarts[index]!.rx, board.uarts[index]!.tx]);
      }
    });
  }
});
