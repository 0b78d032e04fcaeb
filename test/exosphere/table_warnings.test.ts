/*
 * Whether the check of a document says which of its rows this endpoint has no place for.
 *
 * Input: documents and tables as data. Output: test results. Invariant: each warning has its place and remedy; a
 * document that fits, or that is not a document, has none.
 */
import { strict as assert } from "node:assert";
import { tableWarnings } from "../../exosphere/configuration/tables";
import type { TableSchema } from "../../exosphere/tables/table_documents";

const TABLE: TableSchema = {
  id: 1, name: "Charging", mode: "session", currency: "", minorDigits: 2, timeZone: "UTC",
  columns: [
    { id: 1, name: "Start", type: "datetime", content: "session.start" },
    { id: 2, name: "Energy", type: "integer", content: "session.energy" },
    { id: 3, name: "Remark", type: "text", content: "" },
  ],
};

function warned(columns: object[], id = 1, tables = [TABLE]): string[] {
  return tableWarnings({ table: { id, columns } }, tables).map(({ path, what, remedy }) => `${path}: ${what}; ${remedy}`);
}

describe("the tables of a configuration", () => {
  it("are not warned of when each column is there with its type and content", () => {
    assert.deepEqual(warned([{ id: 1, type: "datetime", content: "session.start" }, { id: 2, type: "integer", content: "session.energy" }]), []);
  });

  it("are warned of with a column that holds another content than the table's", () => {
    assert.deepEqual(warned([{ id: 1, type: "datetime", content: "session.end" }]),
      ["table.columns[0].content: column 1 of Charging (Start) is for session.start, here it holds session.end; write session.start, or take another column"]);
  });

  it("may fill a column that is for any content, and leave the content out", () => {
    assert.deepEqual(warned([{ id: 3, type: "text", content: "user.name" }, { id: 2, type: "integer" }, { id: 2, type: "integer", content: "" }]), []);
  });

  it("are warned of with a column of another type, or one that the table does not have", () => {
    assert.deepEqual(warned([{ id: 2, type: "text", content: "session.energy" }, { id: 9, type: "text", content: "uid" }]), [
      "table.columns[0].type: column 2 of Charging (Energy) is of type integer, here it is text: rows with it may be refused; write integer",
      "table.columns[1].id: Charging has no column 9: rows with it would wait in quarantine; add the column on the page Tables, or remove it here",
    ]);
  });

  it("are warned of while the endpoint has no such table, or none at all", () => {
    assert.deepEqual(warned([], 2), ["table.id: this endpoint has no table 2: rows would wait in quarantine; write one of 1 (Charging), or make it on the page Tables"]);
    assert.deepEqual(warned([], 1, []), ["table: this endpoint has no table yet: rows would wait in quarantine; create one on the page Tables, then take its id and columns here"]);
  });

  it("are warned of with rows of another mode, and with money of other decimals", () => {
    assert.deepEqual(tableWarnings({ table: { id: 1, rowMode: "event", columns: [] }, tariff: { minorDigits: 0 } }, [TABLE]).map(({ path, what, remedy }) => `${path}: ${what}; ${remedy}`), [
      "table.rowMode: Charging has a row for each session, here it is event: rows may be refused; write session",
      "tariff.minorDigits: Charging has 2 decimals of money, the tariff 0: costs would be wrong by powers of ten; write 2",
    ]);
    assert.deepEqual(tableWarnings({ table: { id: 1, columns: [] }, tariff: {} }, [TABLE]), []);
  });

  it("are not judged for a webhook, nor in what is no document", () => {
    assert.deepEqual(tableWarnings({ endpoint: { target: "webhook" }, table: { id: 7 } }, [TABLE]), []);
    for (const document of [null, 3, "text", [], {}, { table: 5 }, { table: { id: "1" } }, { table: { id: 1, columns: "none" } }]) assert.deepEqual(tableWarnings(document, [TABLE]), [], JSON.stringify(document));
  });
});
