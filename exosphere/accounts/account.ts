/*
 * People who may look or change: accounts, passwords, sessions, tokens, one-time links.
 *
 * Input: names and secrets. Output: the account. Invariants: passwords are kept as scrypt with a salt
 * of their own, secrets as SHA-256 only; a wrong name costs the same time as a wrong password; a link works
 * once.
 */
import { createHash, randomBytes } from "node:crypto";
import { writeAudit } from "./audit";
import type { Database, Queryable, Row } from "../database/database";
import { Problem } from "../http/problem";
import { checked } from "../http/schema/validation";
import { Account, type Principal } from "./account_documents";
import { hashPassword, NO_PASSWORD, passwordMatches, refuseCommonPassword } from "./password";

export const SESSION_S = 7 * 86_400;
const LINK_S = 900;

function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Throws Problem 409 when `name` is the only administrator; the others stay so until the transaction ends. */
async function keepAnAdmin(queryable: Queryable, name: string): Promise<void> {
  const admins = await queryable.query<Row & { name: string }>("SELECT name FROM exosphere.account WHERE role = 'admin' ORDER BY name FOR UPDATE");
  if (admins.length === 1 && admins[0]?.name === name) throw new Problem(409, "last-admin", "This is the last administrator; make another one first.");
}

export async function deleteAccount(database: Database, name: string, actor: string): Promise<void> {
  await database.transaction(async (queryable) => {
    await keepAnAdmin(queryable, name);
    const rows = await queryable.query("DELETE FROM exosphere.account WHERE name = $1 RETURNING name", [name]);
    if (rows.length === 0) throw new Problem(404, "account-unknown", "There is no such account.");
    await writeAudit(queryable, actor, "account.delete", name);
  });
}

export async function listAccounts(queryable: Queryable): Promise<Pick<Account, "name" | "role">[]> {
  return queryable.query<Row & Pick<Account, "name" | "role">>("SELECT name, role FROM exosphere.account ORDER BY name");
}

/** Makes an account, or gives an existing one a new password and role. Throws Problem 422 for an account that cannot be. */
export async function saveAccount(database: Database, name: string, password: string, role: Account["role"], actor: string): Promise<void> {
  checked(Account, { name, password, role });
  await refuseCommonPassword(password, name);
  const hash = await hashPassword(password);
  await database.transaction(async (queryable) => {
    if (role !== "admin") await keepAnAdmin(queryable, name);
    await queryable.query(
      `INSERT INTO exosphere.account (name, role, password_hash) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET role = excluded.role, password_hash = excluded.password_hash`, [name, role, hash]);
    // Sessions opened with the old password end.
    await queryable.query("DELETE FROM exosphere.credential WHERE account = $1", [name]);
    await writeAudit(queryable, actor, "account.save", name, { role });
  });
}

/** A new secret for an account that exists; `nowS` and `lifeS` are seconds. */
export async function issueSecret(database: Queryable, account: string, kind: "session" | "token" | "link", note: string, nowS: number, lifeS: number): Promise<string> {
  const secret = randomBytes(32).toString("base64url");
  await database.query("DELETE FROM exosphere.credential WHERE expires_at < to_timestamp($1::bigint)", [nowS]);
  await database.query(
    "INSERT INTO exosphere.credential (secret_hash, account, kind, note, expires_at) VALUES ($1, $2, $3, $4, to_timestamp($5::bigint))",
    [hashSecret(secret), account, kind, note, nowS + lifeS]);
  return secret;
}

/** A token for programs that act as `account`, for `days`; throws Problem 404 when there is no such account. */
export async function createToken(database: Database, account: string, note: string, days: number, actor: string, nowS: number): Promise<string> {
  return database.transaction(async (queryable) => {
    const found = await queryable.query("SELECT name FROM exosphere.account WHERE name = $1", [account]);
    if (found.length === 0) throw new Problem(404, "account-unknown", "There is no such account.");
    await writeAudit(queryable, actor, "token.create", account, { note, days });
    return issueSecret(queryable, account, "token", note, nowS, days * 86_400);
  });
}

/** Whether the password is that of the account; costs the same time when there is no such account. */
export async function passwordIsRight(queryable: Queryable, name: string, password: string): Promise<boolean> {
  const [row] = await queryable.query<Row & { password_hash: string }>("SELECT password_hash FROM exosphere.account WHERE name = $1", [name]);
  return await passwordMatches(password, row?.password_hash ?? NO_PASSWORD) && row !== undefined;
}

/** Gives an account another password and ends its sessions and tokens but the session of `session`, which asks. */
export async function changePassword(database: Database, name: string, password: string, session: string): Promise<void> {
  await refuseCommonPassword(password, name);
  const hash = await hashPassword(password);
  await database.transaction(async (queryable) => {
    await queryable.query("UPDATE exosphere.account SET password_hash = $2 WHERE name = $1", [name, hash]);
    await queryable.query("DELETE FROM exosphere.credential WHERE account = $1 AND secret_hash <> $2", [name, hashSecret(session)]);
    await writeAudit(queryable, name, "account.password", name);
  });
}

/** Exchanges a one-time link for a session and its account; undefined when it was used or is too old. */
export async function redeemLink(database: Queryable, secret: string, nowS: number): Promise<{ account: string; session: string } | undefined> {
  const [row] = await database.query<Row & { account: string }>(
    "DELETE FROM exosphere.credential WHERE secret_hash = $1 AND kind = 'link' AND expires_at > to_timestamp($2::bigint) RETURNING account", [hashSecret(secret), nowS]);
  return row === undefined ? undefined : { account: row.account, session: await issueSecret(database, row.account, "session", "by link", nowS, SESSION_S) };
}

/** Logs its first visitor in as an administrator, within 15 minutes. */
export async function issueLink(database: Database, nowS: number): Promise<string> {
  // An unknown random password: the account is usable by link only until a password is set.
  const password = await hashPassword(randomBytes(32).toString("hex"));
  // A person at the terminal can read the database anyway; but a viewer who is called admin stays a viewer.
  for (const name of ["admin", "terminal"]) {
    const update = name === "terminal" ? "UPDATE SET role = 'admin'" : "NOTHING";
    await database.query(`INSERT INTO exosphere.account (name, role, password_hash) VALUES ($1, 'admin', $2) ON CONFLICT (name) DO ${update}`, [name, password]);
    const found = await database.query("SELECT name FROM exosphere.account WHERE name = $1 AND role = 'admin'", [name]);
    if (found.length === 0) continue;
    await writeAudit(database, "terminal", "link.create", name);
    return issueSecret(database, name, "link", "", nowS, LINK_S);
  }
  throw new Error("no account could become an administrator's");
}

export async function whoIs(database: Database, secret: string, kind: "session" | "token", nowS: number): Promise<Principal | undefined> {
  const [row] = await database.query<Row & Principal>(
    `SELECT a.name AS account, a.role FROM exosphere.credential c JOIN exosphere.account a ON a.name = c.account
      WHERE c.secret_hash = $1 AND c.kind = $2 AND c.expires_at > to_timestamp($3::bigint)`, [hashSecret(secret), kind, nowS]);
  return row;
}

export async function logOut(database: Database, secret: string): Promise<void> {
  await database.query("DELETE FROM exosphere.credential WHERE secret_hash = $1", [hashSecret(secret)]);
}
