/*
 * Whether an interpreter can open a TLS connection: a plain 32-bit build has no memory for one beside a program.
 *
 * Input: the interpreter's path. Output: "" or the reason for skipping what needs TLS. Invariant: it is tried, with
 * as much memory taken as the product takes: a server of our own waits for the first byte of a TLS handshake.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The first byte of a TLS record that carries a handshake. */
const HANDSHAKE = 22;
const PATIENCE_MS = 60000;
/** An interpreter with fewer variables is as small as a board, and is filled as the product fills it. */
const SMALL_VARIABLES = 3000;
const FREE_VARIABLES = 1300;

function script(port: number): string {
  return `var full=[];if(process.memory().total<${String(SMALL_VARIABLES)})while(process.memory(0).free>${String(FREE_VARIABLES)})full.push([]);` +
    `var q=require("http").request({protocol:"https:",method:"GET",host:"127.0.0.1",port:${String(port)},path:"/",headers:{}},function(){});` +
    "q.on(\"error\",function(){});q.end();setTimeout(function(){},60000);";
}

/** The first byte that the interpreter at `path` sends to a TLS server; -1 when it ends or waits too long before. */
function firstByte(path: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "sdc-tls-"));
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", (data) => { end(data[0]!); });
    });
    let stop = (): void => undefined;
    const end = (byte: number): void => {
      stop();
      server.close();
      rmSync(folder, { recursive: true, force: true });
      resolve(byte);
    };
    server.listen(0, "127.0.0.1", () => {
      writeFileSync(join(folder, "script.js"), script((server.address() as AddressInfo).port), "latin1");
      const child = spawn(path, ["script.js"], { cwd: folder, stdio: ["pipe", "ignore", "ignore"] });
      const timer = setTimeout(() => { end(-1); }, PATIENCE_MS);
      stop = () => {
        clearTimeout(timer);
        child.removeAllListeners();
        child.kill("SIGKILL");
      };
      child.on("error", () => { end(-1); });
      child.on("exit", () => { end(-1); });
    });
  });
}

/** Why tests over TLS cannot run on the interpreter `name` at `path`, "" when they can. */
export async function tlsAbsence(name: string, path: string): Promise<string> {
  if (path === "" || await firstByte(path) === HANDSHAKE) return "";
  return `HTTPS on ${name}; its TLS takes its memory out of the program's and finds none (docs/PLATFORMS.md says which build has it)`;
}
