/*
 * Limits the guesses for one account, from however many addresses they come, without locking its owner out.
 *
 * Input: the typed name, the browser's cookie, UTC seconds. Output: whether the attempt may be judged. Invariants:
 * attempts of browsers that have logged in to the account before (OWASP's "device cookies") are counted apart, so a
 * stranger's guesses never stop them; a refused attempt costs no scrypt; names that no account has are limited
 * alike, so that a refusal tells nothing; the counts are in the database, for all processes together.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Queryable, Row } from "../database/database";

export const WINDOW_S = 900;
/** Wrong passwords in a window: of all unknown browsers together, and of each known one. */
export const ATTEMPTS_MAX = 20;
const UNKNOWN = "";

function accountKey(name: string): string {
  return createHash("sha256").update(name).digest("hex");
}

function cookieMac(secret: string, name: string, id: string): string {
  return createHmac("sha256", createHash("sha256").update(`exosphere browsers\n${secret}`).digest()).update(`${name}\n${id}`).digest("base64url");
}

/** The cookie of a browser that has logged in to the account `name`. */
export function browserCookie(secret: string, name: string): string {
  const id = randomBytes(16).toString("base64url");
  return `${id}.${cookieMac(secret, name, id)}`;
}

/** The browser of a cookie, when it has logged in to `name` before; "" otherwise. */
export function knownBrowser(secret: string, name: string, cookie: string | undefined): string {
  const [id = "", mac = ""] = (cookie ?? "").split(".");
  const expected = Buffer.from(cookieMac(secret, name, id));
  const given = Buffer.from(mac);
  return given.length === expected.length && timingSafeEqual(given, expected) ? id : UNKNOWN;
}

/** Counts an attempt; false when there were too many in this window. */
export async function takeAttempt(queryable: Queryable, name: string, browser: string, nowS: number): Promise<boolean> {
  await queryable.query("DELETE FROM exosphere.login_attempt WHERE since <= to_timestamp($1::bigint)", [nowS - WINDOW_S]);
  const [row] = await queryable.query<Row & { attempts: number }>(
    `INSERT INTO exosphere.login_attempt AS old (account, browser, attempts, since) VALUES ($1, $2, 1, to_timestamp($3::bigint))
       ON CONFLICT (account, browser) DO UPDATE SET attempts = old.attempts + 1 WHERE old.attempts < $4 RETURNING attempts`,
    [accountKey(name), browser, nowS, ATTEMPTS_MAX]);
  return row !== undefined;
}

/** Takes an attempt back that was right. */
export async function returnAttempt(queryable: Queryable, name: string, browser: string): Promise<void> {
  await queryable.query("UPDATE exosphere.login_attempt SET attempts = attempts - 1 WHERE account = $1 AND browser = $2 AND attempts > 0", [accountKey(name), browser]);
}
