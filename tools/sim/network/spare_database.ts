/*
 * The embedded database of a world, used again for the next one.
 *
 * Input: none. Output: an empty database with the schema of the endpoint. Invariant: nothing of a world is left for the
 * next; to make PostgreSQL anew would take longer than most worlds.
 */
import type { Database } from "../../../exosphere/database/database";
import { openEmbedded } from "../../../exosphere/database/embedded_database";
import { migrate } from "../../../exosphere/database/migrations";

let spare: Database | undefined;

export async function takeDatabase(): Promise<Database> {
  const taken = spare;
  spare = undefined;
  const database = taken ?? await openEmbedded(undefined);
  if (taken !== undefined) await database.script("DROP SCHEMA exosphere CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public;");
  await migrate(database);
  return database;
}

/** Keeps it for the next world. */
export async function giveDatabase(database: Database): Promise<void> {
  if (spare === undefined) spare = database;
  else await database.close();
}

export async function closeSpare(): Promise<void> {
  const last = spare;
  spare = undefined;
  await last?.close();
}
