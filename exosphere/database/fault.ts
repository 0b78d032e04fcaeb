/*
 * Faults of the database and of what it needs: they cost time, never a row.
 *
 * Input: an error that the request did not cause. Output: Problem 503 with what happened and the remedy; and
 * for the fleet page the last fault of each kind that this process met. Invariants: nothing was stored when this is
 * said, and the devices keep their rows; an error of the program's own SQL is no fault of the database.
 */
import { Problem } from "../http/problem";
import { present } from "../invariant";
import { isConnectionFailure } from "./postgres";

/** SQLSTATEs (PostgreSQL, appendix A), the most special first; what happened and what to do. */
const FAULTS: [codes: RegExp, problem: string, what: string, remedy: string][] = [
  [/^53100$/, "disk-full", "The disk of the database is full", "Once there is room again, uploads go on without a restart"],
  [/^25006$/, "not-ready", "The database is read-only", "Point DATABASE_URL at the primary, or end default_transaction_read_only"],
  [/^(55P03|57014|40...)$/, "not-ready", "The database is busy: a lock or a statement took too long", "Look into pg_stat_activity for who holds the lock; uploads go on when it is released"],
  [/^22023$/, "not-ready", "The database does not know a value of its own settings, such as a time zone", "Update the time zones of the database, or change the time zone of the table"],
  [/^22P05$/, "not-ready", "The encoding of the database lacks a character", "Use a database of encoding UTF8"],
  [/^(42P01|42703|3F000|3D000)$/, "not-ready", "A table or column of the endpoint is missing in the database", "Bring it back from a backup, or undo what was changed by hand"],
  [/^(42704|42883|58P01|F0000|0A000)$/, "not-ready", "The database lacks something that the endpoint uses", "See that extensions, collations and functions are there as before"],
  [/^42804$/, "not-ready", "A column of the database has another type than the endpoint gave it", "Undo what was changed by hand"],
  [/^23502$/, "not-ready", "A column that the endpoint leaves empty may not be empty in the database", "Give that column a default, or take its NOT NULL away"],
  [/^23514$/, "not-ready", "A partition is missing for what the endpoint writes", "Make it (docs/SCALE.md)"],
  [/^P0001$/, "not-ready", "A trigger of the database refuses what the endpoint writes", "Mend or remove the trigger; its message is beside this"],
  [/^(42501|28...)$/, "not-ready", "The endpoint's account may not do this in the database", "Give the account its rights back"],
  [/^XX/, "not-ready", "The database is damaged or met a fault of its own", "Look into its log, and restore a backup if it says so"],
  [/^(53|55|57|58)...$/, "not-ready", "The database cannot serve now", "Look into its log"],
];
const AWAY: [string, string] = ["The database does not answer", "See that it runs and can be reached"];

/** Problem 503 for a fault of the database; undefined for every other error. */
export function faultProblem(error: unknown): Problem | undefined {
  const { code: state, constraint } = (error ?? {}) as { code?: unknown; constraint?: unknown };
  // A rule with a name is one for values, and no fault.
  const code = constraint === undefined ? String(state) : "";
  const found = isConnectionFailure(error) ? undefined : FAULTS.find(([codes]) => codes.test(code));
  if (found === undefined && !isConnectionFailure(error)) return undefined;
  const [problem, what, remedy] = found === undefined ? ["not-ready", ...AWAY] as const : [found[1], found[2], found[3]];
  return new Problem(503, problem, `${what}; nothing was stored. ${remedy}.`);
}

export interface DatabaseFault {
  what: string;
  /** As the database told it; "" when it did not answer. */
  message: string;
  /** UTC seconds. */
  firstS: number;
  lastS: number;
  count: number;
}

const FAULTS_MAX = 20;
const MESSAGE_MAX = 200;

/** The faults that this process met since it started, one entry a kind. */
export class FaultLog {
  private readonly faults = new Map<string, DatabaseFault>();

  add(error: Error, nowS: number): void {
    const problem = faultProblem(error);
    if (problem === undefined) return;
    const message = isConnectionFailure(error) ? "" : error.message.slice(0, MESSAGE_MAX);
    const key = `${problem.detail} ${message}`;
    const before = this.faults.get(key);
    // The oldest kind makes room.
    if (before === undefined && this.faults.size === FAULTS_MAX) this.faults.delete(present(this.faults.keys().next().value, "a full log has an oldest entry"));
    this.faults.delete(key);
    this.faults.set(key, { what: problem.detail, message, firstS: before?.firstS ?? nowS, lastS: nowS, count: (before?.count ?? 0) + 1 });
  }

  /** Newest first. */
  list(): DatabaseFault[] {
    return [...this.faults.values()].reverse();
  }
}
