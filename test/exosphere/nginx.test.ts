/*
 * The nginx sample of docs/OPERATIONS.md, run as it is: nginx with TLS in front of the endpoint.
 *
 * Input: docs/samples/nginx.conf with free ports and a certificate of the test. Output: a log-in, signed uploads,
 * a release and a letterhead through it. Invariant: of the sample nothing but ports and paths is changed.
 */
import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import https from "node:https";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { issueSecret, saveAccount } from "../../exosphere/accounts/account";
import { type RunningServer, startServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/tables/table_store";
import { root } from "../../tools/root";
import { RELEASE_BYTES_MAX } from "../../exosphere/releases/release_file";
import { LOGO_BYTES_MAX } from "../../exosphere/billing/logo";
import { DeviceClient, row } from "./device_client";
import { WALLBOX } from "./wallbox_table";

const hasNginx = spawnSync("nginx", ["-v"]).status === 0;

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => { resolve(port); });
    });
  });
}

(hasNginx ? describe : describe.skip)("the nginx sample", function () {
  this.timeout(120_000);
  let server: RunningServer;
  let nginx: ChildProcess;
  let folder: string;
  let port: number;
  let plainPort: number;

  const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: string | Uint8Array): Promise<{ status: number; text: string; cookies: string[] }> => new Promise((resolve, reject) => {
    const request = https.request({ host: "127.0.0.1", port, method, path, agent: false, rejectUnauthorized: false, headers: { host: `sessions.example:${port}`, ...headers } }, (answer) => {
      let text = "";
      answer.on("data", (data: Buffer) => { text += data.toString(); });
      answer.on("end", () => { resolve({ status: answer.statusCode!, text, cookies: answer.headers["set-cookie"] ?? [] }); });
    });
    request.on("error", reject);
    request.end(body);
  });

  before(async () => {
    server = await startServer({ port: 0, trustedProxies: ["loopback"] });
    await saveAccount(server.database, "anna", "a long password", "viewer", "test");
    await createTable(server.database, WALLBOX, "test");
    folder = mkdtempSync(join(tmpdir(), "nginx-"));
    port = await freePort();
    plainPort = await freePort();
    execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", join(folder, "key"), "-out", join(folder, "crt"), "-days", "2", "-subj", "/CN=sessions.example"], { stdio: "pipe" });
    const sample = readFileSync(join(root, "docs/samples/nginx.conf"), "utf8")
      .replace("listen 443 ssl;", `listen 127.0.0.1:${port} ssl;`).replace("listen [::]:443 ssl;", "")
      .replace("listen 80;", `listen 127.0.0.1:${plainPort};`).replace("listen [::]:80;", "")
      .replace("/etc/ssl/sessions.example.crt", join(folder, "crt")).replace("/etc/ssl/sessions.example.key", join(folder, "key"))
      .replaceAll("http://127.0.0.1:8090", server.url);
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${join(folder, name)};`).join(" ");
    writeFileSync(join(folder, "nginx.conf"), `daemon off; master_process off; pid ${join(folder, "pid")}; error_log stderr notice;\nevents {}\nhttp { access_log off; ${temporary}\n${sample}}\n`);
    nginx = spawn("nginx", ["-p", folder, "-c", join(folder, "nginx.conf")], { stdio: ["ignore", "ignore", "pipe"] });
    await new Promise<void>((resolve, reject) => {
      let said = "";
      nginx.stderr!.on("data", (data: Buffer) => {
        said += data.toString();
        if (said.includes("start worker process") || said.includes("using the \"epoll\"")) resolve();
      });
      nginx.once("exit", () => { reject(new Error(said)); });
    });
  });
  after(async () => {
    nginx?.removeAllListeners("exit");
    nginx?.kill();
    await server?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  it("lets a browser log in from its own page, with a Secure cookie and its own address in the audit", async () => {
    const answer = await ask("POST", "/api/v1/login", { "content-type": "application/json", origin: `https://sessions.example:${port}`, "x-forwarded-for": "203.0.113.66" }, JSON.stringify({ name: "anna", password: "a long password" }));
    assert.equal(answer.status, 200, answer.text);
    assert.ok(answer.cookies.length === 2 && answer.cookies.every((cookie) => cookie.includes("; Secure")), answer.cookies.join());
    const [line] = await server.database.query("SELECT detail FROM exosphere.audit WHERE action = 'login'");
    assert.deepEqual(line, { detail: { address: "127.0.0.1", by: "password" } }, "what a client writes into X-Forwarded-For is not believed");
    const cookie = answer.cookies.map((one) => one.split(";")[0]!).join("; ");
    assert.deepEqual(JSON.parse((await ask("GET", "/api/v1/me", { cookie })).text), { account: "anna", role: "viewer" });
  });

  it("leaves the path of a board's upload as it is, so that its signature holds", async () => {
    const made = await DeviceClient.create(server, "box");
    const signed = made.signed(Buffer.from(row(1, 1, 1, 1, { 4: 1 }), "latin1"));
    const answer = await ask("POST", "/api/v1/rows", signed.headers, signed.body as Uint8Array);
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual((JSON.parse(answer.text) as { acknowledged: unknown }).acknowledged, [[1, 1]]);
  });

  it("takes a board's TLS 1.2 with the ciphers of an RSA certificate", async () => {
    const { statusCode } = await new Promise<IncomingMessage>((resolve, reject) => {
      https.get({ host: "127.0.0.1", port, path: "/healthz", agent: false, rejectUnauthorized: false, maxVersion: "TLSv1.2", ciphers: "ECDHE-RSA-AES128-GCM-SHA256" }, (answer) => { answer.resume(); resolve(answer); }).on("error", reject);
    });
    assert.equal(statusCode, 200);
  });

  describe("for bodies of many bytes", () => {
    let headers: Record<string, string>;
    before(async () => {
      await saveAccount(server.database, "root", "a long password", "admin", "test");
      headers = { authorization: `Bearer ${await issueSecret(server.database, "root", "token", "", server.context.accountNowS(), 3600)}` };
    });

    for (const bytes of [200_000, RELEASE_BYTES_MAX]) {
      it(`lets the endpoint judge a release of ${bytes} bytes`, async () => {
        const answer = await ask("POST", "/api/v1/releases", { ...headers, "content-type": "application/octet-stream" }, new Uint8Array(bytes));
        assert.equal(answer.status, 422, answer.text);
        assert.equal((JSON.parse(answer.text) as { type: string }).type, "urn:sdc:problem:no-release-key");
      });
    }

    it("lets a letterhead with the largest logo pass", async () => {
      const logo = `data:image/png;base64,${Buffer.alloc(LOGO_BYTES_MAX).toString("base64")}`;
      const answer = await ask("PUT", "/api/v1/letterhead", { ...headers, "content-type": "application/json" }, JSON.stringify({ logo }));
      assert.match(answer.text, /urn:sdc:problem:/, "the answer is the endpoint's own");
      assert.notEqual(answer.status, 413);
    });

    it("keeps a larger body than the endpoint reads on any other path to itself", async () => {
      const answer = await ask("PUT", "/api/v1/users", { ...headers, "content-type": "application/json" }, new Uint8Array(200_000));
      assert.equal(answer.status, 413);
      assert.match(answer.text, /<center>nginx/);
    });
  });

  it("leads a browser from port 80 to the page with TLS", async () => {
    const answer = await fetch(`http://127.0.0.1:${plainPort}/billing.html?table=1`, { redirect: "manual", headers: { host: "sessions.example" } });
    assert.equal(answer.status, 301);
    assert.match(answer.headers.get("location") ?? "", /^https:\/\/[^/]+\/billing\.html\?table=1$/);
  });
});
