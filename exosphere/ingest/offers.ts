/*
 * The part of every answer to an upload beside the rows: newest versions, open commands, the wished interval, an offered release.
 *
 * Input: none. Output: columns for a SELECT over exosphere.device under the name d, and what is read from them.
 * Invariant: both ways of storing a batch tell the same.
 */
import type { Row } from "../database/database";
import { offerQuery, openOffer, type ReleaseOffer } from "../releases/offer";

const COMMANDS_PER_ANSWER = 4;

export interface PendingCommand extends Row { id: number; text: string }
export interface Offers { users: number; configuration: number; commands: PendingCommand[]; minIntervalS: number | undefined; firmware: number }
export interface OfferRow extends Row { users: number; configuration: number; min_interval_s: number | null; commands: PendingCommand[] | null; release_offer: ReleaseOffer | null }

export const OFFER_COLUMNS = `(SELECT version FROM exosphere.users_version) AS users, d.configuration_revision AS configuration, d.min_interval_s,
  (SELECT json_agg(c) FROM (SELECT id, text FROM exosphere.command WHERE device = d.id AND status IS NULL ORDER BY id LIMIT ${COMMANDS_PER_ANSWER}) c) AS commands,
  (${offerQuery("d.id")}) AS release_offer`;

/** `firmware`: the number of the offer, 0 for none. `nowS` is the endpoint's UTC seconds. */
export function offersOf(row: OfferRow, nowS: number): Offers {
  return { users: row.users, configuration: row.configuration, commands: row.commands ?? [], minIntervalS: row.min_interval_s ?? undefined, firmware: openOffer(row.release_offer, nowS)?.offer ?? 0 };
}
