/*
 * People and their cards, as the database knows them, with one version for the whole list.
 *
 * Input: requests of an administrator. Output: people, and the image for devices. Invariants: the version
 * moves with every change, in the same transaction; a uid belongs to one person; rows of the past keep
 * their text, because they never point here.
 */
import { writeAudit } from "../accounts/audit";
import type { Database, Queryable, Row } from "../database/database";
import { Problem } from "../http/problem";
import { checked } from "../http/schema/validation";
import { onlyRow } from "../invariant";
import { type Person, PersonDocument } from "./person_documents";
import { normalizedUid } from "./card";
import { moveIdentities } from "./identity";
import { usersImage } from "./users_image";

export interface StoredPerson extends Person { id: number }

const SELECT = `SELECT p.id, p.fields, p.valid_from AS "validFrom", p.valid_until AS "validUntil",
  COALESCE((SELECT json_agg(c.uid ORDER BY c.uid) FROM exosphere.card c WHERE c.person = p.id), '[]'::json) AS cards FROM exosphere.person p`;

export async function listPeople(queryable: Queryable): Promise<StoredPerson[]> {
  return queryable.query<Row & StoredPerson>(`${SELECT} WHERE p.deleted_at IS NULL ORDER BY p.id`);
}

/** Checks a document from outside; throws Problem 422 with each error. */
export function readPerson(document: unknown): Person {
  const person = checked(PersonDocument, document);
  const fields = Object.fromEntries(Object.entries(person.fields).map(([name, text]) => [name, text.normalize("NFC")]));
  return { ...person, fields, cards: [...new Set(person.cards.map(normalizedUid))] };
}

async function nextVersion(queryable: Queryable): Promise<void> {
  await queryable.query("UPDATE exosphere.users_version SET version = version + 1");
}

async function writeCards(queryable: Queryable, person: number, cards: string[]): Promise<void> {
  await queryable.query("DELETE FROM exosphere.card WHERE person = $1", [person]);
  for (const uid of cards) {
    const rows = await queryable.query("INSERT INTO exosphere.card (uid, person) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING uid", [uid, person]);
    if (rows.length === 0) throw new Problem(409, "card-taken", `The card ${uid} belongs to another user.`);
  }
}

const machineS = (): number => Math.floor(Date.now() / 1000);

/** Adds a person (`id` undefined) or replaces one; returns the id. `nowS`: UTC seconds at which a card or name changes hands. */
export async function savePerson(database: Database, id: number | undefined, document: unknown, actor: string, nowS = machineS()): Promise<number> {
  const person = readPerson(document);
  return database.transaction(async (queryable) => {
    const values = [JSON.stringify(person.fields), person.validFrom, person.validUntil];
    const rows = id === undefined
      ? await queryable.query<Row & { id: number }>("INSERT INTO exosphere.person (fields, valid_from, valid_until) VALUES ($1::jsonb, $2, $3) RETURNING id", values)
      : await queryable.query<Row & { id: number }>("UPDATE exosphere.person SET fields = $1::jsonb, valid_from = $2, valid_until = $3 WHERE id = $4 AND deleted_at IS NULL RETURNING id", [...values, id]);
    const [row] = rows;
    if (row === undefined) throw new Problem(404, "user-unknown", `There is no user ${id}.`);
    await writeCards(queryable, row.id, person.cards);
    await moveIdentities(queryable, row.id, { cards: person.cards, name: person.fields.name ?? "" }, nowS);
    await nextVersion(queryable);
    await writeAudit(queryable, actor, id === undefined ? "user.create" : "user.change", String(row.id), { cards: person.cards.length });
    return row.id;
  });
}

/** Takes a person off the list; what was theirs stays theirs on bills of the past. */
export async function deletePerson(database: Database, id: number, actor: string, nowS = machineS()): Promise<void> {
  await database.transaction(async (queryable) => {
    const rows = await queryable.query("UPDATE exosphere.person SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL RETURNING id", [id]);
    if (rows.length === 0) throw new Problem(404, "user-unknown", `There is no user ${id}.`);
    await writeCards(queryable, id, []);
    await moveIdentities(queryable, id, undefined, nowS);
    await nextVersion(queryable);
    await writeAudit(queryable, actor, "user.delete", String(id));
  });
}

/** Version and image, from one state of the database. */
export async function currentImage(database: Database): Promise<{ version: number; image: Buffer }> {
  return database.transaction(async (queryable) => {
    // The row lock holds changes off until the list has been read.
    const { version } = onlyRow(await queryable.query<Row & { version: number }>("SELECT version FROM exosphere.users_version FOR SHARE"));
    return { version, image: usersImage(await listPeople(queryable)) };
  });
}
