/*
 * The highest numbers that a device has used: boot, row, session.
 *
 * Input: a device. Output: three numbers for a signed answer (docs/PROTOCOL.md, "A board that has forgotten
 * its numbers"). Invariants: no row of the device has a higher sequence or session, also none that was
 * refused; no accepted request has a higher boot.
 */
import { type Queryable, quoteIdentifier, type Row } from "../database/database";
import { onlyRow } from "../invariant";
import { listTables } from "../tables/table_store";

/** Boot number, sequence and session; 0 for what was never used. */
export type LastNumbers = [boot: number, sequence: number, session: number];

export async function lastNumbers(queryable: Queryable, device: string): Promise<LastNumbers> {
  const { boot, sequence, session } = onlyRow(await queryable.query<Row & { boot: number; sequence: number; session: number }>(
    "SELECT nonce_boot AS boot, last_sequence AS sequence, last_session AS session FROM exosphere.device WHERE id = $1", [device]));
  return [boot, sequence, session];
}

/** For devices from before the numbers were kept, once: the highest of their rows. */
export async function gatherLastNumbers(queryable: Queryable): Promise<void> {
  for (const table of await listTables(queryable)) {
    const sequence = table.mode === "session" ? "GREATEST(max(_start_sequence), max(_end_sequence))" : "max(_sequence)";
    await queryable.query(
      `UPDATE exosphere.device d SET last_sequence = GREATEST(d.last_sequence, r.sequence), last_session = GREATEST(d.last_session, r.session)
         FROM (SELECT _device, ${sequence} AS sequence, max(_session) AS session FROM public.${quoteIdentifier(table.name)} GROUP BY _device) r WHERE r._device = d.id`);
  }
  for (const name of ["record_content", "quarantine", "loss", "gap", "clock_fact"]) {
    await queryable.query(
      `UPDATE exosphere.device d SET last_sequence = GREATEST(d.last_sequence, r.sequence)
         FROM (SELECT device, max(sequence) AS sequence FROM exosphere.${name} GROUP BY device) r WHERE r.device = d.id`);
  }
}
