/*
 * The owners of sessions: rows of a period by person, and the rest by card or name.
 *
 * Input: table and period. Output: rows by person; groups of one unknown card, one unknown name, or neither.
 * Invariants: each row is in exactly one place; what an administrator assigned by hand comes first, then the card, then
 * the name.
 */
import type { Queryable, Row } from "../database/database";
import { type Holders, identityKey, readHolders } from "../people/identity";
import type { TableSchema } from "../tables/table_documents";
import { type Period, readBilledRows } from "./billed_row";
import type { BilledRow } from "./billing_documents";

export interface Group { group: string; label: string; rows: BilledRow[] }
export interface Attribution { byPerson: Map<number, BilledRow[]>; groups: Group[]; all: BilledRow[] }

/** Device and key of a row, as a text. */
export function placeOf({ device, key }: Pick<BilledRow, "device" | "key">): string {
  return `${device}/${key}`;
}

/** The group of a row that is of no person. */
function groupOf({ card, name }: BilledRow): { group: string; label: string } {
  if (card.trim() !== "") return { group: `card:${identityKey("card", card)}`, label: card };
  return name.trim() === "" ? { group: "neither", label: "" } : { group: `name:${identityKey("name", name)}`, label: name };
}

/** `assigned`: people by place of the row. Pure. */
export function attribute(rows: BilledRow[], holders: Holders, assigned: Map<string, number>): Attribution {
  const byPerson = new Map<number, BilledRow[]>();
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const atS = Date.parse(row.end) / 1000;
    const byText = row.card.trim() === "" ? undefined : holders.personOf("card", row.card, atS);
    const person = assigned.get(placeOf(row)) ?? byText ?? (row.name.trim() === "" ? undefined : holders.personOf("name", row.name, atS));
    if (person !== undefined) {
      const list = byPerson.get(person);
      if (list === undefined) byPerson.set(person, [row]);
      else list.push(row);
      continue;
    }
    const { group, label } = groupOf(row);
    const found = groups.get(group) ?? { group, label, rows: [] };
    found.rows.push(row);
    groups.set(group, found);
  }
  // Sessions of neither card nor name last.
  const sorted = [...groups.values()].sort((one, other) => Number(one.group === "neither") - Number(other.group === "neither") || (one.label < other.label ? -1 : 1));
  return { byPerson, groups: sorted, all: rows };
}

export async function readAttribution(queryable: Queryable, table: TableSchema, period: Period): Promise<Attribution> {
  const rows = await readBilledRows(queryable, table, period);
  const assigned = await queryable.query<Row & { device: string; key: number; person: number }>("SELECT device, row_key AS key, person FROM exosphere.row_assignment WHERE table_id = $1", [table.id]);
  return attribute(rows, await readHolders(queryable), new Map(assigned.map((row) => [placeOf(row), row.person])));
}
