/*
 * The state of every device: last contact, version, fill, clock, faults, and missing rows.
 *
 * Input: the database. Output: records for the fleet page, what was turned away included. Invariant: nothing here is computed from the
 * state of this process, so every process shows the same fleet.
 */
import { SEAL_FORMAT } from "../../firmware/protocol";
import type { Queryable, Row } from "../database/database";
import { NEWEST_IMAGE, OUTSIDE_RANGE } from "../releases/tested_range";
import type { Device, DeviceProblems } from "./device_documents";

function utc(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
}

/** `nowS` is the endpoint's UTC seconds: the age of a contact is told by the clock that stamped it, not by a browser's. */
export async function listDevices(queryable: Queryable, nowS: number): Promise<Device[]> {
  return queryable.query<Row & Device>(`SELECT d.id, d.name, d.enabled, ${utc("d.last_contact")} AS "lastContact",
      CASE WHEN d.last_contact IS NOT NULL THEN GREATEST(0, $1::bigint - floor(extract(epoch FROM d.last_contact)))::integer END AS "lastContactAgoS", d.boot, d.uptime_s AS "uptimeS",
      d.firmware_version AS "firmwareVersion", d.board, d.memory_free AS "memoryFree", d.pending, d.set_aside AS "quarantinedOnBoard", d.lost,
      d.ring_fill AS "ringFill", d.clock_offset_s AS "clockOffsetS", d.faults,
      CASE WHEN EXISTS (SELECT 1 FROM exosphere.card c WHERE c.uid = d.unknown_card) THEN NULL ELSE d.unknown_card END AS "unknownCard", d.users_held AS "usersHeld",
      d.configuration_held AS "configurationHeld", d.configuration_revision AS "configurationRevision",
      d.configuration IS NOT NULL AND d.configuration_holds_secrets AND d.opens_sealed <> ${SEAL_FORMAT} AND d.last_contact IS NOT NULL AS "configurationWithheld", d.min_interval_s AS "minIntervalS",
      d.interpreter, ${OUTSIDE_RANGE} AS "interpreterOutsideRange",
      (SELECT version FROM exosphere.users_version) AS "usersVersion",
      (SELECT count(*) FROM exosphere.gap g WHERE g.device = d.id) AS gaps,
      (SELECT COALESCE(sum(row_count), 0) FROM exosphere.loss l WHERE l.device = d.id) AS "lostRows",
      (SELECT count(*) FROM exosphere.quarantine q WHERE q.device = d.id) AS quarantined,
      (SELECT count(*) FROM exosphere.undated u WHERE u.device = d.id) AS undated,
      COALESCE((SELECT json_agg(json_build_object('keyId', k.key_id, 'revoked', k.revoked_at IS NOT NULL, 'used', k.used) ORDER BY k.created_at, k.key_id)
         FROM exosphere.device_key k WHERE k.device = d.id), '[]'::json) AS keys,
      CASE WHEN t.device IS NOT NULL THEN json_build_object('problem', t.problem, 'keyId', t.key_id, 'at', ${utc("t.at")}, 'agoS', GREATEST(0, $1::bigint - floor(extract(epoch FROM t.at)))::integer) END AS "rejectedRequest"
    FROM exosphere.device d LEFT JOIN exosphere.turned_away t ON t.device = d.id ${NEWEST_IMAGE} ORDER BY d.id`, [nowS]);
}

/** Losses, gaps, refused rows and commands of one device, newest first, 200 of each at most. */
export async function deviceProblems(queryable: Queryable, device: string): Promise<DeviceProblems> {
  const newest = "WHERE device = $1 ORDER BY sequence DESC LIMIT 200";
  return {
    losses: await queryable.query<Row & DeviceProblems["losses"][number]>(`SELECT sequence, row_count AS rows, first, reason, ${utc("received_at")} AS "receivedAt" FROM exosphere.loss ${newest}`, [device]),
    gaps: await queryable.query<Row & DeviceProblems["gaps"][number]>(`SELECT sequence, first_sequence AS "firstSequence", last_sequence AS "lastSequence", row_count AS rows, ${utc("received_at")} AS "receivedAt" FROM exosphere.gap ${newest}`, [device]),
    quarantine: await queryable.query<Row & DeviceProblems["quarantine"][number]>(`SELECT sequence, reason, item_hex AS "itemHex", ${utc("received_at")} AS "receivedAt" FROM exosphere.quarantine ${newest}`, [device]),
    commands: await queryable.query<Row & DeviceProblems["commands"][number]>(`SELECT id, text, status, result, ${utc("created_at")} AS "createdAt", ${utc("done_at")} AS "doneAt" FROM exosphere.command WHERE device = $1 ORDER BY id DESC LIMIT 200`, [device]),
  };
}
