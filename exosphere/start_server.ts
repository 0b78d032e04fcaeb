/*
 * Opens the database, brings it up to date, and listens.
 *
 * Input: options. Output: address, database and a function that ends all of it. Invariants: listens on
 * loopback unless told otherwise; with an outside database the secret must be given, because a second
 * process needs the same one.
 */
import { mkdirSync } from "node:fs";
import { issueLink } from "./accounts/account";
import { PdfPool } from "./billing/pdf_pool";
import { type Context, DEFAULT_LIMITS, type Limits } from "./http/context";
import type { Database } from "./database/database";
import { keptSystemClock } from "./devices/own_clock";
import { FaultLog } from "./database/fault";
import { openEmbedded } from "./database/embedded_database";
import { migrate } from "./database/migrations";
import { openPostgres } from "./database/postgres";
import { Metrics } from "./http/metrics";
import { buildServer } from "./http/server";
import { checkSecret, secretOf } from "./secret";

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
  /** Tells whether that clock is synchronised; the operating system by default. */
  systemClock?: Context["systemClock"];
  onFault?: (error: Error) => void;
  /** Takes a line of JSON for each request; none by default. */
  accessLog?: Context["accessLog"];
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
    const context: Context = { database, secret, limits: { ...DEFAULT_LIMITS, ...options.limits }, trustedProxies: options.trustedProxies ?? [], nowS: options.nowS ?? machineS, systemClock: options.systemClock ?? keptSystemClock(), accountNowS: options.accountNowS ?? machineS, faults: new FaultLog(), metrics: new Metrics(), papers: new PdfPool(), accessLog: options.accessLog };
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
        await context.papers.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
