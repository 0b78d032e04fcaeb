/*
 * The part of every answer to an upload beside the rows: newest versions, open commands, the wished interval.
 *
 * Input: none. Output: columns for a SELECT over exosphere.device under the name d, and what is read from them.
 * Invariant: both ways of storing a batch tell the same.
 */
import type { Row } from "../database/database";

const COMMANDS_PER_ANSWER = 4;

export interface PendingCommand extends Row { id: number; text: string }
export interface Offers { users: number; configuration: number; commands: PendingCommand[]; minIntervalS: number | undefined }
export interface OfferRow extends Row { users: number; configuration: number; min_interval_s: number | null; commands: PendingCommand[] | null }

export const OFFER_COLUMNS = `(SELECT version FROM exosphere.users_version) AS users, d.configuration_revision AS configuration, d.min_interval_s,
  (SELECT json_agg(c) FROM (SELECT id, text FROM exosphere.command WHERE device = d.id AND status IS NULL ORDER BY id LIMIT ${COMMANDS_PER_ANSWER}) c) AS commands`;

export function offersOf(row: OfferRow): Offers {
  return { users: row.users, configuration: row.configuration, commands: row.commands ?? [], minIntervalS: row.min_interval_s ?? undefined };
}
