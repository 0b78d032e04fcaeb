/*
 * Releases at the endpoint: keys that are believed, releases that were verified, what devices run.
 *
 * Input: bytes that an administrator brings. Output: rows of exosphere.release. Invariants: a release is stored whole or
 * not at all, and only when a key that is known here signed each of its images; a number stands for the same bytes for
 * ever, because boards count by it. Boards judge all of it again with keys of their own.
 */
import { writeAudit } from "../accounts/audit";
import type { Database, Queryable, Row } from "../database/database";
import { Problem } from "../http/problem";
import { present } from "../invariant";
import { imageDocument, readRelease, ReleaseError, sha256, signatureProblem } from "./release_file";
import { NEWEST_IMAGE, OUTSIDE_RANGE } from "./tested_range";
import type { Programs, Release, ReleaseKey, UploadedRelease } from "./release_documents";

const utc = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

export async function listReleaseKeys(queryable: Queryable): Promise<(ReleaseKey & { addedAt: string })[]> {
  return queryable.query<Row & ReleaseKey & { addedAt: string }>(`SELECT public_key AS "publicKey", name, ${utc("added_at")} AS "addedAt" FROM exosphere.release_key ORDER BY added_at, public_key`);
}

export async function addReleaseKey(database: Database, { publicKey, name }: ReleaseKey, actor: string): Promise<void> {
  await database.transaction(async (queryable) => {
    const rows = await queryable.query("INSERT INTO exosphere.release_key (public_key, name) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING public_key", [publicKey.toUpperCase(), name]);
    if (rows.length === 0) throw new Problem(409, "taken", "This key is known already.");
    await writeAudit(queryable, actor, "releaseKey.add", name);
  });
}

/** `identifier`: digits 17 to 48 of the key. */
export async function removeReleaseKey(database: Database, identifier: string, actor: string): Promise<void> {
  await database.transaction(async (queryable) => {
    const [row] = await queryable.query<Row & { name: string }>("DELETE FROM exosphere.release_key WHERE substr(public_key, 17, 32) = $1 RETURNING name", [identifier.toUpperCase()]);
    if (row === undefined) throw new Problem(404, "key-unknown", "There is no such key.");
    await writeAudit(queryable, actor, "releaseKey.remove", row.name);
  });
}

export async function listReleases(queryable: Queryable): Promise<Release[]> {
  return queryable.query<Row & Release>(`SELECT r.number, r.version, r.sha256, ${utc("r.uploaded_at")} AS "uploadedAt", r.uploaded_by AS "uploadedBy",
      (SELECT json_agg(json_build_object('board', i.board, 'bytes', length(i.slot), 'crc', i.crc, 'interpreterFrom', i.interpreter_from, 'interpreterTo', i.interpreter_to) ORDER BY i.board)
         FROM exosphere.release_image i WHERE i.release = r.number) AS images,
      (SELECT count(*)::integer FROM exosphere.device d JOIN exosphere.release_image i ON i.board = d.board AND i.crc = d.slot_crc WHERE i.release = r.number) AS devices
    FROM exosphere.release r ORDER BY r.number DESC`);
}

/** Verifies and stores a release; the same bytes again change nothing. @throws Problem */
export async function addRelease(database: Database, bytes: Buffer, actor: string, nowS: number): Promise<UploadedRelease> {
  const keys = (await listReleaseKeys(database)).map(({ publicKey }) => Buffer.from(publicKey, "hex"));
  if (keys.length === 0) throw new Problem(422, "no-release-key", "No key is known that could have signed it; add the public key first.");
  let images;
  try {
    images = readRelease(bytes);
  } catch (error) {
    if (error instanceof ReleaseError) throw new Problem(422, "wrong-release", `${error.message}.`);
    throw error;
  }
  const problem = signatureProblem(images, keys);
  if (problem !== "") throw new Problem(422, "wrong-signature", `${problem}.`);
  const { release: number, version } = present(images[0], "a release has an image").manifest;
  const hash = sha256(bytes).toString("hex");
  return database.transaction(async (queryable) => {
    const rows = await queryable.query("INSERT INTO exosphere.release (number, version, sha256, uploaded_at, uploaded_by) VALUES ($1, $2, $3, to_timestamp($4::integer), $5) ON CONFLICT DO NOTHING RETURNING number",
      [number, version, hash, nowS, actor]);
    if (rows.length === 0) {
      const same = await queryable.query("SELECT number FROM exosphere.release WHERE number = $1 AND sha256 = $2", [number, hash]);
      if (same.length === 0) throw new Problem(409, "taken", `Release ${String(number)} is another one here; a number is never used again.`);
    } else {
      for (const image of images) {
        const { board, crc, pieceBytes, interpreterFrom, interpreterTo } = image.manifest;
        await queryable.query("INSERT INTO exosphere.release_image (release, board, crc, piece_bytes, interpreter_from, interpreter_to, document, slot) VALUES ($1, $2, $3, $4, $5, $6, decode($7, 'hex'), decode($8, 'hex'))",
          [number, board, crc, pieceBytes, interpreterFrom, interpreterTo, imageDocument(image).toString("hex"), image.slot.toString("hex")]);
      }
      await writeAudit(queryable, actor, "release.upload", String(number), { version, sha256: hash });
    }
    return { number, version, boards: images.map(({ manifest }) => manifest.board) };
  });
}

/** Takes a release away that no roll-out has had. @throws Problem */
export async function removeRelease(database: Database, number: number, actor: string): Promise<void> {
  await database.transaction(async (queryable) => {
    const used = await queryable.query("SELECT id FROM exosphere.rollout WHERE release = $1 LIMIT 1", [number]);
    if (used.length > 0) throw new Problem(409, "in-use", `Release ${String(number)} has a roll-out, so it stays.`);
    const rows = await queryable.query("DELETE FROM exosphere.release WHERE number = $1 RETURNING number", [number]);
    if (rows.length === 0) throw new Problem(404, "release-unknown", `There is no release ${String(number)}.`);
    await writeAudit(queryable, actor, "release.remove", String(number));
  });
}

/** The program of each device, as it says itself. */
export async function listPrograms(queryable: Queryable): Promise<Programs> {
  return queryable.query<Row & Programs[number]>(`SELECT d.id AS device, d.name, d.board, d.firmware_version AS version, d.release, d.interpreter, d.update_state AS update,
      ${OUTSIDE_RANGE} AS "outsideRange"
    FROM exosphere.device d ${NEWEST_IMAGE}
    ORDER BY d.id`);
}
