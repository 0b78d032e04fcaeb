/*
 * The promises of every SerialPort, as tests.
 *
 * Input: a maker of a UART and of its other end. Output: a mocha suite.
 */
import assert from "node:assert/strict";
import { SERIAL_BYTES_MAX } from "../../firmware/limits";
import type { SerialPort } from "../../hal/ports";

export interface SerialUnderTest {
  serial: SerialPort;
  /** Sends bytes towards the board's UART 0, and waits until they are there. */
  arrive(bytes: string): void | Promise<void>;
  /** The board's bytes on UART 0 since the last call. */
  sent(): string | Promise<string>;
  /** A UART that does not exist. */
  absent: number;
}

export function serialContract(name: string, make: () => SerialUnderTest | Promise<SerialUnderTest>): void {
  describe(`serial port of ${name}`, () => {
    it("says that a UART is absent where the board has none", async () => {
      const board = await make();
      assert.equal(board.serial.open(board.absent, 9600), "absent");
      assert.equal(board.serial.take(board.absent), "");
    });

    it("hands over all bytes in order, each once, every value 0 to 255", async () => {
      const board = await make();
      board.serial.open(0, 9600);
      let all = "";
      for (let value = 0; value < 256; value++) all += String.fromCharCode(value);
      await board.arrive(all.substring(0, 100));
      const first = board.serial.take(0);
      await board.arrive(all.substring(100));
      assert.equal(first + board.serial.take(0), all);
      assert.equal(board.serial.take(0), "");
    });

    it("counts the bytes that did not fit, and keeps the oldest", async () => {
      const board = await make();
      board.serial.open(0, 9600);
      await board.arrive("A".repeat(SERIAL_BYTES_MAX));
      await board.arrive("BCD");
      assert.equal(board.serial.take(0), "A".repeat(SERIAL_BYTES_MAX));
      assert.equal(board.serial.overflows(0), 3);
    });

    it("sends bytes as they are", async () => {
      const board = await make();
      board.serial.open(0, 9600);
      assert.equal(board.serial.write(0, "\x00\x55\xff\x80"), "ok");
      assert.equal(await board.sent(), "\x00\x55\xff\x80");
    });

    it("takes nothing for a UART that is not open", async () => {
      const board = await make();
      assert.equal(board.serial.write(0, "x"), "busy");
    });
  });
}
