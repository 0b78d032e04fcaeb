/*
 * The secret that encrypts keys at rest: where it comes from, and whether it is the database's.
 *
 * Input: options and a database. Output: the secret. Invariant: it is never in the database, nor in a backup of it.
 */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Queryable } from "./database/database";
import { decryptAtRest, encryptAtRest } from "./devices/encrypt_at_rest";
import { onlyRow } from "./invariant";

export interface SecretOptions {
  /** Encrypts device keys; required with an outside database. */
  secret?: string;
  databaseUrl?: string;
  dataFolder?: string;
}

/** The secret of the options or of the data folder; undefined when there is none yet. */
export function knownSecret(options: SecretOptions): string | undefined {
  if (options.secret !== undefined) {
    if (options.secret.length < 16) throw new Error("the secret must have at least 16 characters");
    return options.secret;
  }
  if (options.databaseUrl !== undefined) throw new Error("an outside database needs a secret of your own (EXOSPHERE_SECRET), the same for every process");
  if (options.dataFolder === undefined) return undefined;
  const file = join(options.dataFolder, "secret");
  return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}

/** The same; a new one, kept in the data folder, when there is none yet. */
export function secretOf(options: SecretOptions): string {
  const known = knownSecret(options);
  if (known !== undefined) return known;
  const made = randomBytes(32).toString("hex");
  // Beside the database, not in it: a copy of the database alone cannot sign.
  if (options.dataFolder !== undefined) writeFileSync(join(options.dataFolder, "secret"), made, { mode: 0o600 });
  return made;
}

/** A wrong secret is noticed now, not when the first device is turned away. */
export async function checkSecret(queryable: Queryable, secret: string): Promise<void> {
  await queryable.query("INSERT INTO exosphere.setting (name, value) VALUES ('secretCheck', $1) ON CONFLICT DO NOTHING", [encryptAtRest(secret, Buffer.from("exosphere"))]);
  const { value } = onlyRow(await queryable.query<{ value: string }>("SELECT value FROM exosphere.setting WHERE name = 'secretCheck'"));
  try {
    decryptAtRest(secret, value);
  } catch (cause) {
    throw new Error("this secret is not the one that the database's keys are encrypted with", { cause });
  }
}
