/*
 * The endpoint started by hand with settings that cannot work.
 *
 * Input: environment variables. Output: test results. Invariant: one line that names the variable, exit code 2,
 * never a stack trace; nothing keeps listening.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../tools/root";

/** Settings that are refused before anything starts. */
function isReadFirst(line: string): boolean {
  return line.startsWith("EXOSPHERE_PORT must") || line.startsWith("EXOSPHERE_TRUSTED_PROXIES");
}

describe("the endpoint started by hand", function () {
  this.timeout(90_000);
  let folder: string;

  before(() => { folder = mkdtempSync(join(tmpdir(), "exosphere-main-")); });
  after(() => { rmSync(folder, { recursive: true }); });

  for (const [title, variables, line] of [
    ["refuses a short password by the variable's name", { EXOSPHERE_PORT: "0", EXOSPHERE_ADMIN_PASSWORD: "short" }, "EXOSPHERE_ADMIN_PASSWORD must be a password of 10 to 200 characters"],
    ["refuses a proxy that is not an address", { EXOSPHERE_PORT: "0", EXOSPHERE_TRUSTED_PROXIES: "10.0.0.1, my-proxy" }, "EXOSPHERE_TRUSTED_PROXIES: my-proxy is no address or network; write such as 127.0.0.1, 10.0.0.0/8 or loopback"],
    ["refuses a port that is none by the variable's name", { EXOSPHERE_PORT: "http" }, "EXOSPHERE_PORT must be 0 … 65535"],
    ["says of an address that the machine has not which variable gave it", { EXOSPHERE_PORT: "0", EXOSPHERE_HOST: "192.0.2.1" },
      "EXOSPHERE_HOST: this machine has no address 192.0.2.1; 127.0.0.1 is this machine alone, 0.0.0.0 every network it is in"],
    ["says of a database that does not answer which variable gave it", { EXOSPHERE_PORT: "0", EXOSPHERE_SECRET: "00".repeat(32), DATABASE_URL: "postgres://127.0.0.1:1/none" },
      "DATABASE_URL: no PostgreSQL answers there (connect ECONNREFUSED 127.0.0.1:1); write postgres://user:password@host:5432/database, and see that it runs"],
    ["says of a data folder that is a file which variable gave it", { EXOSPHERE_PORT: "0", EXOSPHERE_DATA: join(root, "README.md") },
      `EXOSPHERE_DATA: no folder can be made or written there (EEXIST: file already exists, mkdir '${join(root, "README.md")}'); choose another`],
  ] as const) {
    it(title, () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "exosphere/main.ts"],
        { cwd: root, encoding: "utf8", timeout: 80_000, env: { ...process.env, EXOSPHERE_DATA: join(folder, "data"), ...variables } });
      assert.deepEqual([status, stdout, stderr], [2, isReadFirst(line) ? "" : "Exosphere is starting …\n", `exosphere: ${line}\n`]);
    });
  }

  for (const [title, given, line] of [
    ["refuses an argument that is none, and says how a port is set", ["--port", "9000"], "\"--port\" is no command: there are backup FILE and restore FILE; settings are variables, such as EXOSPHERE_PORT=8091 npm run endpoint"],
    ["refuses a backup without a file", ["backup"], "backup takes one file: npm run endpoint -- backup FILE"],
    ["refuses a restore from two files", ["restore", "a", "b"], "restore takes one file: npm run endpoint -- restore FILE"],
  ] as const) {
    it(title, () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "exosphere/main.ts", ...given],
        { cwd: root, encoding: "utf8", timeout: 80_000, env: { ...process.env, EXOSPHERE_DATA: join(folder, "data") } });
      assert.deepEqual([status, stdout, stderr], [2, "", `exosphere: ${line}\n`]);
    });
  }

  it("answers --help with its commands and settings, and makes no folder", () => {
    const data = join(folder, "asked");
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "exosphere/main.ts", "--help"], { cwd: root, encoding: "utf8", timeout: 80_000, env: { ...process.env, EXOSPHERE_DATA: data } });
    assert.deepEqual([status, stderr, existsSync(data)], [0, "", false]);
    assert.match(stdout, /^Usage: npm run endpoint /);
    for (const name of readFileSync(join(root, "docs", "ENDPOINT.md"), "utf8").matchAll(/^\| `([A-Z_]+)`/gm)) assert.ok(stdout.includes(name[1]!), name[1]);
  });

  it("leaves no folder behind when a backup or a restore cannot be", () => {
    for (const verb of ["backup", "restore"]) {
      const data = join(folder, verb);
      const { status, stdout } = spawnSync(process.execPath, ["--import", "tsx", "exosphere/main.ts", verb, join(folder, "none.gz")], { cwd: root, encoding: "utf8", timeout: 80_000, env: { ...process.env, EXOSPHERE_DATA: data } });
      assert.deepEqual([status, stdout, existsSync(data)], [2, "", false], verb);
    }
  });

  it("says of a port that is taken which variable gave it", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const port = String((server.address() as AddressInfo).port);
    const child = spawn(process.execPath, ["--import", "tsx", "exosphere/main.ts"], { cwd: root, env: { ...process.env, EXOSPHERE_DATA: join(folder, "taken"), EXOSPHERE_PORT: port } });
    let stderr = "";
    child.stderr.on("data", (data: Buffer) => { stderr += data.toString("utf8"); });
    const status = await new Promise((resolve) => { child.once("exit", resolve); });
    server.close();
    assert.deepEqual([status, stderr], [2, `exosphere: EXOSPHERE_PORT: something listens on ${port} already; end it, or choose another port\n`]);
  });
});
