/*
 * A correction is never consumption: registers, pulses per kWh, the bound meter and prices that change in a session.
 *
 * Input: a configured device on mocks, pulses, new documents while a session runs. Output: the rows. Invariant: energy
 * and cost are sums of what was metered, each piece at the factor and the price of its time.
 */
import assert from "node:assert/strict";
import { provision } from "../../../firmware/configuration/provision";
import { createDeviceTestBoard, exampleDocument, bytesOf, plug, pulses, rows, run, startDevice, type DeviceTestBoard } from "../../boards/device_board";

interface Document {
  revision: number;
  device: { [name: string]: unknown };
  inputs: { contact: { [name: string]: unknown } };
  meters: { [name: string]: unknown; pin: number; registerWh: number; pulsesPerKwh: number }[];
  block: { [name: string]: unknown };
  tariff: { prices: { from: string; perKwh: string }[]; feePerHour?: string };
  table: { columns: { id: number; name: string; type: string; content: string }[] };
}

const ENERGY = 5;
const COST = 7;
const METER_START = 9;
const METER_END = 10;

function base(document: Document): void {
  document.meters[0]!.registerWh = 1000;
  document.meters.push({ ...document.meters[0], pin: 27, registerWh: 5000, pulsesPerKwh: 100 });
  // 40 a Wh, so that every Wh shows in the cost.
  document.tariff = { ...document.tariff, prices: [{ from: "00:00", perKwh: "40000" }], feePerHour: "0" };
  document.table.columns.push({ id: METER_START, name: "register at start", type: "integer", content: "meter.start" }, { id: METER_END, name: "register at end", type: "integer", content: "meter.end" });
}

let revision = 1;

/** The owner writes another document and provisions the board, which starts with it. */
function correct(desk: DeviceTestBoard, change: (document: Document) => void): void {
  const document = exampleDocument() as unknown as Document;
  base(document);
  change(document);
  document.revision = ++revision;
  assert.equal(provision(desk.board, desk.description, bytesOf(document as never)), "");
  desk.device = startDevice(desk);
  run(desk, 2000);
}

/** A session in which five pulses come, `change` is made, and five more come: its end row and what the Log says. */
function play(...changes: ((document: Document, desk: DeviceTestBoard) => void)[]): { energy: unknown; cost: unknown; registers: unknown[]; log: string } {
  const desk = createDeviceTestBoard((document) => base(document as unknown as Document));
  run(desk, 1000);
  plug(desk, true);
  run(desk, 1000);
  pulses(desk, 5);
  run(desk, 2000);
  for (const change of changes) {
    correct(desk, (document) => change(document, desk));
    pulses(desk, 5);
    run(desk, 1000);
  }
  plug(desk, false);
  run(desk, 2000);
  const ends = rows(desk).filter((row) => row[0] === 2);
  assert.equal(ends.length, 1);
  const cells = ends[0]![4] as Map<number, unknown>;
  return { energy: cells.get(ENERGY), cost: cells.get(COST), registers: [cells.get(METER_START), cells.get(METER_END)], log: desk.board.system.lines.join("\n") };
}

const TOLD = /the register was set during the session: energy and cost are what was metered/;

describe("a correction while a session runs", () => {
  for (const registerWh of [12_345_678, 3500, 1005, 0]) {
    it(`of the register to ${registerWh} Wh leaves energy and cost what was metered`, () => {
      const { energy, cost, registers, log } = play((document) => { document.meters[0]!.registerWh = registerWh; });
      assert.deepEqual([energy, cost, registers], [10, 400, [1000, registerWh + 5]]);
      assert.equal(TOLD.test(log), registerWh !== 1005, log);
    });
  }

  it("of the pulses per kWh holds for the pulses behind it", () => {
    assert.deepEqual(play((document) => { document.meters[0]!.pulsesPerKwh = 500; }).energy, 15);
    assert.deepEqual(play((document) => { document.meters[0]!.pulsesPerKwh = 500; }, (document) => { document.meters[0]!.pulsesPerKwh = 250; }).energy, 5 + 10 + 20);
  });

  it("of the price holds for the energy behind it", () => {
    const { energy, cost } = play((document) => { document.tariff.prices = [{ from: "00:00", perKwh: "80000" }]; });
    assert.deepEqual([energy, cost], [10, 5 * 40 + 5 * 80]);
  });

  it("of the bound meter keeps what the first has metered and adds what the second does", () => {
    // The pin of `pulses` is the first meter's; ten Wh of the second were counted before it was bound.
    const { energy, cost, log } = play((document, desk) => {
      document.block.meter = 2;
      document.meters[0]!.pin = 27;
      document.meters[1]!.pin = 25;
      void desk;
    });
    assert.deepEqual([energy, cost], [5 + 50, 55 * 40]);
    assert.match(log, /meter 2 goes on where meter 1 stopped/);
  });

  it("that takes the meter away leaves the energy empty, and the Log says why", () => {
    const { energy, cost, log } = play((document) => { document.block.meter = 2; }, (document) => { document.block.meter = 1; document.meters.pop(); });
    assert.deepEqual([energy ?? null, cost ?? null], [null, null]);
    assert.match(log, /the session's meter is gone: its energy and cost are unknown/);
  });

  it("of names, of the debounce and of what cards do leaves energy, cost and registers of the session", () => {
    const { energy, cost, registers } = play((document) => {
      document.block = { ...document.block, name: "Garage", rfidTrigger: "startEnd", pauseS: 0, minDurationS: 60 };
      document.device.name = "Other side";
      document.inputs.contact.debounceMs = 100;
    });
    assert.deepEqual([energy, cost, registers], [10, 400, [1000, 1010]]);
  });

  it("does not reach the next session", () => {
    const desk = createDeviceTestBoard((document) => base(document as unknown as Document));
    run(desk, 1000);
    plug(desk, true);
    pulses(desk, 3);
    correct(desk, (document) => { document.meters[0]!.registerWh = 777_000; });
    plug(desk, false);
    run(desk, 1000);
    plug(desk, true);
    run(desk, 1000);
    pulses(desk, 4);
    run(desk, 1000);
    plug(desk, false);
    run(desk, 1000);
    assert.deepEqual(rows(desk).filter((row) => row[0] === 2).map((row) => (row[4] as Map<number, unknown>).get(ENERGY)), [3, 4]);
  });
});
