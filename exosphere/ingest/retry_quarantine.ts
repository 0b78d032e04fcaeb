/*
 * Offers refused rows to their tables again, after a table or the database was corrected.
 *
 * Input: a device. Output: how many rows fit now. Invariants: a row is in its table or in quarantine, never in
 * neither; the device's uploads wait for one portion at most.
 */
import { writeAudit } from "../accounts/audit";
import { readBatch } from "./batch";
import { isoSeconds } from "./cell";
import { keepRefused, takeRefused } from "./quarantine";
import { storeRecords } from "./store_records";
import type { Database, Queryable } from "../database/database";

const RETRY_ROWS = 1000;

/** One portion of a retry; undefined when nothing is left from `from` on. */
async function retryPortion(queryable: Queryable, device: string, from: number, nowS: number): Promise<{ stored: number; refused: number; next: number } | undefined> {
  await queryable.query("UPDATE exosphere.device SET revision = revision + 1 WHERE id = $1", [device]);
  const kept = (await takeRefused(queryable, device, from, RETRY_ROWS)).sort((a, b) => a.sequence - b.sequence);
  const last = kept.at(-1);
  if (last === undefined) return undefined;
  const batch = readBatch(Buffer.from(kept.map((row) => row.item_hex).join(""), "hex"));
  if (typeof batch === "string") throw new Error(`quarantine of ${device}: ${batch}`);
  // A row that does not fit now either goes back into quarantine, with the reason of today.
  const { refused, undecided } = await storeRecords(queryable, device, batch, nowS);
  if (undecided.size > 0) await keepRefused(queryable, device, [...undecided].map((record) => ({ record, reason: "not tried: too many rows before it were refused" })), isoSeconds(nowS));
  const failed = refused.length + undecided.size;
  return { stored: kept.length - failed, refused: failed, next: last.sequence + 1 };
}

/** Offers all refused rows of a device to its tables again, after a table was corrected; tells how many fit now. */
export async function retryQuarantine(database: Database, device: string, actor: string, nowS: number): Promise<{ stored: number; refused: number }> {
  const total = { stored: 0, refused: 0 };
  // Moments that a table did not take are tried again with the next thing that is known of the device.
  await database.query("WITH again AS (UPDATE exosphere.undated SET refused = NULL, not_before = NULL, not_after = NULL WHERE device = $1 AND refused IS NOT NULL RETURNING device) UPDATE exosphere.device SET dating_open = true, revision = revision + 1 WHERE id IN (SELECT device FROM again)", [device]);
  for (let from = 0; ;) {
    const portion = await database.transaction((queryable) => retryPortion(queryable, device, from, nowS));
    if (portion === undefined) break;
    total.stored += portion.stored;
    total.refused += portion.refused;
    from = portion.next;
  }
  await writeAudit(database, actor, "quarantine.retry", device, total);
  return total;
}
