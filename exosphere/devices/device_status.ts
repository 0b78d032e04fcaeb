/*
 * A device's status, which comes with an upload (docs/PROTOCOL.md, "Status").
 *
 * Input: the status map of a batch, decoded but not trusted. Output: columns of exosphere.device and
 * results of commands. Invariant: an entry of a wrong type is as if it were absent; it never costs a row.
 */
import type { Batch } from "../ingest/batch";
import type { Queryable } from "../database/database";
import { noteUpdate, programColumns } from "../releases/offer";
import { storableText } from "../database/storable";

const WHOLE_KEYS: [number, string][] = [
  [0, "boot"], [1, "uptime_s"], [3, "memory_free"], [4, "pending"], [5, "set_aside"], [6, "lost"], [7, "ring_fill"], [10, "users_held"], [11, "configuration_held"],
];
const TEXT_KEYS: [number, string][] = [[2, "firmware_version"], [9, "faults"], [13, "board"], [14, "unknown_card"]];
const KEY_CLOCK = 8;
const KEY_RESULTS = 12;
const KEY_COMMAND_TAKEN = 15;
const KEY_OPENS_SEALED = 16;
const KEY_PROGRAM = 17;
const KEY_UPDATE = 18;
const NO_RESULT = "no result: the board was cut";
const NO_RESULT_STATUS = 504;
const TEXT_MAX = 200;
/** Of one status; a board tells four at most. */
const RESULTS_MAX = 64;

function whole(value: unknown): number | undefined {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 2 ** 31 ? value : undefined;
}

function plainText(value: unknown): string | undefined {
  return typeof value === "string" ? storableText(value, TEXT_MAX) : undefined;
}

export interface Sighting { boot: number; uptimeS: number }

/** Boot and uptime at the time of sending, when the status tells both. */
export function sightingOf(status: Map<unknown, unknown> | undefined): Sighting | undefined {
  const boot = whole(status?.get(0));
  const uptimeS = whole(status?.get(1));
  return boot === undefined || uptimeS === undefined ? undefined : { boot, uptimeS };
}

/** Column → value of what a status tells, without command results; `nowS` is the endpoint's UTC seconds. Absent columns stay as they are. */
export function statusColumns(status: Map<unknown, unknown>, nowS: number): Record<string, number | string | null> {
  const columns: Record<string, number | string | null> = {};
  for (const [keys, read] of [[WHOLE_KEYS, whole], [TEXT_KEYS, plainText]] as const) {
    for (const [key, column] of keys) {
      const value = read(status.get(key));
      if (value !== undefined) columns[column] = value;
    }
  }
  // Firmware that says nothing opens nothing, also when the board had a newer one before.
  columns.opens_sealed = whole(status.get(KEY_OPENS_SEALED)) ?? 0;
  Object.assign(columns, programColumns(status.get(KEY_PROGRAM), status.get(KEY_UPDATE)));
  const clock = whole(status.get(KEY_CLOCK));
  // 0 says that the device does not know the time.
  if (clock !== undefined) columns.clock_offset_s = clock === 0 ? null : clock - nowS;
  const taken = whole(status.get(KEY_COMMAND_TAKEN));
  if (taken !== undefined) columns.command_taken = taken;
  return columns;
}

/** Every column that statusColumns may name, with its type. */
export const STATUS_COLUMNS: [column: string, type: "integer" | "text"][] = [
  ...WHOLE_KEYS.map(([, column]): [string, "integer"] => [column, "integer"]), ...TEXT_KEYS.map(([, column]): [string, "text"] => [column, "text"]),
  ["opens_sealed", "integer"], ["clock_offset_s", "integer"], ["command_taken", "integer"],
  ["release", "integer"], ["slot_crc", "text"], ["interpreter", "integer"], ["update_state", "text"],
];

/** Whether the status tells results of commands. */
export function tellsResults(status: Map<unknown, unknown>): boolean {
  const results = status.get(KEY_RESULTS);
  return Array.isArray(results) && results.length > 0;
}

/** The highest sequence and session of a batch; 0 when there is none. */
export function highestOf(records: Batch["records"]): { sequence: number; session: number } {
  let [sequence, session] = [0, 0];
  for (const record of records) {
    sequence = Math.max(sequence, record.sequence);
    if ("session" in record) session = Math.max(session, record.session);
  }
  return { sequence, session };
}

/** Records the status of a batch, and the highest numbers of its records; `nowS` is the endpoint's UTC seconds. */
export async function writeStatus(queryable: Queryable, device: string, { status, records }: Batch, nowS: number): Promise<void> {
  const highest = highestOf(records);
  const assignments = ["last_contact = to_timestamp($2::integer)", "last_sequence = GREATEST(last_sequence, $3::bigint)", "last_session = GREATEST(last_session, $4::bigint)"];
  const values: unknown[] = [device, nowS, highest.sequence, highest.session];
  if (status !== undefined) {
    const columns = statusColumns(status, nowS);
    await writeResults(queryable, device, status.get(KEY_RESULTS), nowS);
    if (typeof columns.command_taken === "number") await closeCommands(queryable, device, columns.command_taken, nowS);
    for (const [column, value] of Object.entries(columns)) assignments.push(`${column} = $${values.push(value)}`);
  }
  await queryable.query(`UPDATE exosphere.device SET ${assignments.join(", ")} WHERE id = $1`, values);
  await noteUpdate(queryable, device, status?.get(KEY_UPDATE), nowS);
}

/**
 * Closes what the device took up before its last contact and never told the result of: it was cut in
 * between and will not run it again. The first contact that names a command only marks it, because a long
 * chain may still be under way. Not below what it says now: a board that was erased has taken up nothing.
 */
async function closeCommands(queryable: Queryable, device: string, taken: number, nowS: number): Promise<void> {
  await queryable.query(
    `UPDATE exosphere.command SET status = $3, result = $4, done_at = to_timestamp($5::integer) WHERE device = $1 AND status IS NULL
        AND id <= LEAST($2::integer, (SELECT COALESCE(command_taken, 0) FROM exosphere.device WHERE id = $1))`,
    [device, taken, NO_RESULT_STATUS, NO_RESULT, nowS]);
}

/** Writes the results of commands, RESULTS_MAX at most; one that comes after all takes the place of "no result". */
async function writeResults(queryable: Queryable, device: string, results: unknown, nowS: number): Promise<void> {
  if (!Array.isArray(results)) return;
  const told = new Map<number, { id: number; status: number; text: string }>();
  for (const entry of results.slice(0, RESULTS_MAX) as unknown[]) {
    if (!Array.isArray(entry)) continue;
    const [id, status] = [whole(entry[0]), whole(entry[1])];
    if (id !== undefined && status !== undefined && !told.has(id)) told.set(id, { id, status, text: plainText(entry[2]) ?? "" });
  }
  if (told.size === 0) return;
  await queryable.query(
    `UPDATE exosphere.command c SET status = r.status, result = r.text, done_at = to_timestamp($3::integer)
       FROM json_to_recordset($2::json) AS r(id integer, status integer, text text)
      WHERE c.device = $1 AND c.id = r.id AND (c.status IS NULL OR (c.status = $4 AND c.result = $5))`,
    [device, JSON.stringify([...told.values()]), nowS, NO_RESULT_STATUS, NO_RESULT]);
}

/** True when the sighting bounds this boot's moments better than before, by more than the network's jitter. */
export async function writeSighting(queryable: Queryable, device: string, sighting: Sighting, nowS: number): Promise<boolean> {
  const rows = await queryable.query(
    `INSERT INTO exosphere.boot_seen AS old (device, boot, uptime_s, epoch_s) VALUES ($1, $2, $3, $4)
       ON CONFLICT (device, boot) DO UPDATE SET uptime_s = excluded.uptime_s, epoch_s = excluded.epoch_s
       WHERE old.epoch_s - old.uptime_s > excluded.epoch_s - excluded.uptime_s + 1 RETURNING boot`,
    [device, sighting.boot, sighting.uptimeS, nowS]);
  return rows.length > 0;
}
