/*
 * Texts that PostgreSQL can hold, and the verdict whether the request or the program caused an error of the database.
 *
 * Input: texts from outside; errors of the database. Output: texts that every statement can carry; a verdict.
 * Invariants: NUL and halves of characters, which neither text nor JSON of PostgreSQL can hold, become the sign
 * for an unknown character; only an error that speaks of a value is ever blamed on a row. Every other one is the
 * surroundings' (a zone or table that is missing, a read-only database, an encoding), so the row stays where it is.
 */

const UNKNOWN_CHARACTER = "\ufffd";

/** At most `length` characters of UTF-16, without NUL and without half a character. */
export function storableText(text: string, length = Infinity): string {
  return text.slice(0, length).replaceAll("\0", UNKNOWN_CHARACTER).replace(/\p{Cs}/gu, UNKNOWN_CHARACTER);
}

/**
 * SQLSTATEs (PostgreSQL, appendix A) that a single value can cause: out of range, no number, no date, too long, of
 * wrong characters; too large for an index. Not the whole classes: 22023 is also a time zone that the database does not
 * know, 22P05 a character that its encoding lacks.
 */
const VALUE_ERRORS = new Set(["22001", "22003", "22007", "22008", "22021", "22P02", "54000"]);
/**
 * Rules for values that the owner of the database gave the table: foreign key, unique, check, exclusion. Only one that has a name: without,
 * 23514 is a partition that is missing. Nor 23502: each row leaves columns empty that the endpoint does not fill.
 */
const RULE_ERRORS = new Set(["23503", "23505", "23514", "23P01"]);

export function isValueError(error: unknown): boolean {
  const { code, constraint } = (error ?? {}) as { code?: unknown; constraint?: unknown };
  return VALUE_ERRORS.has(String(code)) || (RULE_ERRORS.has(String(code)) && typeof constraint === "string");
}
