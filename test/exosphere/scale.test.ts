/*
 * docs/SCALE.md: the tables that it names are those that there are, and partitions do as it says.
 *
 * Input: the migrations, the page, uploads into partitioned tables. Output: test results. Invariant: the
 * endpoint's SQL is the same with and without partitions.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import type { RunningServer } from "../../exosphere/start_server";
import { alterTable, createTable, findTable } from "../../exosphere/tables/table_store";
import { readTotals } from "../../exosphere/tables/totals";
import { bothDatabases } from "./both_databases";
import { DeviceClient, row } from "./device_client";
import { WALLBOX } from "./wallbox_table";

const folder = new URL("../../exosphere/database/sql/", import.meta.url);

describe("docs/SCALE.md", () => {
  it("tells of every table of the endpoint whether it is to be partitioned", () => {
    const page = readFileSync(new URL("../../docs/SCALE.md", import.meta.url), "utf8");
    const rows = page.split("\n").filter((line) => line.startsWith("| `exosphere."));
    const named = rows.flatMap((line) => [...line.split("|")[1]!.matchAll(/`(?:exosphere\.)?(\w+)`/g)].map(([, name]) => name)).sort();
    const made = readdirSync(folder).flatMap((file) => [...readFileSync(new URL(file, folder), "utf8").matchAll(/CREATE TABLE exosphere\.(\w+)/g)].map(([, name]) => name)).sort();
    assert.deepEqual(named, made);
  });
});

/** Puts a table of the same columns, keys and indexes in the place of an empty one, in four parts by `key`. */
async function partition(server: RunningServer, table: string, key: string): Promise<void> {
  const [schema, name] = table.split(".") as [string, string];
  await server.database.script(`ALTER TABLE ${table} RENAME TO "${name.replaceAll("\"", "")} whole"`);
  const whole = `${schema}."${name.replaceAll("\"", "")} whole"`;
  await server.database.script(`CREATE TABLE ${table} (LIKE ${whole} INCLUDING DEFAULTS INCLUDING INDEXES) PARTITION BY HASH (${key})`);
  for (let part = 0; part < 4; part++) {
    await server.database.script(`CREATE TABLE ${schema}."${name.replaceAll("\"", "")} ${part}" PARTITION OF ${table} FOR VALUES WITH (MODULUS 4, REMAINDER ${part})`);
  }
  await server.database.script(`DROP TABLE ${whole}`);
}

bothDatabases("partitioned tables", (site) => {
  it("take uploads, repeats, dating, totals and a change of the table as whole ones do", async () => {
    const server = await site.start({ nowS: () => 1767225600 });
    await createTable(server.database, WALLBOX, "test");
    await partition(server, "public.\"wallbox sessions\"", "_device");
    await partition(server, "exosphere.record_content", "device");
    await partition(server, "exosphere.rollup", "device");
    const start = row(1, 1, 1, 1, { 1: { boot: 1, uptimeS: 60 } });
    const boxes = await Promise.all(Array.from({ length: 9 }, (_, index) => DeviceClient.create(server, `part-${index}`)));
    for (const box of boxes) {
      await box.upload(start);
      await box.upload(start, row(2, 2, 1, 1, { 4: 1000, 2: { epochS: 1767225000 } }));
      assert.deepEqual((await box.upload(row(1, 1, 1, 9, {}))).refused, [[1, "sequence used by another row"]]);
    }
    await alterTable(server.database, 1, { ...WALLBOX, columns: [...WALLBOX.columns, { id: 9, name: "note", type: "text", content: "" }] }, "test");
    await boxes[0]!.upload(row(2, 3, 1, 2, { 9: { text: "new" }, 4: 5 }));
    const totals = await readTotals(server.database, await findTable(server.database, 1), { device: "", user: "", month: "" });
    assert.deepEqual([totals.rows, totals.energyWh], [10, "9005"]);
    const parts = await server.database.query<{ part: string }>("SELECT DISTINCT tableoid::regclass::text AS part FROM public.\"wallbox sessions\" ORDER BY part");
    assert.deepEqual(parts.map(({ part }) => part), [0, 1, 2, 3].map((part) => `"wallbox sessions ${String(part)}"`), "the rows lie in all parts");
  });
});
