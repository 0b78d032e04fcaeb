/*
 * Brings a database to the newest form of the endpoint's own records, forwards only.
 *
 * Input: the numbered files of sql/. Output: a database on which all of them have run once, in order.
 * Invariants: each file and its mark commit together; two processes that start at once do not collide;
 * a database from a newer version is refused instead of being damaged.
 */
import { readdirSync, readFileSync } from "node:fs";
import { onlyRow, present } from "../invariant";
import type { Database, Queryable } from "./database";
import { addClockColumns, nameZonesByPlace } from "../tables/table_store";
import { gatherIdentities } from "../people/identity";
import { gatherLastNumbers } from "../devices/last_numbers";

const folder = new URL("./sql/", import.meta.url);
/** Any constant: the advisory lock that lets one process migrate at a time. */
const MIGRATION_LOCK = 0x5dc;
/** Steps after a file, for the tables that people designed. */
const AFTER: Record<string, (queryable: Queryable) => Promise<void>> = { "0004_last_numbers.sql": gatherLastNumbers, "0008_zones_of_places.sql": nameZonesByPlace, "0012_billing.sql": gatherIdentities, "0014_row_clock.sql": addClockColumns };

/** Texts of all languages must fit, or a name on a card would make uploads fail years later. */
export async function needUtf8(database: Database): Promise<void> {
  const { encoding } = onlyRow(await database.query<{ encoding: string }>("SELECT current_setting('server_encoding') AS encoding"));
  if (encoding !== "UTF8") throw new Error(`DATABASE_URL: the encoding of the database is ${encoding}; make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0`);
}

interface Migration { number: number; file: string }

function migrations(): Migration[] {
  return readdirSync(folder).filter((name) => /^\d{4}_.*\.sql$/.test(name)).sort().map((file) => ({ number: Number(file.slice(0, 4)), file }));
}

/** The newest form of the database that this program knows. */
export function newestMigration(): number {
  return present(migrations().at(-1), "there are migrations").number;
}

/** Runs what has not run yet, up to the form `upTo`, in the caller's transaction. */
export async function applyMigrations(queryable: Queryable, upTo: number): Promise<void> {
  await queryable.query("SELECT pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
  await queryable.query("CREATE SCHEMA IF NOT EXISTS exosphere");
  await queryable.query("CREATE TABLE IF NOT EXISTS exosphere.migration (number integer PRIMARY KEY, name text NOT NULL, at timestamptz NOT NULL DEFAULT now())");
  await queryable.query("CREATE TABLE IF NOT EXISTS exosphere.setting (name text PRIMARY KEY, value text NOT NULL)");
  const done = new Set((await queryable.query<{ number: number }>("SELECT number FROM exosphere.migration")).map((row) => row.number));
  for (const number of done) {
    if (number > newestMigration()) throw new Error(`the database is at migration ${number}, this program knows ${newestMigration()}: use a newer version of the endpoint`);
  }
  for (const { number, file } of migrations()) {
    if (done.has(number) || number > upTo) continue;
    // Statements one by one: a prepared statement holds one. No file has a semicolon elsewhere than at an end of line.
    const text = readFileSync(new URL(file, folder), "utf8").replace(/^--.*$/gm, "");
    for (const statement of text.split(/;\s*\n/)) {
      if (statement.trim() !== "") await queryable.query(statement);
    }
    await AFTER[file]?.(queryable);
    await queryable.query("INSERT INTO exosphere.migration (number, name) VALUES ($1, $2)", [number, file]);
  }
}

export async function migrate(database: Database): Promise<void> {
  await needUtf8(database);
  await database.transaction((queryable) => applyMigrations(queryable, newestMigration()), "patient");
}
