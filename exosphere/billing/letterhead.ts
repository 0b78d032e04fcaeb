/*
 * The letterhead of statements, as the database keeps it.
 *
 * Input: documents of administrators. Output: the letterhead; an empty one before the first. Invariant: a statement has
 * a copy of it, so a change never reaches what was issued.
 */
import { writeAudit } from "../accounts/audit";
import type { Database, Queryable, Row } from "../database/database";
import { type Letterhead, LetterheadDocument } from "./billing_documents";
import { checked } from "../http/schema/validation";

const SETTING = "letterhead";

export async function readLetterhead(queryable: Queryable): Promise<Letterhead> {
  const [row] = await queryable.query<Row & { value: string }>("SELECT value FROM exosphere.setting WHERE name = $1", [SETTING]);
  return checked(LetterheadDocument, row === undefined ? {} : JSON.parse(row.value) as unknown);
}

export async function saveLetterhead(database: Database, letterhead: Letterhead, actor: string): Promise<void> {
  await database.transaction(async (queryable) => {
    await queryable.query("INSERT INTO exosphere.setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value", [SETTING, JSON.stringify(letterhead)]);
    await writeAudit(queryable, actor, "letterhead.change", "", { ...letterhead, logo: letterhead.logo === "" ? "" : `${letterhead.logo.length} characters` });
  });
}
