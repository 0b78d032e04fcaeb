/*
 * Which ticks a device lets be left out, and which not.
 */
import assert from "node:assert/strict";
import { tick } from "../../../firmware/device";
import { TICK_MS } from "../../../firmware/limits";
import { createDeviceTestBoard, run, type DeviceTestBoard } from "../../boards/device_board";

describe("a device between two things to do", () => {
  const SECOND = 1000 / TICK_MS - 1;
  const TWO_SECONDS = 2000 / TICK_MS - 1;
  const calm = (change: (document: { outputs?: unknown; endpoint?: unknown }) => void = () => undefined): DeviceTestBoard => {
    const desk = createDeviceTestBoard(change);
    run(desk, 3000);
    return desk;
  };
  const ticked = (desk: DeviceTestBoard): number => {
    desk.board.clock.advance(TICK_MS);
    return tick(desk.device);
  };

  it("lets the ticks of two seconds be left out, in a session those of one, and none while it has something to do", () => {
    const desk = calm((document) => { delete document.outputs; delete document.endpoint; });
    assert.equal(ticked(desk), TWO_SECONDS);
    desk.board.pins.schedule(desk.board.clock.worldMs + TICK_MS - 5, 26, 0);
    assert.equal(ticked(desk), 0, "the contact has to last");
    run(desk, 200);
    assert.equal(ticked(desk), SECOND, "a session that runs needs no tick");
    desk.board.serial.arrive(2, "\x02");
    assert.equal(ticked(desk), 0, "a frame has begun");
    run(desk, 5000);
    assert.equal(ticked(desk), SECOND);
    const id = desk.board.calls.arrive("http", "0123456789abcdef", "WAIT(400)");
    assert.equal(ticked(desk), 0, "a chain waits");
    run(desk, 600);
    assert.equal(desk.board.calls.answers.get(id)?.[0], 200);
    assert.equal(ticked(desk), SECOND);
  });

  it("never lets a tick be left out beside a reader that has to be asked", () => {
    const desk = calm((document) => { delete document.outputs; (document as { readers: unknown }).readers = [{ model: "pn532", port: 2 }]; });
    for (let count = 0; count < 20; count++) assert.equal(ticked(desk), 0);
  });

  it("shows every blink of its LED all the same", () => {
    const blinks = (isResting: boolean): number => {
      const desk = calm((document) => { document.endpoint = { url: "http://endpoint.test", keyId: "k", key: "00".repeat(32) }; document.outputs = { led: { pin: 4 } }; });
      desk.device.uploader.uploadError = "refused";
      desk.device.uploader.notBeforeS = 1000000;
      desk.board.pins.history.length = 0;
      let rests = 0;
      for (let beats = 0; beats < 600000 / TICK_MS; beats++) {
        desk.board.clock.advance(TICK_MS);
        if (isResting && rests > 0) rests--;
        else rests = tick(desk.device);
      }
      return desk.board.pins.history.filter(([, pin, level]) => pin === 4 && level === 1).length;
    };
    assert.equal(blinks(false), 300, "one in two seconds");
    assert.equal(blinks(true), 300);
  });
});
