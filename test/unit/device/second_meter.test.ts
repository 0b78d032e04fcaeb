/*
 * Columns of a meter of its own: `meter2.energy`, `meter2.start`, `meter2.end`.
 *
 * Input: a device with two meters, pulses, corrections, restarts. Output: rows. Invariant: energy is what the meter has
 * metered from trigger to trigger, with any meter bound and after any correction.
 */
import assert from "node:assert/strict";
import { provision } from "../../../firmware/configuration/provision";
import { bytesOf, createDeviceTestBoard, exampleDocument, plug, pulses, rows, run, startDevice, type DeviceTestBoard } from "../../boards/device_board";

interface Document {
  revision: number;
  meters: { [name: string]: unknown; pin: number; registerWh: number; pulsesPerKwh: number }[];
  block: { [name: string]: unknown };
  table: { id: number; columns: { id: number; name: string; type: string; content: string }[] };
}

const NAMES = ["meter1.energy", "meter1.start", "meter1.end", "meter2.energy", "meter2.start", "meter2.end", "session.energy"];

function base(document: Document): void {
  document.meters[0]!.registerWh = 1000;
  // 10 Wh a pulse.
  document.meters.push({ ...document.meters[0]!, pin: 27, registerWh: 5000, pulsesPerKwh: 100 });
  document.table.columns = NAMES.map((name, index) => ({ id: index + 1, name, type: "integer", content: name }));
  delete (document as { tariff?: unknown }).tariff;
}

/** Pulses of 40 ms on the second meter's pin. */
function secondPulses(desk: DeviceTestBoard, count: number): void {
  for (let pulse = 0; pulse < count; pulse++) {
    desk.board.pins.set(27, 0);
    run(desk, 40);
    desk.board.pins.set(27, 1);
    run(desk, 60);
  }
}

function create(change: (document: Document) => void = () => undefined): DeviceTestBoard {
  const desk = createDeviceTestBoard((document) => { base(document as unknown as Document); change(document as unknown as Document); });
  desk.board.pins.set(27, 1);
  run(desk, 1000);
  return desk;
}

const cells = (desk: DeviceTestBoard, kind: number): unknown[] => {
  const row = rows(desk).filter((found) => found[0] === kind).at(-1)!;
  return NAMES.map((_, index) => (row[4] as Map<number, unknown>).get(index + 1) ?? null);
};

describe("a meter with columns of its own", () => {
  it("is in both rows beside the bound one", () => {
    const desk = create();
    secondPulses(desk, 2);
    plug(desk, true);
    run(desk, 1000);
    assert.deepEqual(cells(desk, 1), [null, 1000, null, null, 5020, null, null]);
    pulses(desk, 5);
    secondPulses(desk, 3);
    plug(desk, false);
    run(desk, 1000);
    assert.deepEqual(cells(desk, 2), [5, 1000, 1005, 30, 5020, 5050, 5]);
  });

  it("keeps its values over power cuts in the session and while Td runs", () => {
    const desk = create((document) => { document.block.triggerDelayMs = 5000; });
    plug(desk, true);
    run(desk, 6000);
    secondPulses(desk, 3);
    desk.device = startDevice(desk);
    run(desk, 1000);
    secondPulses(desk, 4);
    plug(desk, false);
    run(desk, 100);
    secondPulses(desk, 1);
    desk.device = startDevice(desk);
    run(desk, 6000);
    assert.deepEqual(cells(desk, 2), [0, 1000, 1000, 70, 5000, 5070, 0]);
  });

  it("is not billed for a correction of its register", () => {
    const desk = create();
    plug(desk, true);
    run(desk, 1000);
    secondPulses(desk, 3);
    const document = exampleDocument() as unknown as Document;
    base(document);
    document.meters[1]!.registerWh = 900_000;
    document.revision = 2;
    assert.equal(provision(desk.board, desk.description, bytesOf(document as never)), "");
    desk.device = startDevice(desk);
    run(desk, 1000);
    secondPulses(desk, 2);
    plug(desk, false);
    run(desk, 1000);
    assert.deepEqual(cells(desk, 2).slice(3, 6), [50, 5000, 900_020]);
  });

  it("ends with a pause when the contact opened", () => {
    const desk = create((document) => { document.block.pauseS = 60; });
    plug(desk, true);
    run(desk, 1000);
    secondPulses(desk, 3);
    plug(desk, false);
    run(desk, 1000);
    secondPulses(desk, 2);
    run(desk, 61000);
    assert.deepEqual(cells(desk, 2).slice(3, 6), [30, 5000, 5030]);
  });

  it("that the board does not have is refused by name", () => {
    const desk = create();
    const document = exampleDocument() as unknown as Document;
    base(document);
    document.meters.pop();
    assert.equal(provision(desk.board, desk.description, bytesOf(document as never)), [3, 4, 5].map((index) => `table.columns[${index}].content: ${NAMES[index]!} needs meter 2; add it to meters, or remove the column`).join("\n"));
  });
});
