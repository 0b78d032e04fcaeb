/*
 * The password of "admin" that an operator sets by EXOSPHERE_ADMIN_PASSWORD.
 *
 * Input: the value of the variable at each start. Output: the account. Invariant: a value is applied once; a start
 * with the same value ends no session and undoes no password that was changed since, and another value, such as
 * for a password that was forgotten, is applied again.
 */
import type { Database } from "../database/database";
import { passwordIsRight, saveAccount } from "./account";
import { hashPassword, passwordMatches } from "./password";

const NAME = "admin";
const SETTING = "initialPassword";

/** True when the password was set now, false when this value was applied before. Throws Problem 422 for one that is not taken. */
export async function applyInitialPassword(database: Database, password: string): Promise<boolean> {
  const [row] = await database.query<{ value: string }>("SELECT value FROM exosphere.setting WHERE name = $1", [SETTING]);
  if (row !== undefined && await passwordMatches(password, row.value)) return false;
  // A database of an earlier release does not say which value was applied; the account does, unless its password was changed.
  const applied = row === undefined && await passwordIsRight(database, NAME, password);
  if (!applied) await saveAccount(database, NAME, password, "admin", "environment");
  await database.query("INSERT INTO exosphere.setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", [SETTING, await hashPassword(password)]);
  return !applied;
}
