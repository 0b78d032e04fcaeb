/*
 * The operator's view of the endpoint: health, counts, a line for each request.
 *
 * Input: requests, right and wrong. Output: test results. Invariant: no secret, query or header is in a line or a count.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { issueSecret, saveAccount } from "../../exosphere/accounts/account";
import { createTable } from "../../exosphere/tables/table_store";
import { bothDatabases } from "./both_databases";
import { DeviceClient, row } from "./device_client";
import { WALLBOX } from "./wallbox_table";

bothDatabases("operation", (site) => {
  it("tells monitors whether it is well, and administrators' programs what it counted", async () => {
    const faults: Error[] = [];
    const server = await site.start({ onFault: (error) => { faults.push(error); } });
    await createTable(server.database, WALLBOX, "test");
    const box = await DeviceClient.create(server, "garage");
    await box.upload(row(1, 1, 1, 1, {}), row(1, 2, 99, 2, {}));
    const health = await fetch(`${server.url}/healthz`);
    assert.deepEqual([health.status, await health.json()], [200, { ok: true, clock: "right" }]);
    assert.equal((await fetch(`${server.url}/metrics`)).status, 401);
    await saveAccount(server.database, "prometheus", "a long enough pass phrase", "viewer", "test");
    const token = await issueSecret(server.database, "prometheus", "token", "", server.context.accountNowS(), 3600);
    const text = await (await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${token}` } })).text();
    assert.match(text, /^exosphere_records_total\{outcome="acknowledged"\} 1$/m);
    assert.match(text, /^exosphere_records_total\{outcome="refused"\} 1$/m);
    assert.match(text, /^exosphere_http_request_seconds_count\{method="POST",route="\/api\/v1\/rows",status="200"\} 1$/m);
    const { query } = server.database;
    const gone = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:5432"), { code: "ECONNREFUSED" });
    server.database.query = () => Promise.reject(gone);
    const ill = await fetch(`${server.url}/healthz`);
    server.database.query = query;
    assert.deepEqual([ill.status, (await ill.json() as { type: string }).type], [503, "urn:sdc:problem:not-ready"]);
    assert.deepEqual(faults, [gone]);
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
  });

  it("writes down who took a download or read a configuration", async () => {
    const server = await site.start();
    await createTable(server.database, WALLBOX, "test");
    await DeviceClient.create(server, "garage");
    await saveAccount(server.database, "anna", "a long enough pass phrase", "admin", "test");
    const token = await issueSecret(server.database, "anna", "token", "", server.context.accountNowS(), 3600);
    for (const path of ["tables/1/rows.csv?flavour=rfc4180&month=2026-01", "tables/1/rows.json?device=garage", "tables/1/rows.xlsx?month=2026-02", "devices/garage/configuration", "tables/1/rows"]) {
      const answer = await fetch(`${server.url}/api/v1/${path}`, { headers: { authorization: `Bearer ${token}` } });
      assert.equal(answer.status, 200, path);
      await answer.arrayBuffer();
    }
    const lines = await server.database.query<{ actor: string; action: string; subject: string; detail: Record<string, unknown> }>("SELECT actor, action, subject, detail FROM exosphere.audit WHERE actor = 'anna' ORDER BY id");
    assert.deepEqual(lines.map(({ action, subject, detail }) => [action, subject, detail.month, detail.device]), [["rows.download", "1", "2026-01", ""], ["rows.download", "1", "", "garage"], ["rows.download", "1", "2026-02", ""], ["configuration.read", "garage", undefined, undefined]]);
  });

  it("leaves one line for each request, without query, secret or header, and one that fail2ban finds for a wrong log-in", async () => {
    const lines: string[] = [];
    const server = await site.start({ accessLog: { write: (line) => { lines.push(line); } } });
    const login = (password: string): Promise<Response> => fetch(`${server.url}/api/v1/login`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ name: "admin", password }) });
    await saveAccount(server.database, "admin", "a long enough pass phrase", "admin", "test");
    await login("a wrong pass phrase");
    await login("a long enough pass phrase");
    await fetch(`${server.url}/api/v1/devices?user=secret-person`, { headers: { authorization: "Bearer abcdefghijklmnopqrstuvwxyz" } });
    await fetch(`${server.url}/no%0a/such`);
    // The line follows the answer.
    while (lines.length < 4) await new Promise((resolve) => setImmediate(resolve));
    const [wrong, right, denied, none] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const { time, ms, ...rest } = wrong!;
    assert.match(String(time), /^\d{4}-\d\d-\d\dT/);
    assert.equal(typeof ms, "number");
    assert.deepEqual(rest, { level: 30, msg: "request", reqId: "req-1", address: "127.0.0.1", method: "POST", path: "/api/v1/login", status: 401, account: "", problem: "wrong-login" });
    assert.deepEqual([right!.status, right!.problem], [200, ""]);
    assert.deepEqual([denied!.path, denied!.status, denied!.problem], ["/api/v1/devices", 401, "log-in"]);
    assert.deepEqual([none!.status, none!.problem], [404, "not-found"]);
    const all = lines.join("");
    for (const secret of ["pass phrase", "secret-person", "abcdefghijkl", "exosphere_session"]) assert.ok(!all.includes(secret), secret);
    const filter = readFileSync(new URL("../../docs/samples/fail2ban-exosphere.conf", import.meta.url), "utf8");
    const regex = new RegExp(/^failregex = (.*)$/m.exec(filter)![1]!.replace("<HOST>", "(?<host>[0-9a-f.:]+)"));
    assert.deepEqual(lines.map((line) => regex.exec(line)?.groups?.host), ["127.0.0.1", undefined, undefined, undefined]);
  });
});
