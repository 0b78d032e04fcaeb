/*
 * The offer of a release to a device, the parts that the device fetches, and its reports.
 *
 * Input: a device, its requests and status. Output: the number of its offer; parts of document and slot; states of its
 * roll-out. Invariants: no offer while the roll-out is paused or stopped, or outside its hours; a state at its end never
 * changes; what a device says of another offer than its own changes nothing.
 */
import type { Queryable, Row } from "../database/database";
import { Problem } from "../http/problem";
import { advance } from "./rollout_store";
import { instructionsFrom } from "./instructions";

/** Of an answer with pieces, beside what was asked for: docs/PROTOCOL.md section 6. */
const INSTRUCTIONS_BYTES = 32;
const FRAME_BYTES = 12;

/** A release that a device may take up or go on with, within hours where there are some. */
export interface ReleaseOffer { offer: number; rollout: number; release: number; from: string | null; to: string | null; timeZone: string }

/** Whether a time of day such as 23:30 lies in a window, which may go over midnight. */
export function isWithin(time: string, from: string, to: string): boolean {
  return from < to ? time >= from && time < to : time >= from || time < to;
}

function timeOfDay(nowS: number, timeZone: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(nowS * 1000));
}

/** SQL of the device's offer as JSON, NULL for none; `device`: an expression. */
export function offerQuery(device: string): string {
  return `SELECT json_build_object('offer', o.offer, 'rollout', o.rollout, 'release', r.release, 'from', r.window_from, 'to', r.window_to, 'timeZone', r.time_zone)
    FROM exosphere.rollout_device o JOIN exosphere.rollout r ON r.id = o.rollout WHERE o.device = ${device} AND o.state IN ('offered', 'fetching') AND r.state = 'running' ORDER BY o.offer DESC LIMIT 1`;
}

/** The offer if this moment is one of its hours. */
export function openOffer(offer: ReleaseOffer | null, nowS: number): ReleaseOffer | undefined {
  if (offer === null) return undefined;
  return offer.from === null || offer.to === null || isWithin(timeOfDay(nowS, offer.timeZone), offer.from, offer.to) ? offer : undefined;
}

/** A part of the document or of the slot, of some `bytes` bytes, in its frame. @throws Problem 404, signed by the route */
export async function offeredPart(queryable: Queryable, device: string, what: "document" | "pieces", offer: number, from: number, bytes: number, nowS: number): Promise<Buffer> {
  const [row] = await queryable.query<Row & { offer: ReleaseOffer | null }>(`SELECT (${offerQuery("$1")}) AS offer`, [device]);
  const current = openOffer(row?.offer ?? null, nowS);
  const none = new Problem(404, "no-firmware", "This is not offered to the device now.");
  if (current?.offer !== offer) throw none;
  const [image] = await queryable.query<Row & { board: string; piece_bytes: number; document: string; slot: string; running: string | null }>(
    `SELECT i.board, i.piece_bytes, encode(i.document, 'base64') AS document, encode(i.slot, 'base64') AS slot,
        (SELECT encode(o.slot, 'base64') FROM exosphere.release_image o WHERE o.board = d.board AND o.crc = d.slot_crc LIMIT 1) AS running
       FROM exosphere.device d JOIN exosphere.release_image i ON i.release = $2 AND i.board = d.board WHERE d.id = $1`, [device, current.release]);
  if (image === undefined) throw none;
  const document = Buffer.from(image.document, "base64");
  const slot = Buffer.from(image.slot, "base64");
  const pieces = Math.ceil(slot.length / image.piece_bytes);
  if (what === "pieces" && from >= pieces) throw none;
  const running = Buffer.from(image.running ?? "", "base64");
  const part = what === "document" ? document.subarray(from, from + bytes)
    : instructionsFrom(slot, image.piece_bytes, from, running, bytes + INSTRUCTIONS_BYTES);
  // The first piece is fetched last, and piece n when all before it are there.
  const done = what === "document" ? 0 : from === 0 ? pieces - 1 : from - 1;
  await queryable.query("UPDATE exosphere.rollout_device SET state = 'fetching', pieces_done = GREATEST(pieces_done, $3), pieces = $4, changed_at = to_timestamp($5::integer) WHERE rollout = $1 AND device = $2", [current.rollout, device, done, pieces, nowS]);
  const frame = Buffer.alloc(FRAME_BYTES);
  frame.writeUInt32BE(offer, 0);
  frame.writeUInt32BE(what === "document" ? document.length : slot.length, 4);
  frame.writeUInt32BE(from, 8);
  return Buffer.concat([frame, part]);
}

const PROGRAM = /^(\d{1,9}) (\d{10}) (\d{4,5})$/;
const UPDATE = /^(\d{1,10}) (trial|confirmed|returned|refused)(?: ([\x21-\x7e]{1,80}))?$/;

/** Columns of exosphere.device from status keys 17 and 18; what is of another form is as if it were absent. */
export function programColumns(program: unknown, update: unknown): Record<string, number | string | null> {
  const parts = typeof program === "string" ? PROGRAM.exec(program) : null;
  return {
    release: parts === null ? null : Number(parts[1]), slot_crc: parts?.[2] ?? null, interpreter: parts === null ? null : Number(parts[3]),
    update_state: typeof update === "string" && UPDATE.test(update) ? update : null,
  };
}

/** Moves the roll-out on by the report of a device on its update. */
export async function noteUpdate(queryable: Queryable, device: string, update: unknown, nowS: number): Promise<void> {
  const parts = typeof update === "string" ? UPDATE.exec(update) : null;
  if (parts === null || Number(parts[1]) > 2 ** 31 - 1) return;
  const [row] = await queryable.query<Row & { rollout: number }>(`UPDATE exosphere.rollout_device SET state = $3, reason = $4, pieces_done = CASE WHEN $3 = 'refused' THEN pieces_done ELSE pieces END, changed_at = to_timestamp($5::integer)
    WHERE device = $1 AND offer = $2 AND state NOT IN ('confirmed', 'returned', 'refused') AND state <> $3 RETURNING rollout`, [device, Number(parts[1]), parts[2], parts[3] ?? "", nowS]);
  if (row !== undefined) await advance(queryable, row.rollout, nowS);
}
