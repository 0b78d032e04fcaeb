/*
 * Runs the endpoint on its own: `npm run endpoint`; or backs it up and restores it (commands.ts).
 *
 * Input: environment variables, listed in docs/ENDPOINT.md. Output: a running server, and on the
 * terminal how to get in. Invariants: loopback and the embedded database unless told otherwise; ends in
 * order at SIGINT and SIGTERM; a setting that cannot work ends it with one line and exit code 2.
 */
import { createWriteStream } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { applyInitialPassword } from "./accounts/initial_password";
import { HELP, runCommand } from "./commands";
import { Problem } from "./http/problem";
import { type RunningServer, type ServerOptions, startServer } from "./start_server";

/** Addresses, networks and names such as loopback, between commas. */
function proxiesOf(text: string): string[] {
  const proxies = text.split(",").map((one) => one.trim()).filter((one) => one !== "");
  for (const proxy of proxies) {
    const [address = "", bits = "0"] = proxy.split("/");
    const right = ["loopback", "linklocal", "uniquelocal"].includes(proxy) || (isIP(address) !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (isIP(address) === 4 ? 32 : 128));
    if (!right) throw new Error(`EXOSPHERE_TRUSTED_PROXIES: ${proxy} is no address or network; write such as 127.0.0.1, 10.0.0.0/8 or loopback`);
  }
  return proxies;
}

/** "-" is the standard output; anything else a file that is added to. */
function accessLogOf(place: string): NodeJS.WritableStream {
  if (place === "-") return process.stdout;
  const file = createWriteStream(place, { flags: "a", mode: 0o640 });
  // The endpoint goes on without its log.
  file.on("error", (error) => { process.stderr.write(`exosphere: EXOSPHERE_ACCESS_LOG: nothing can be written to ${place} (${error.message})\n`); });
  return file;
}

function optionsOf(environment: NodeJS.ProcessEnv): ServerOptions {
  const port = Number(environment.EXOSPHERE_PORT ?? "8090");
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error("EXOSPHERE_PORT must be 0 … 65535");
  return {
    port, host: environment.EXOSPHERE_HOST ?? "127.0.0.1",
    trustedProxies: proxiesOf(environment.EXOSPHERE_TRUSTED_PROXIES ?? ""),
    ...environment.EXOSPHERE_ACCESS_LOG === undefined ? {} : { accessLog: accessLogOf(environment.EXOSPHERE_ACCESS_LOG) },
    ...environment.EXOSPHERE_SECRET === undefined ? {} : { secret: environment.EXOSPHERE_SECRET },
    ...environment.DATABASE_URL === undefined ? { dataFolder: environment.EXOSPHERE_DATA ?? join(process.cwd(), "data", "exosphere") } : { databaseUrl: environment.DATABASE_URL },
  };
}

async function main(): Promise<RunningServer> {
  const options = optionsOf(process.env);
  // To make or repair a database takes seconds.
  process.stdout.write("Exosphere is starting …\n");
  const server = await startServer(options);
  const password = process.env.EXOSPHERE_ADMIN_PASSWORD;
  let isApplied = false;
  if (password !== undefined) {
    try {
      isApplied = await applyInitialPassword(server.database, password);
    } catch (error) {
      await server.close();
      if (!(error instanceof Problem)) throw error;
      throw new Error(error.detail.startsWith("/password ") ? error.detail.replace("/password", "EXOSPHERE_ADMIN_PASSWORD") : `EXOSPHERE_ADMIN_PASSWORD: ${error.detail}`);
    }
  }
  process.stdout.write(`Exosphere listens on ${server.url}\n`);
  process.stdout.write(password === undefined ? `Log in within 15 minutes, once: ${await server.loginLink()}\n` : isApplied ? "Log in as admin with EXOSPHERE_ADMIN_PASSWORD.\n" : "Log in as admin; its password is as it was left (EXOSPHERE_ADMIN_PASSWORD was applied before).\n");
  return server;
}

/** The system's error about a setting, with the setting's name and the remedy; other messages name theirs already. */
function explained(error: NodeJS.ErrnoException): string {
  const code = error.code ?? "";
  if (code === "EADDRINUSE") return `EXOSPHERE_PORT: something listens on ${process.env.EXOSPHERE_PORT ?? "8090"} already; end it, or choose another port`;
  if (code === "EACCES" && error.syscall === "listen") return `EXOSPHERE_PORT: this account may not listen on ${String(process.env.EXOSPHERE_PORT)}; choose a port from 1024 on`;
  if (code === "EADDRNOTAVAIL") return `EXOSPHERE_HOST: this machine has no address ${String(process.env.EXOSPHERE_HOST)}; 127.0.0.1 is this machine alone, 0.0.0.0 every network it is in`;
  if (process.env.DATABASE_URL !== undefined && ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EHOSTUNREACH"].includes(code)) return `DATABASE_URL: no PostgreSQL answers there (${error.message}); write postgres://user:password@host:5432/database, and see that it runs`;
  // A command has files of its own, which the message names.
  if (command === undefined && ["EEXIST", "ENOTDIR", "EACCES", "EROFS"].includes(code)) return `EXOSPHERE_DATA: no folder can be made or written there (${error.message}); choose another`;
  return error.message;
}

const [command, ...paths] = process.argv.slice(2);
if (command === "--help" || command === "-h" || command === "help") process.stdout.write(HELP);
else if (command !== undefined) {
  Promise.resolve().then(() => runCommand(command, paths, optionsOf(process.env), process.env.EXOSPHERE_TOKEN)).then((text) => { process.stdout.write(text); }, (error: Error) => {
    process.stderr.write(`exosphere: ${explained(error)}\n`);
    process.exit(2);
  });
} else main().then((server) => {
  const end = (): void => { void server.close().then(() => process.exit(0)); };
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
}, (error: Error) => {
  process.stderr.write(`exosphere: ${explained(error)}\n`);
  process.exit(2);
});
