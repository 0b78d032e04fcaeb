/*
 * Who gets in, and what a body of nonsense does: nothing.
 *
 * Input: requests with every kind of wrong signature, login and body. Output: problem documents, and a
 * database that did not change. Invariant: each refusal is told apart by its problem name.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { issueSecret, saveAccount } from "../../exosphere/accounts/account";
import { addCommand, addKey, changeDevice, createDevice, revokeKey } from "../../exosphere/devices/device_store";
import type { RunningServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/tables/table_store";
import { bothDatabases } from "./both_databases";
import { DeviceClient, row, status } from "./device_client";
import { WALLBOX } from "./wallbox_table";

bothDatabases("security", (site) => {
  let server: RunningServer;
  let box: DeviceClient;
  let nowS = 1767225600;
  const body = Buffer.from(row(1, 1, 1, 1, { 4: 1 }), "latin1");
  const rows = async (): Promise<number> => (await server.database.query("SELECT 1 FROM public.\"wallbox sessions\"")).length;

  before(async () => {
    server = await site.start({ nowS: () => nowS, accountNowS: () => nowS });
    await createTable(server.database, WALLBOX, "test");
    box = await DeviceClient.create(server, "box");
  });

  it("refuses what is not signed, wrongly signed, or changed on the way, and stores nothing", async () => {
    const good = box.signed(body);
    const other = box.signed(Buffer.from(row(1, 1, 1, 1, { 4: 2 }), "latin1"));
    const cases: [string, RequestInit][] = [
      ["signature-missing", { method: "POST", body, headers: { "content-type": "application/cbor-seq" } }],
      ["signature-wrong", { ...good, body: new Uint8Array(Buffer.concat([body.subarray(0, -1), Buffer.from([2])])) }],
      ["signature-wrong", { ...good, headers: { ...good.headers, signature: other.headers.signature! } }],
      ["signature-wrong", { ...good, headers: { ...good.headers, "signature-input": good.headers["signature-input"]!.replace(/nonce="1\./, 'nonce="9.') } }],
      ["signature-wrong", { ...good, headers: { ...good.headers, "content-digest": other.headers["content-digest"]! } }],
      ["key-unknown", { ...good, headers: { ...good.headers, "signature-input": good.headers["signature-input"]!.replace("box.1", "box.7") } }],
    ];
    for (const [problem, request] of cases) {
      const answer = await box.send(request);
      assert.deepEqual([answer.status, answer.problem], [401, problem]);
      assert.equal(answer.headers.get("content-type"), "application/problem+json");
      assert.equal(answer.headers.get("signature"), null, "an unverified request must not get a signed answer");
    }
    assert.equal(await rows(), 0);
  });

  it("answers the very same request twice alike, and an older nonce never", async () => {
    const first = box.signed(body);
    const second = box.signed(body);
    assert.equal((await box.send(second)).status, 200);
    const twice = await box.send(second);
    assert.deepEqual([twice.status, twice.upload.acknowledged], [200, [[1, 1]]]);
    const late = await box.send(first);
    assert.deepEqual([late.status, late.problem], [401, "replayed-request"]);
    assert.equal(await rows(), 1);
  });

  it("refuses a different request under a nonce that was used, and stores nothing of it", async () => {
    await box.upload();
    const used = { boot: box.boot, counter: box.counter };
    for (const [counter, problem] of [[used.counter, "replayed-request"], [used.counter - 1, "replayed-request"]] as const) {
      box.counter = counter - 1;
      const answer = await box.send(box.signed(Buffer.from(row(1, 2, 1, 2, { 4: 1 }), "latin1")));
      assert.deepEqual([answer.status, answer.problem], [401, problem], `counter ${counter}`);
      assert.ok(box.believes(answer));
    }
    box.counter = used.counter - 1;
    assert.equal((await box.get("/api/v1/users?after=0&from=0")).problem, "replayed-request");
    box.counter = used.counter;
    assert.equal(await rows(), 1);
  });

  it("answers a replay of the last request as before and changes nothing in the database by it", async () => {
    const command = await addCommand(server.database, "box", "=ECHO(Block)", "test");
    await createTable(server.database, { id: 3, name: "later", mode: "event", columns: [{ id: 1, name: "n", type: "integer" }] }, "test");
    // One row that fits, one that no table takes, and a status whose repeat would close the command and move clock and last contact.
    const request = box.signed(Buffer.from(status({ 0: 1, 1: 60, 8: nowS, 15: command }) + row(3, 10, 3, 0, { 1: 5 }) + row(3, 11, 77, 0, { 1: 5 }), "latin1"));
    const first = await box.send(request);
    const dump = async (): Promise<string> => JSON.stringify(await Promise.all([
      ...["device", "device_key", "command", "quarantine", "record_content", "boot_seen", "undated", "rollup", "audit"].map((name) => server.database.query(`SELECT xmin::text, * FROM exosphere.${name} ORDER BY 2, 3`)),
      server.database.query("SELECT xmin::text, * FROM public.later"),
    ]));
    const before = await dump();
    nowS += 86_400;
    const again = await box.send(request);
    nowS -= 86_400;
    assert.deepEqual([again.status, again.upload], [200, { ...first.upload, time: nowS + 86_400 }]);
    assert.deepEqual(again.upload.refused, [[11, "table 77 unknown"]]);
    assert.equal(await dump(), before);
  });

  it("does not care about the device's clock", async () => {
    // `created` of the helper is absent; the endpoint's own clock may be anywhere too.
    nowS = 1000;
    assert.equal((await box.send(box.signed(Buffer.alloc(0)))).status, 200);
    nowS = 1767225600;
  });

  it("takes old and new key while both are valid, and tells a revoked one from an unknown one", async () => {
    const made = await addKey(server.database, server.secret, "box", "test");
    const renewed = new DeviceClient(server.url, made.keyId, Buffer.from(made.keyHex, "hex"));
    box.boot = 2;
    await box.upload(status({ 0: 2 }));
    // A new key comes with a new configuration, so with a new start.
    renewed.boot = 3;
    await renewed.upload(status({ 0: 3 }));
    box.boot = 4;
    await box.upload(status({ 0: 4 }));
    await assert.rejects(addKey(server.database, server.secret, "box", "test"), /revoke one first/);
    await revokeKey(server.database, "box", "box.1", "test");
    const refused = await box.send(box.signed(body));
    assert.deepEqual([refused.status, refused.problem], [401, "key-revoked"]);
    renewed.boot = 5;
    await renewed.upload(status({ 0: 5 }));
    box = renewed;
  });

  it("takes no device id whose key ids would not fit into a configuration", async () => {
    await assert.rejects(createDevice(server.database, server.secret, "x".repeat(29), undefined, "test"), /1 to 28/);
    const { keyId } = await createDevice(server.database, server.secret, "x".repeat(28), undefined, "test");
    assert.equal(keyId, `${"x".repeat(28)}.1`);
  });

  it("turns a disabled device away with 403", async () => {
    await changeDevice(server.database, server.secret, "box", { enabled: false }, "test");
    const answer = await box.send(box.signed(body));
    assert.deepEqual([answer.status, answer.problem], [403, "device-disabled"]);
    await changeDevice(server.database, server.secret, "box", { enabled: true }, "test");
  });

  it("answers too large a body 413 and another type 415", async () => {
    assert.deepEqual([(await box.send(box.signed(Buffer.alloc(70_000)))).status, (await box.send({ ...box.signed(body), headers: { "content-type": "text/plain" } })).status], [413, 415]);
  });

  it("gives a clear 400 for every kind of nonsense, signed, and loses nothing", async function () {
    this.timeout(120_000);
    const before = await rows();
    const good = row(1, 90, 1, 90, { 4: 1 });
    const nonsense = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc.integer({ min: 1, max: good.length - 1 }).map((length) => Buffer.from(good.slice(0, length), "latin1")),
      fc.integer({ min: 10, max: 60_000 }).map((depth) => Buffer.alloc(depth, 0x81)),
      fc.constantFrom("9bffffffffffffffff", "bb7fffffffffffffff", "5bffffffffffffffff", "7affffffff", "9f", "d9c34801", "c101", "85010101", "f6", "a0", "8200f6", "8200a0" + "8200a0", "ff", "1c", "8501013a7fffffff0101a0").map((hex) => Buffer.from(hex, "hex")),
    );
    await fc.assert(fc.asyncProperty(nonsense, async (bytes) => {
      const answer = await box.send(box.signed(bytes));
      assert.ok(box.believes(answer), "the answer is not signed");
      // Random bytes may spell a well-formed record, which is then refused alone.
      assert.ok(answer.status === 400 && answer.problem === "unreadable-body" || answer.status === 200 && answer.upload.acknowledged.length === 0, `${answer.status} ${answer.body.toString()}`);
    }), { numRuns: 150 });
    assert.equal(await rows(), before);
    await box.upload(good);
  });

  it("lets viewers look and only administrators change", async () => {
    await saveAccount(server.database, "vera", "a long password", "viewer", "test");
    const token = await issueSecret(server.database, "vera", "token", "", nowS, 3600);
    const ask = async (path: string, init: RequestInit = {}): Promise<number> => (await fetch(server.url + path, { ...init, headers: { authorization: `Bearer ${token}`, "content-type": "application/json" } })).status;
    assert.equal(await ask("/api/v1/tables"), 200);
    for (const [path, method] of [["/api/v1/tables", "POST"], ["/api/v1/tables/1", "PUT"], ["/api/v1/devices", "POST"], ["/api/v1/devices/box", "PUT"], ["/api/v1/devices/box/keys", "POST"], ["/api/v1/devices/box/commands", "POST"], ["/api/v1/people", "POST"], ["/api/v1/accounts/x", "PUT"], ["/api/v1/tokens", "POST"]] as const) {
      assert.equal(await ask(path, { method, body: "{}" }), 403, `${method} ${path}`);
    }
    assert.equal(await ask("/api/v1/devices/box/keys/box.2", { method: "DELETE" }), 403);
    assert.equal((await fetch(`${server.url}/api/v1/tables`)).status, 401);
  });

  it("opens a session for the right password only, and ends it", async () => {
    const logIn = (password: string): Promise<Response> => fetch(`${server.url}/api/v1/login`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ name: "vera", password }) });
    assert.equal((await logIn("a wrong password")).status, 401);
    const cookie = (await logIn("a long password")).headers.get("set-cookie")!;
    assert.match(cookie, /HttpOnly/);
    assert.match(cookie, /SameSite=Strict/);
    const headers = { cookie: cookie.split(";")[0]! };
    assert.equal((await fetch(`${server.url}/api/v1/me`, { headers })).status, 200);
    assert.equal((await fetch(`${server.url}/api/v1/logout`, { method: "POST", headers: { ...headers, "sec-fetch-site": "cross-site" } })).status, 403);
    assert.equal((await fetch(`${server.url}/api/v1/logout`, { method: "POST", headers })).status, 200);
    assert.equal((await fetch(`${server.url}/api/v1/me`, { headers })).status, 401);
  });

  it("accepts a login link once, and not after 15 minutes", async () => {
    const redeem = async (link: string): Promise<number> => (await fetch(`${server.url}/api/v1/login`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ link: link.split("#")[1] }) })).status;
    const link = await server.loginLink();
    assert.deepEqual([await redeem(link), await redeem(link)], [200, 401]);
    const old = await server.loginLink();
    nowS += 901;
    assert.equal(await redeem(old), 401);
    nowS -= 901;
  });

  it("keeps no secret in the database or the audit in clear", async () => {
    const dump = JSON.stringify([
      await server.database.query("SELECT * FROM exosphere.device_key"), await server.database.query("SELECT * FROM exosphere.account"),
      await server.database.query("SELECT * FROM exosphere.credential"), await server.database.query("SELECT * FROM exosphere.audit"),
    ]).toUpperCase();
    assert.ok(!dump.includes(box.key.toString("hex").toUpperCase()));
    assert.ok(!dump.includes(box.key.toString("base64").toUpperCase()));
    assert.ok(!dump.includes("A LONG PASSWORD"));
  });

  it("sends security headers with every page", async () => {
    const { headers } = await fetch(`${server.url}/login.html`);
    assert.match(headers.get("content-security-policy") ?? "", /script-src 'self'/);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.ok(headers.get("x-frame-options") !== null);
  });

  it("sends a board no header that only browsers or patient programs read", async () => {
    for (const route of ["rows", "users", "configuration", "firmware/document?offer=1&from=0", "firmware/pieces?offer=1&from=0"]) {
      const request = route === "rows" ? { method: "POST", headers: { "content-type": "application/cbor-seq" }, body: "x" } : {};
      const { headers } = await fetch(`${server.url}/api/v1/${route}`, request);
      const needless = [...headers.keys()].filter((name) => /security|policy|frame|ratelimit|^x-|origin/.test(name));
      assert.deepEqual(needless, [], route);
    }
  });

  it("limits how often a password can be tried", async () => {
    const strict = await (site.startBeside ?? site.start)({ limits: { loginsPerMinute: 3 } });
    const codes: number[] = [];
    for (let attempt = 0; attempt < 4; attempt++) codes.push((await fetch(`${strict.url}/api/v1/login`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ name: "nobody", password: "a wrong password" }) })).status);
    assert.deepEqual(codes, [401, 401, 401, 429]);
  });
});
