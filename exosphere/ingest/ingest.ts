/*
 * One upload, in one transaction, or where nothing is special in one statement: rows into their tables, facts beside them, the answer from the result.
 *
 * Input: an authenticated device, its nonce, a batch. Output: what is in the database when this returns.
 * Invariants: everything or nothing of a batch is stored; what is acknowledged is committed; a repeated
 * batch changes nothing; one record that the database refuses costs itself alone; a sequence that was used
 * by another record is refused, never acknowledged as if it were that one.
 */
import type { IngestResult } from "./answer";
import type { Batch } from "./batch";
import { findOutcomes, isNumberUsed } from "./idempotency";
import { storeRecords } from "./store_records";
import { OFFER_COLUMNS, type OfferRow, type Offers, offersOf } from "./offers";
import { storeAtOnce } from "./store_at_once";
import type { StatementCache } from "./one_statement";
import type { Database, Queryable } from "../database/database";
import type { KeyRecord } from "../devices/device_store";
import { writeStatus } from "../devices/device_status";
import { lastNumbers } from "../devices/last_numbers";
import { takeNonce } from "../devices/nonce";
import type { ReceivedSignature } from "../devices/signature";
import { onlyRow } from "../invariant";

/** The part of every answer beside the rows. */
async function readOffers(queryable: Queryable, device: string, nowS: number): Promise<Offers> {
  return offersOf(onlyRow(await queryable.query<OfferRow>(`SELECT ${OFFER_COLUMNS} FROM exosphere.device d WHERE d.id = $1`, [device])), nowS);
}

/** Stores the records and the status of a new request. */
async function store(queryable: Queryable, device: string, batch: Batch, nowS: number): Promise<Pick<IngestResult, "acknowledged" | "refused">> {
  const { refused, undecided } = await storeRecords(queryable, device, batch, nowS);
  await writeStatus(queryable, device, batch, nowS);
  const bad = new Set([...refused.map(({ record }) => record), ...undecided]);
  return {
    acknowledged: batch.records.filter((record) => !bad.has(record)).map(({ sequence }) => sequence),
    refused: refused.map(({ record, reason }): [number, string] => [record.sequence, reason]),
  };
}

/** Stores a batch, or answers its repeat without a change. Throws Problem 401 for a nonce that was used; anything else that is thrown stored nothing. */
export async function ingest(database: Database, statements: StatementCache, key: KeyRecord, signature: ReceivedSignature, batch: Batch, nowS: number): Promise<IngestResult> {
  const { device } = key;
  const stored = await storeAtOnce(database, statements, key, signature, batch, nowS);
  if (stored !== undefined) return stored;
  return database.transaction(async (queryable) => {
    const repeat = await takeNonce(queryable, key, signature, nowS) === "repeat";
    const { acknowledged, refused } = repeat ? await findOutcomes(queryable, device, batch.records) : await store(queryable, device, batch, nowS);
    // With a status, so at the first contact of each boot, a board that does not know it is told which numbers are used.
    const last = batch.status !== undefined || refused.some(([, reason]) => isNumberUsed(reason)) ? await lastNumbers(queryable, device) : undefined;
    return { acknowledged, refused, last, ...await readOffers(queryable, device, nowS) };
  });
}
