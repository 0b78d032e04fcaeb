/*
 * Opens the database, brings it up to date, and listens.
 *
 * Input: options. Output: address, database and a function that ends all of it. Invariants: listens on
 * loopback unless told otherwise; with an outside database the secret must be given, because a second
 * process needs the same one.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { issueLink } from "./accounts/account";
import { type Context, DEFAULT_LIMITS, type Limits } from "./http/context";
import type { Database } from "./database/database";
import { FaultLog } from "./database/fault";
import { openEmbedded } from "./database/embedded_database";
import { migrate } from "./database/migrations";
import { openPostgres } from "./database/postgres";
import { encryptAtRest, decryptAtRest } from "./devices/encrypt_at_rest";
import { buildServer } from "./http/server";
import { onlyRow } from "./invariant";

export interface ServerOptions {
  /** 0 takes any free port. */
  port?: number;
  /** Loopback by default. */
  host?: string;
  /** Folder of the embedded database and its secret; left out: in memory. */
  dataFolder?: string;
  /** postgres://… of an outside database, instead of the embedded one. */
  databaseUrl?: string;
  connections?: number;
  /** Encrypts device keys; required with `databaseUrl`. */
  secret?: string;
  limits?: Partial<Limits>;
  /** Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses, networks such as 10.0.0.0/8, or loopback. */
  trustedProxies?: string[];
  /** UTC seconds for devices and rows, and for accounts, links and tokens; both are the machine's clock by default. */
  nowS?: () => number;
  accountNowS?: () => number;
  onFault?: (error: Error) => void;
}

export interface RunningServer {
  /** http://host:port, without a slash at the end. */
  url: string;
  database: Database;
  secret: string;
  context: Context;
  /** An address that logs its first visitor in as an administrator, within 15 minutes. */
  loginLink(): Promise<string>;
  close(): Promise<void>;
}

function secretOf(options: ServerOptions): string {
  if (options.secret !== undefined) {
    if (options.secret.length < 16) throw new Error("the secret must have at least 16 characters");
    return options.secret;
  }
  if (options.databaseUrl !== undefined) throw new Error("an outside database needs a secret of your own (EXOSPHERE_SECRET), the same for every process");
  if (options.dataFolder === undefined) return randomBytes(32).toString("hex");
  const file = join(options.dataFolder, "secret");
  // Beside the database, not in it: a copy of the database alone cannot sign.
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString("hex"), { mode: 0o600 });
  return readFileSync(file, "utf8").trim();
}

/** A wrong secret is noticed now, not when the first device is turned away. */
async function checkSecret(database: Database, secret: string): Promise<void> {
  await database.query("INSERT INTO exosphere.setting (name, value) VALUES ('secretCheck', $1) ON CONFLICT DO NOTHING", [encryptAtRest(secret, Buffer.from("exosphere"))]);
  const { value } = onlyRow(await database.query<{ value: string }>("SELECT value FROM exosphere.setting WHERE name = 'secretCheck'"));
  try {
    decryptAtRest(secret, value);
  } catch (cause) {
    throw new Error("this secret is not the one that the database's keys are encrypted with", { cause });
  }
}

export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  if (options.dataFolder !== undefined) mkdirSync(options.dataFolder, { recursive: true, mode: 0o700 });
  const secret = secretOf(options);
  const database = options.databaseUrl !== undefined
    ? openPostgres(options.databaseUrl, options.connections ?? 10)
    : await openEmbedded(options.dataFolder);
  try {
    await migrate(database);
    await checkSecret(database, secret);
    const machineS = (): number => Math.floor(Date.now() / 1000);
    const context: Context = { database, secret, limits: { ...DEFAULT_LIMITS, ...options.limits }, trustedProxies: options.trustedProxies ?? [], nowS: options.nowS ?? machineS, accountNowS: options.accountNowS ?? machineS, faults: new FaultLog() };
    const server = await buildServer(context, options.onFault ?? ((error) => { process.stderr.write(`exosphere: ${error.stack ?? error.message}\n`); }));
    const host = options.host ?? "127.0.0.1";
    await server.listen({ host, port: options.port ?? 8090 });
    const address = server.server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
    return {
      url, database, secret, context,
      // Behind "#", so that it stays out of logs and of Referer headers.
      loginLink: async () => `${url}/login.html#${await issueLink(database, context.accountNowS())}`,
      async close() {
        await server.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
