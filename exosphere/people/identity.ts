/*
 * Which person a row is of: by the card or the name in it, and who held that card or bore that name at the time.
 *
 * Input: changes of the list of people; texts of rows. Output: the ids of people. Invariants: what a person ever held
 * stays known, also when the person is renamed, gets another card or leaves the list; texts that differ only in case,
 * blanks or Unicode form are one; a card or name that two people had is given to neither without a moment that decides.
 */
import type { Queryable, Row } from "../database/database";
import { normalizedUid } from "./card";

export type IdentityKind = "card" | "name";
interface Held { person: number; sinceS: number; untilS: number | null }

/** A name as it is compared. */
export function nameKey(name: string): string {
  return name.normalize("NFKC").toLowerCase().normalize("NFC").trim().replace(/\s+/gu, " ");
}

/** A card as it is compared. */
export function identityKey(kind: IdentityKind, text: string): string {
  return kind === "card" ? normalizedUid(text) : nameKey(text);
}

/** Everything of one kind that people held. */
export class Holders {
  private readonly held = new Map<string, Held[]>();
  add(kind: IdentityKind, value: string, one: Held): void {
    const key = `${kind} ${value}`;
    this.held.set(key, [...this.held.get(key) ?? [], one]);
  }

  /**
   * The one who held it at that moment (UTC seconds); where none did, the only one who ever did, because a card is often
   * used before it is registered, and a board may write an old name for a while. Undefined: none, or not to be decided.
   */
  personOf(kind: IdentityKind, text: string, atS: number): number | undefined {
    const all = this.held.get(`${kind} ${identityKey(kind, text)}`) ?? [];
    const then = all.filter(({ sinceS, untilS }) => sinceS <= atS && (untilS === null || atS < untilS));
    const people = new Set((then.length > 0 ? then : all).map(({ person }) => person));
    return people.size === 1 ? [...people][0] : undefined;
  }
}

export async function readHolders(queryable: Queryable): Promise<Holders> {
  const holders = new Holders();
  for (const { kind, value, ...held } of await queryable.query<Row & Held & { kind: IdentityKind; value: string }>(`SELECT kind, value, person, since_s AS "sinceS", until_s AS "untilS" FROM exosphere.identity`)) holders.add(kind, value, held);
  return holders;
}

/** Cards and name of a person from now on; undefined for one who leaves. Inside the transaction of the change. */
export async function moveIdentities(queryable: Queryable, person: number, now: { cards: string[]; name: string } | undefined, nowS: number): Promise<void> {
  const wanted = new Map<string, { kind: IdentityKind; spelling: string }>();
  for (const spelling of now?.cards ?? []) wanted.set(`card ${spelling}`, { kind: "card", spelling });
  if (now !== undefined && nameKey(now.name) !== "") wanted.set(`name ${now.name}`, { kind: "name", spelling: now.name });
  const open = await queryable.query<Row & { id: number; kind: string; spelling: string }>("SELECT id, kind, spelling FROM exosphere.identity WHERE person = $1 AND until_s IS NULL", [person]);
  for (const { id, kind, spelling } of open) {
    if (!wanted.delete(`${kind} ${spelling}`)) await queryable.query("UPDATE exosphere.identity SET until_s = GREATEST($2::bigint, since_s) WHERE id = $1", [id, nowS]);
  }
  for (const { kind, spelling } of wanted.values()) {
    const value = identityKey(kind, spelling);
    const others = await queryable.query("SELECT 1 FROM exosphere.identity WHERE kind = $1 AND value = $2 AND person <> $3 LIMIT 1", [kind, value, person]);
    // Of the first holder since ever: sessions come before registration.
    await queryable.query("INSERT INTO exosphere.identity (person, kind, value, spelling, since_s) VALUES ($1, $2, $3, $4, $5)", [person, kind, value, spelling, others.length === 0 ? 0 : nowS]);
  }
}

/**
 * Texts by which rows may name the people to whom a name or card belongs or belonged: all their names, as they were
 * written and in both Unicode forms, and the cards that only they ever had.
 */
export async function spellingsOf(queryable: Queryable, typed: string): Promise<string[]> {
  const rows = await queryable.query<Row & { kind: IdentityKind; spelling: string }>(
    `SELECT i.kind, i.spelling FROM exosphere.identity i
      WHERE i.person IN (SELECT person FROM exosphere.identity WHERE (kind = 'name' AND value = $1) OR (kind = 'card' AND value = $2))
        AND (i.kind = 'name' OR NOT EXISTS (SELECT 1 FROM exosphere.identity o WHERE o.kind = 'card' AND o.value = i.value AND o.person <> i.person))`, [nameKey(typed), identityKey("card", typed)]);
  return [...new Set(rows.flatMap(({ kind, spelling }) => kind === "card" ? [spelling] : [spelling, spelling.normalize("NFC"), spelling.normalize("NFD")]))];
}

/** For people from before identities were kept, once. */
export async function gatherIdentities(queryable: Queryable): Promise<void> {
  const people = await queryable.query<Row & { id: number; name: string | null; cards: string[] }>(
    `SELECT p.id, p.fields->>'name' AS name, COALESCE((SELECT json_agg(c.uid) FROM exosphere.card c WHERE c.person = p.id), '[]'::json) AS cards FROM exosphere.person p ORDER BY p.id`);
  for (const { id, name, cards } of people) {
    await moveIdentities(queryable, id, { cards, name: name ?? "" }, 0);
  }
}
