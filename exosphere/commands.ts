/*
 * The commands of the endpoint beside running it: `backup FILE` and `restore FILE`.
 *
 * Input: the settings of the endpoint. Output: a file, or a database in the place that the settings name. Invariants: a
 * backup makes no new database; while the endpoint runs on the embedded database, the running process makes the backup.
 */
import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { backUp, restore } from "./backup/backup_file";
import type { Database } from "./database/database";
import { FolderInUse } from "./database/data_folder";
import { openEmbedded } from "./database/embedded_database";
import { openPostgres } from "./database/postgres";
import { knownSecret } from "./secret";
import type { ServerOptions } from "./start_server";

const nowS = (): number => Math.floor(Date.now() / 1000);

async function open({ databaseUrl, dataFolder }: ServerOptions): Promise<Database> {
  return databaseUrl === undefined ? openEmbedded(dataFolder) : openPostgres(databaseUrl, 1);
}

/** The backup of a running endpoint, with a token of an administrator. */
async function fetchBackup(options: ServerOptions, token: string | undefined, path: string): Promise<void> {
  const { host = "127.0.0.1", port = 8090 } = options;
  const place = ["0.0.0.0", "::"].includes(host) ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  const origin = `http://${place}:${port}`;
  const url = `${origin}/api/v1/backup`;
  if (token === undefined) throw new Error("the endpoint runs on this data folder: set EXOSPHERE_TOKEN to a token of an administrator (POST /api/v1/tokens), and the running endpoint makes the backup");
  if (existsSync(path)) throw new Error(`${path} exists; choose another name`);
  let answer: Response;
  try {
    answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  } catch (cause) {
    throw new Error(`EXOSPHERE_PORT: the endpoint that runs on this data folder does not answer at ${origin}; set it to the port that the endpoint listens on`, { cause });
  }
  if (!answer.ok || answer.body === null) throw new Error(`${url} answered ${answer.status}: ${(await answer.text()).slice(0, 200)}`);
  const part = `${path}.part`;
  try {
    await pipeline(Readable.fromWeb(answer.body), createWriteStream(part, { mode: 0o600, flags: "wx" }));
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

async function makeBackup(options: ServerOptions, token: string | undefined, path: string): Promise<string> {
  const { databaseUrl, dataFolder = "" } = options;
  if (databaseUrl === undefined && !existsSync(join(dataFolder, "database"))) throw new Error(`EXOSPHERE_DATA: there is no database in ${dataFolder}`);
  let database: Database;
  try {
    database = await open(options);
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error;
    await fetchBackup(options, token, path);
    return `${path} written by the running endpoint. The secret is not in it: keep a copy of it somewhere else.\n`;
  }
  try {
    await backUp(database, path, nowS());
  } finally {
    await database.close();
  }
  return `${path} written. The secret is not in it: keep a copy of it somewhere else.\n`;
}

async function restoreBackup(options: ServerOptions, path: string): Promise<string> {
  const secret = knownSecret(options);
  if (secret === undefined) throw new Error(`the secret of the old endpoint is missing: put it into ${join(options.dataFolder ?? "", "secret")}, or set EXOSPHERE_SECRET`);
  if (!existsSync(path)) throw new Error(`there is no file ${path}`);
  const made = options.databaseUrl === undefined && options.dataFolder !== undefined ? mkdirSync(options.dataFolder, { recursive: true, mode: 0o700 }) : undefined;
  try {
    const database = await open(options);
    try {
      return `${await restore(database, secret, path)} rows restored. Start the endpoint.\n`;
    } finally {
      await database.close();
    }
  } catch (error) {
    // This command made it for the restore alone; a folder that was there before stays.
    if (made !== undefined) rmSync(made, { recursive: true, force: true });
    throw error;
  }
}

/** The text of `npm run endpoint -- --help`. */
export const HELP = `Usage: npm run endpoint                      run the endpoint; Ctrl-C ends it
       npm run endpoint -- backup FILE       write a backup of its database
       npm run endpoint -- restore FILE      restore one into a place where no database is

Settings are variables of the environment, such as EXOSPHERE_PORT=8091 npm run endpoint:
  EXOSPHERE_PORT, EXOSPHERE_HOST     where it listens (8090, 127.0.0.1)
  EXOSPHERE_DATA                     folder of the embedded database and of the secret (data/exosphere)
  DATABASE_URL, EXOSPHERE_SECRET     a PostgreSQL server instead, and the secret that it needs then
  EXOSPHERE_ADMIN_PASSWORD           the first password of admin; without it a link is printed that logs in once
  EXOSPHERE_TRUSTED_PROXIES          proxies whose X-Forwarded-For is believed, or loopback
  EXOSPHERE_ACCESS_LOG               a line of JSON for each request: - or a file
  EXOSPHERE_TOKEN                    for backup while the endpoint runs: a token of an administrator
docs/ENDPOINT.md has all of it.
`;

/** Runs a command; the text to print. `token`: of an administrator, for a running endpoint. Throws with what to do. */
export async function runCommand(command: string, paths: string[], options: ServerOptions, token: string | undefined): Promise<string> {
  const [path] = paths;
  if (command !== "backup" && command !== "restore") throw new Error(`"${command}" is no command: there are backup FILE and restore FILE; settings are variables, such as EXOSPHERE_PORT=8091 npm run endpoint`);
  if (path === undefined || paths.length > 1) throw new Error(`${command} takes one file: npm run endpoint -- ${command} FILE`);
  return command === "backup" ? makeBackup(options, token, path) : restoreBackup(options, path);
}
