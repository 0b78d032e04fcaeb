/*
 * One attempt to log in, by password or by one-time link.
 *
 * Input: what was typed, the browser's cookie, the address it came from. Output: a session, or Problem 401 or 429.
 * Invariants: guesses are limited before they are judged; right and wrong attempts for accounts that exist are in
 * the audit, so its size is bounded by the limit; a name that no account has leaves no line.
 */
import type { Context } from "../http/context";
import { Problem } from "../http/problem";
import { issueSecret, passwordIsRight, redeemLink, SESSION_S } from "./account";
import { writeAudit } from "./audit";
import { knownBrowser, returnAttempt, takeAttempt, WINDOW_S } from "./login_limit";

export type Attempt = { name: string; password: string } | { link: string };
export interface LoggedIn { account: string; session: string }

const wrong = (): Problem => new Problem(401, "wrong-login", "Wrong name, password or link.");

/** `address` is for the audit. */
export async function logIn({ database, secret, accountNowS }: Pick<Context, "database" | "secret" | "accountNowS">, attempt: Attempt, cookie: string | undefined, address: string): Promise<LoggedIn> {
  const nowS = accountNowS();
  if ("link" in attempt) {
    return database.transaction(async (queryable) => {
      const found = await redeemLink(queryable, attempt.link, nowS);
      if (found === undefined) throw wrong();
      await writeAudit(queryable, found.account, "login", found.account, { address, by: "link" });
      return found;
    });
  }
  const { name, password } = attempt;
  await judge(database, secret, name, password, cookie, address, nowS);
  return database.transaction(async (queryable) => {
    await writeAudit(queryable, name, "login", name, { address, by: "password" });
    return { account: name, session: await issueSecret(queryable, name, "session", "", nowS, SESSION_S) };
  });
}

/** Throws Problem 401 for a wrong password and 429 for too many; also for a change of password. */
export async function judge(database: Context["database"], secret: string, name: string, password: string, cookie: string | undefined, address: string, nowS: number): Promise<void> {
  const browser = knownBrowser(secret, name, cookie);
  if (!await takeAttempt(database, name, browser, nowS)) {
    throw new Problem(429, "too-many-guesses", `Too many wrong passwords for this account. Wait ${WINDOW_S / 60} minutes, use a browser that has logged in to it before, or take a new log-in link from the terminal of the server.`);
  }
  if (await passwordIsRight(database, name, password)) {
    await returnAttempt(database, name, browser);
    return;
  }
  const known = await database.query("SELECT name FROM exosphere.account WHERE name = $1", [name]);
  if (known.length > 0) await writeAudit(database, "", "login.wrong", name, { address });
  throw wrong();
}
