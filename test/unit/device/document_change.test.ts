/*
 * A new document while a session runs: its table and columns hold from the next session on, its wires at once.
 *
 * Input: a configured device on mocks, new documents over the console while a session runs. Output: rows and lines of the Log.
 * Invariant: both rows of a session have one table and one set of columns, however many documents come, and after a power cut at any place.
 */
import assert from "node:assert/strict";
import { provision } from "../../../firmware/configuration/provision";
import { statusLines } from "../../../firmware/console/service";
import { pulseStart } from "../../../firmware/session/pins";
import { PowerCut } from "../../../hal/mock/flash";
import { bytesOf, createDeviceTestBoard, exampleDocument, plug, rows, run, startDevice, type DeviceTestBoard } from "../../boards/device_board";

interface Document {
  revision: number;
  table: { id: number; writeAt?: string; columns: { id: number; name: string; type: string; content: string }[] };
  inputs: { contact: { activeLevel: number } };
  customInputs?: { index: number; type: string; source?: string }[];
  tariff: { minorDigits?: number };
  block: { [name: string]: unknown };
}

const COLUMNS = [{ id: 1, name: "start", type: "datetime", content: "session.start" }, { id: 2, name: "energy", type: "integer", content: "session.energy" }];

function documentOf(revision: number, change: (document: Document) => void): string {
  const document = exampleDocument() as unknown as Document;
  document.revision = revision;
  change(document);
  return bytesOf(document as never);
}

function offer(desk: DeviceTestBoard, revision: number, change: (document: Document) => void): void {
  assert.equal(provision(desk.board, desk.description, documentOf(revision, change)), "");
  desk.device = startDevice(desk);
  run(desk, 2000);
}

/** Kind, table, session and the ids of the columns of each row. */
const shapes = (desk: DeviceTestBoard): unknown[] => rows(desk).filter((row) => Number(row[0]) <= 3).map((row) => [row[0], row[2], row[3], [...(row[4] as Map<number, unknown>).keys()].join(" ")]);

function inSession(change: (document: Document) => void = () => undefined): DeviceTestBoard {
  const desk = createDeviceTestBoard((document) => change(document as unknown as Document));
  run(desk, 1000);
  plug(desk, true);
  run(desk, 1000);
  return desk;
}

describe("a new document while a session runs", () => {
  it("sends both rows of the session to its own table, and the next session's to the new one", () => {
    const desk = inSession();
    const before = shapes(desk);
    offer(desk, 2, (document) => { document.table = { id: 77, columns: COLUMNS }; });
    assert.match(statusLines(desk.device), /configuration: revision 2, its table and columns from the next session on/);
    plug(desk, false);
    run(desk, 1000);
    const [first] = before as [[number, number, number, string]];
    assert.equal((shapes(desk)[1] as unknown[])[1], first[1]);
    assert.equal((shapes(desk)[1] as unknown[])[3], "1 2 5 6 7 8", "the columns of the old table");
    plug(desk, true);
    run(desk, 1000);
    plug(desk, false);
    run(desk, 1000);
    assert.deepEqual(shapes(desk).slice(2), [[1, 77, 2, "1"], [2, 77, 2, "1 2"]]);
    const inForce = desk.board.system.lines.find((line) => line.includes("revision 2 is in force; its table and columns from the next session on")) ?? "";
    assert.equal(inForce.split(" garage-1 ")[0], `boot ${String(desk.device.wall.boot)} +0 s`);
    assert.notEqual(desk.device.wall.boot, 0);
  });

  it("counts only the latest of several documents", () => {
    const desk = inSession();
    for (const id of [71, 72, 73]) offer(desk, id, (document) => { document.table = { id, columns: COLUMNS }; });
    plug(desk, false);
    plug(desk, true);
    run(desk, 1000);
    const tables = shapes(desk).map((shape) => (shape as number[])[1]);
    assert.deepEqual(tables, [tables[0], tables[0], 73]);
    assert.notEqual(tables[0], 71);
  });

  it("is not forgotten by a restart before the session ends, nor by one in between two sessions", () => {
    const desk = inSession();
    const [own] = (shapes(desk)[0] as number[]).slice(1);
    offer(desk, 2, (document) => { document.table = { id: 77, columns: COLUMNS }; });
    desk.device = startDevice(desk);
    run(desk, 1000);
    plug(desk, false);
    run(desk, 1000);
    desk.device = startDevice(desk);
    run(desk, 1000);
    plug(desk, true);
    run(desk, 1000);
    assert.deepEqual(shapes(desk).map((shape) => (shape as number[])[1]), [own, own, 77]);
  });

  it("reaches a session that supersedes the running one", () => {
    const desk = inSession();
    const [own] = (shapes(desk)[0] as number[]).slice(1);
    offer(desk, 2, (document) => { document.table = { id: 77, columns: COLUMNS }; });
    pulseStart(desk.device.connector);
    run(desk, 1000);
    assert.deepEqual(shapes(desk).map((shape) => (shape as number[]).slice(0, 3)), [[1, own, 1], [2, own, 1], [1, 77, 2]]);
  });

  it("keeps the columns of a row that waits for Td", () => {
    const desk = inSession((document) => { document.block.triggerDelayMs = 60000; });
    plug(desk, false);
    run(desk, 100);
    const [own] = (shapes(desk)[0] as number[]).slice(1);
    offer(desk, 2, (document) => { document.table = { id: 77, columns: COLUMNS }; });
    run(desk, 61000);
    assert.deepEqual(shapes(desk).map((shape) => (shape as number[]).slice(0, 3)), [[1, own, 1], [2, own, 1]]);
  });

  it("puts its wires in force at once: a contact with the wrong polarity would never end its session", () => {
    const desk = inSession();
    offer(desk, 2, (document) => { document.inputs.contact.activeLevel = 1; document.table.id = 77; });
    run(desk, 1000);
    assert.equal(desk.device.connector.session.active, false);
  });

  it("leaves the column of a custom input empty that is of another type now, and the Log says why", () => {
    const input = (type: string) => (document: Document): void => {
      document.customInputs = [{ index: 16, type }];
      document.table.columns = [...COLUMNS, { id: 9, name: "input", type: "text", content: "ci16" }];
    };
    const desk = createDeviceTestBoard((document) => input("number")(document as unknown as Document));
    run(desk, 1000);
    plug(desk, true);
    offer(desk, 2, input("boolean"));
    plug(desk, false);
    run(desk, 1000);
    assert.equal((rows(desk)[1]![4] as Map<number, unknown>).get(9) ?? null, null);
    assert.ok(desk.board.system.lines.includes("custom input 16 is of another type than when the session began: its column stays empty"));
  });

  it("leaves the cost empty when the tariff counts in another unit, and the Log says why", () => {
    const desk = inSession();
    offer(desk, 2, (document) => { document.tariff.minorDigits = 3; });
    plug(desk, false);
    run(desk, 1000);
    const cost = exampleDocument() as unknown as Document;
    const id = cost.table.columns.find((column) => column.content === "session.cost")!.id;
    assert.equal((rows(desk)[1]![4] as Map<number, unknown>).get(id) ?? null, null);
    assert.ok(desk.board.system.lines.some((line) => line.includes("the tariff counts in another unit than when the session began: its cost is unknown")));
  });

  it("does not cost the session its table when the power fails at any write of the document", () => {
    let cuts = 0;
    // Every 37th step is in another place of another page's erase, block and header.
    for (let step = 0; ; step += 37) {
      const desk = inSession();
      const [own] = (shapes(desk)[0] as number[]).slice(1);
      offer(desk, 2, (document) => { document.table = { id: 77, columns: COLUMNS }; });
      let isCut = false;
      desk.flash.faults.cutStep = desk.flash.steps + step;
      try {
        provision(desk.board, desk.description, documentOf(3, (document) => { document.table = { id: 78, columns: COLUMNS }; }));
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
        isCut = true;
        cuts++;
      }
      desk.flash.boot();
      if (!isCut) break;
      desk.device = startDevice(desk);
      run(desk, 1000);
      plug(desk, false);
      run(desk, 1000);
      assert.deepEqual(shapes(desk).map((shape) => (shape as number[])[1]), [own, own], `cut at step ${step}`);
    }
    assert.ok(cuts > 30, `${cuts} cuts`);
  });
});
