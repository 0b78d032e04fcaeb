/*
 * S0 meters on a whole device: from edges to registers, faults and warnings.
 *
 * Input: a configured device on mocks, levels of its pins. Output: test results. Invariant: registers are exact, and what
 * is wrong with a meter is told.
 */
import assert from "node:assert/strict";
import { tick } from "../../../firmware/device";
import { provision } from "../../../firmware/configuration/provision";
import { faultWords } from "../../../firmware/health";
import { createBlankTestBoard, bytesOf, createDeviceTestBoard, exampleDocument, run, startDevice } from "../../boards/device_board";

describe("meters of a device", () => {
  it("count 61 pulses a second each, two at once, beyond what S0 can send, with a filter that suits", () => {
    const desk = createDeviceTestBoard((document) => {
      document.meters = [25, 27].map((pin) => ({ pin, activeLevel: 0, pulsesPerKwh: 10000, filterMs: 4, spacingMs: 0 }));
    });
    for (const pin of [25, 27]) desk.board.pins.set(pin, 1);
    run(desk, 100);
    const levels = [1, 1];
    for (let ms = 0; ms < 60000; ms++) {
      // 16 ms each, the second meter 4 ms behind.
      [25, 27].forEach((pin, meter) => {
        const level = (ms + meter * 12) % 16 < 8 ? 0 : 1;
        if (level !== levels[meter]) desk.board.pins.set(pin, levels[meter] = level);
      });
      desk.board.clock.advance(1);
      if (ms % 20 === 19) tick(desk.device);
    }
    run(desk, 100);
    const pulsesOf = (meter: number): number => {
      const { energyWh, remainderMilli: rest, registerWh } = desk.device.meters.pages[meter]!;
      return (energyWh - registerWh) * 10 + rest / 1000;
    };
    assert.deepEqual([pulsesOf(0), pulsesOf(1)], [3750, 3750]);
    assert.equal(desk.device.lostEdges, 0);
  });

  it("are told when their line stays closed, until it opens", () => {
    const desk = createDeviceTestBoard();
    desk.board.pins.set(25, 0);
    run(desk, 62000);
    assert.equal(faultWords(desk.device), "meter1:stuck");
    assert.equal(desk.device.meters.pages[0]!.energyWh, desk.device.meters.pages[0]!.registerWh + 1);
    desk.board.pins.set(25, 1);
    run(desk, 2000);
    assert.equal(faultWords(desk.device), "");
  });

  it("are warned of at provisioning when their settings cannot count at full power, and are taken", () => {
    const desk = createBlankTestBoard();
    const document = exampleDocument();
    document.meters = [{ pin: 25, pulsesPerKwh: 1000 }, { pin: 27, pulsesPerKwh: 10000, filterMs: 10 }];
    assert.equal(provision(desk.board, desk.description, bytesOf(document)), "");
    const warnings = desk.board.system.lines.filter((line) => line.startsWith("warning"));
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /^warning: meters\[1\]: at 22000 W pulses come every 16 ms: filterMs 10 loses them; write at most 8/);
    assert.equal(startDevice(desk).meters.pins.length, 2);
  });
});
