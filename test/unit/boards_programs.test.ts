/*
 * The entry files of the boards against their data.
 *
 * Input: boards/<board>.ts and the text of boards/<board>/espruino.ts. Output: test results. Invariant: a
 * UART or pin that was changed in one of the two alone is found, and so is a board without a program.
 */
import assert from "node:assert/strict";
import { BOARDS } from "../../boards";
import { readOwn } from "./source_files";

describe("the boards' programs", () => {
  for (const board of BOARDS) {
    it(`${board.name}: names itself and has the UARTs of its data`, () => {
      const text = readOwn(`boards/${board.name}/espruino.ts`);
      assert.ok(text.includes(`"${board.name}"`));
      const written = [...text.matchAll(/port: (\d+), uart: Serial(\d+)(?:, rx: D(\d+), tx: D(\d+))?/g)];
      assert.deepEqual(written.map(([, port]) => Number(port)), board.uarts.map((uart) => uart.port));
      for (const [index, [, port, serial, rx, tx]] of written.entries()) {
        assert.equal(serial, port);
        if (rx !== undefined) assert.deepEqual([Number(rx), Number(tx)], [board.uarts[index].rx, board.uarts[index].tx]);
      }
    });
  }
});
