/*
 * Names of time zones that mean one thing, here and in the database.
 *
 * Input: a name. Output: what is wrong with it. Invariants: a name that PostgreSQL reads as an abbreviation, with one
 * offset all year (PostgreSQL 18, section 8.5.3), and others as a zone with summer time, is refused with the name to
 * write; whichever rules a name has, the database applies them, for days, months and times in files alike.
 */
import type { Queryable } from "../database/database";

/** Abbreviations that are names of zones too, each with a zone of a place that has the rules of the zone. */
export const AMBIGUOUS_ZONES: Record<string, string> = {
  CET: "Europe/Brussels", MET: "Europe/Brussels", EET: "Europe/Athens", WET: "Europe/Lisbon",
  PST: "America/Los_Angeles", CST: "America/Chicago", AST: "America/Anchorage", ACT: "Australia/Darwin", IST: "Asia/Kolkata", BST: "Asia/Dhaka",
};

function isKnownHere(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    // RangeError is how Intl says that it does not know the name.
    return false;
  }
}

/** Undefined when `name` is right. */
export function timeZoneError(name: string): string | undefined {
  if (!isKnownHere(name)) return "must be an IANA time zone such as Europe/Berlin";
  const place = AMBIGUOUS_ZONES[name.toUpperCase()];
  return place === undefined ? undefined : `is an abbreviation, which has no summer time everywhere; write the zone of a place, such as ${place}`;
}

/** PostgreSQL's word for a setting or zone that it does not know. */
const INVALID_PARAMETER = "22023";

/** Whether the database can tell the time of this zone; its list may be older than ours. Inside a transaction, which goes on. */
export async function isKnownZone(queryable: Queryable, name: string): Promise<boolean> {
  // The view of all names reads hundreds of files; one try reads one.
  await queryable.query("SAVEPOINT zone");
  try {
    await queryable.query("SELECT now() AT TIME ZONE $1", [name]);
  } catch (error) {
    if ((error as { code?: unknown }).code !== INVALID_PARAMETER) throw error;
    await queryable.query("ROLLBACK TO SAVEPOINT zone");
    return false;
  }
  await queryable.query("RELEASE SAVEPOINT zone");
  return true;
}
