/*
 * With any bytes in flash a device starts or says why not.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { createDevice } from "../../firmware/boot";
import { tick } from "../../firmware/device";
import { createBlankTestBoard, createDeviceTestBoard, plug, pulses } from "../boards/device_board";

describe("a device on damaged flash", () => {
  it("never throws, whichever bytes were spoilt, and runs on when the configuration is whole", () => {
    const worn = createDeviceTestBoard();
    plug(worn, true);
    pulses(worn, 3);
    const image = Buffer.from(worn.flash.bytes);
    const spoilt = fc.array(fc.record({ at: fc.integer({ min: 0, max: image.length - 1 }), bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }) }), { minLength: 1, maxLength: 12 });
    let started = 0;
    fc.assert(fc.property(spoilt, (patches) => {
      const desk = createBlankTestBoard();
      const damaged = Buffer.from(image);
      for (const patch of patches) damaged.set(patch.bytes.subarray(0, damaged.length - patch.at), patch.at);
      desk.flash.bytes.set(damaged);
      const device = createDevice(desk.board, desk.description);
      if (device === undefined) {
        assert.match(desk.board.system.lines.join("\n"), /not configured|configuration:|fault:/);
        return;
      }
      started++;
      for (let count = 0; count < 20; count++) {
        desk.board.clock.advance(20);
        tick(device);
      }
    }), { numRuns: 300 });
    assert.ok(started > 30, `${started} of 300 damaged boards started`);
  });

  it("never throws on flash full of random bytes", () => {
    fc.assert(fc.property(fc.infiniteStream(fc.integer({ min: 0, max: 255 })), (stream) => {
      const desk = createBlankTestBoard();
      const bytes = Buffer.alloc(0x10000);
      let index = 0;
      for (const byte of stream) {
        bytes[index++] = byte;
        if (index === 2048) break;
      }
      for (let from = 2048; from < bytes.length; from += 2048) bytes.copyWithin(from, 0, 2048);
      desk.flash.bytes.set(bytes);
      assert.equal(createDevice(desk.board, desk.description), undefined);
    }), { numRuns: 50 });
  });
});
