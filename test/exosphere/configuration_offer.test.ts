/*
 * Configuration documents that the endpoint offers to a device.
 *
 * Input: documents put by an administrator. Output: what the device fetches, or a problem with the paths.
 * Invariant: the revision in the answer, in the framing and in the document is one number, above the one
 * that the device holds, so that a device fetches it once and not for ever.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { addKey, createDevice, revokeKey } from "../../exosphere/devices/device_store";
import { issueSecret, saveAccount } from "../../exosphere/accounts/account";
import { type RunningServer, startServer } from "../../exosphere/start_server";
import { restoreSecrets } from "../../firmware/configuration/secrets";
import { createHostCrypto } from "../../hal/host/crypto";
import { DeviceClient, status as statusRow } from "./device_client";

interface Document {
  revision: number;
  device: { id: string; name: string };
  endpoint: { url: string; keyId: string; key: string };
  network: { ssid: string; password: string };
  api: { token: string };
}

/** The example as a document of `device` with its key of that number. */
function documentOf(device: string, number = 1): Document {
  const read = JSON.parse(readFileSync(new URL("../../docs/examples/wallbox.json", import.meta.url), "utf8")) as Document;
  return { ...read, device: { ...read.device, id: device }, endpoint: { ...read.endpoint, keyId: `${device}.${number}` } };
}
const example = documentOf("box");
const SECRETS = [example.endpoint.key, example.network.password, example.api.token];

describe("offered configurations", function () {
  this.timeout(60_000);
  let server: RunningServer;
  let box: DeviceClient;
  let authorization: string;
  const put = async (configuration: unknown): Promise<[number, string]> => {
    const answer = await fetch(`${server.url}/api/v1/devices/box`, { method: "PUT", headers: { authorization, "content-type": "application/json" }, body: JSON.stringify({ configuration }) });
    return [answer.status, ((await answer.json()) as { detail?: string }).detail ?? ""];
  };

  const ask = async (path: string, options: RequestInit = {}): Promise<[number, string]> => {
    const answer = await fetch(server.url + path, { ...options, headers: { authorization, "content-type": "application/json" } });
    return [answer.status, await answer.text()];
  };
  /** The revision of the framing, and the document, as the device fetches them in pieces. */
  const fetched = async (): Promise<[number, Document]> => {
    const piece = await box.get("/api/v1/configuration?after=41&from=0");
    const parts = [piece.body.subarray(12)];
    for (let from = parts[0]!.length; from < piece.body.readUInt32BE(4); from += parts[parts.length - 1]!.length) parts.push((await box.get(`/api/v1/configuration?after=41&from=${from}`)).body.subarray(12));
    const sent = Buffer.concat(parts).toString("latin1");
    for (const secret of SECRETS) assert.ok(!sent.includes(secret), "a listener hears no secret");
    // As the board opens it, by the key of the document that it has.
    const open = restoreSecrets(sent, `{"endpoint":{"key":"${box.key.toString("hex")}"}}`, createHostCrypto());
    return [piece.body.readUInt32BE(0), JSON.parse(Buffer.from(open, "latin1").toString()) as Document];
  };

  before(async () => {
    server = await startServer({ port: 0 });
    box = await DeviceClient.create(server, "box");
    await saveAccount(server.database, "root", "a long password", "admin", "test");
    authorization = `Bearer ${await issueSecret(server.database, "root", "token", "", server.context.accountNowS(), 3600)}`;
  });
  after(() => server.close());

  it("gives the document the revision that the answer names, above the one that the device holds", async () => {
    await box.upload(statusRow({ 0: 1, 11: 41, 16: 1 }));
    assert.deepEqual(await put({ ...example, revision: 3 }), [200, ""]);
    const offered = (await box.upload(statusRow({ 0: 1, 11: 41, 16: 1 }))).configuration;
    const [framed, document] = await fetched();
    assert.deepEqual([offered, framed, document.revision], [42, 42, 42]);
    assert.deepEqual(await put(example), [200, ""]);
    assert.equal((await box.upload(statusRow({ 0: 1, 11: 42, 16: 1 }))).configuration, 43);
  });

  it("gives no secret to a board that has not said that it opens sealed ones, and tells people", async () => {
    await box.upload(statusRow({ 0: 1, 11: 42 }));
    const answer = await box.get("/api/v1/configuration?after=41&from=0");
    assert.deepEqual([answer.status, answer.body.length, answer.body.readUInt32BE(0), answer.body.readUInt32BE(4)], [200, 12, 0, 0]);
    const withheld = async (): Promise<unknown> => (JSON.parse((await ask("/api/v1/devices"))[1]) as { configurationWithheld: boolean }[])[0]!.configurationWithheld;
    assert.equal(await withheld(), true);
    await box.upload(statusRow({ 0: 1, 11: 42, 16: 1 }));
    assert.equal(await withheld(), false);
  });

  it("refuses a document that the board would refuse, with the paths, and offers nothing new", async () => {
    const [code, detail] = await put({ ...example, colour: "green", device: { id: 7 } });
    assert.equal(code, 422);
    for (const part of ["colour: there is no such setting here", "device.id: "]) assert.ok(detail.includes(part), detail);
    assert.equal((await put("text"))[0], 422);
    assert.equal((await put([]))[0], 422);
    assert.equal((await box.upload()).configuration, 43);
  });

  it("refuses a document of another device, and a key that is not in force at this device, with place and remedy", async () => {
    const before = (await box.upload()).configuration;
    const [code, detail] = await put(documentOf("garage-1"));
    assert.equal(code, 422);
    assert.equal(detail, ["device.id: the document is for garage-1, the device is box; write box, or choose the device that the document is for",
      "endpoint.keyId: garage-1.1 is no key of box that is in force: the board would be turned away; write box.1 with its key, or make a new key of the device"].join("\n"));
    await addKey(server.database, server.secret, "box", "test");
    assert.deepEqual(await put(documentOf("box", 2)), [200, ""]);
    await revokeKey(server.database, "box", "box.2", "test");
    assert.match((await put(documentOf("box", 2)))[1], /^endpoint\.keyId: box\.2 is no key of box that is in force/);
    const lone: Record<string, unknown> = { ...example };
    delete lone.endpoint;
    assert.match((await put(lone))[1], /^endpoint: without it the board would never come back to this endpoint; add it/);
    assert.equal((await box.upload()).configuration, before + 1, "only the right one is offered");
    await server.database.query("UPDATE exosphere.device SET configuration_revision = $1 WHERE id = 'box'", [before]);
  });

  it("leaves the key of a webhook to the server that it is for", async () => {
    const away = documentOf("away");
    await createDevice(server.database, server.secret, "away", undefined, "test");
    const body = JSON.stringify({ configuration: { ...away, endpoint: { ...away.endpoint, target: "webhook", keyId: "theirs" } } });
    assert.equal((await ask("/api/v1/devices/away", { method: "PUT", body }))[0], 200);
  });

  it("gives a document to people without its secrets, and keeps those that come back unsaid", async () => {
    assert.deepEqual(await put(example), [200, ""]);
    const [status, text] = await ask("/api/v1/devices/box/configuration");
    const { revision, held, configuration } = JSON.parse(text) as { revision: number; held: number; configuration: Document };
    assert.deepEqual([status, revision, held], [200, 44, 42]);
    for (const secret of SECRETS) assert.ok(!text.includes(secret), secret);
    assert.deepEqual([configuration.endpoint.key, configuration.network.password, configuration.api.token], ["(secret)", "(secret)", "(secret)"]);
    assert.deepEqual(await put({ ...configuration, api: { token: "another-token-of-20" } }), [200, ""]);
    const [, document] = await fetched();
    assert.deepEqual(document, { ...example, revision: 45, api: { token: "another-token-of-20" } });
  });

  it("leaves it to the board to keep a secret that the endpoint never had, once the board has said that it holds a document", async () => {
    const stranger = await DeviceClient.create(server, "stranger");
    const own = documentOf("stranger");
    const kept = { ...own, network: { ...own.network, password: "(secret)" }, endpoint: { ...own.endpoint, key: "(secret)" } };
    const change = (): Promise<[number, string]> => ask("/api/v1/devices/stranger", { method: "PUT", body: JSON.stringify({ configuration: kept }) });
    const [status, detail] = await change();
    assert.equal(status, 422);
    assert.match(detail, /endpoint\.key: the value does not fit/);
    await stranger.upload(statusRow({ 0: 1, 11: 3 }));
    assert.equal((await change())[0], 200);
  });

  it("keeps no secret of a document in clear in the database, nor in the audit", async () => {
    const rows = JSON.stringify([await server.database.query("SELECT * FROM exosphere.device"), await server.database.query("SELECT * FROM exosphere.audit")]);
    for (const secret of [...SECRETS, "another-token-of-20"]) assert.ok(!rows.includes(secret), secret);
  });

  it("still gives out a document that an older release stored in clear", async () => {
    await server.database.query("UPDATE exosphere.device SET configuration = $1 WHERE id = 'box'", [JSON.stringify({ ...example, revision: 45 })]);
    assert.equal((await fetched())[1].endpoint.key, example.endpoint.key);
    const [, text] = await ask("/api/v1/devices/box/configuration");
    assert.ok(!text.includes(example.endpoint.key));
  });

  it("tells every error with path and remedy without offering anything, to administrators alone", async () => {
    const body = JSON.stringify({ configuration: { ...example, table: { id: 1, columns: [{ id: 1, name: "start", type: "boolean", content: "session.start" }] } } });
    const [status, text] = await ask("/api/v1/configurations/check", { method: "POST", body });
    assert.equal(status, 200);
    assert.deepEqual((JSON.parse(text) as { errors: { path: string }[] }).errors.map(({ path }) => path), ["table.columns[0].type"]);
    const { warnings } = JSON.parse(text) as { warnings: { path: string; remedy: string }[] };
    assert.deepEqual(warnings.map(({ path, remedy }) => `${path}: ${remedy}`), ["table: create one on the page Tables, then take its id and columns here"]);
    for (const path of ["/api/v1/configurations/check", "/api/v1/devices/box/configuration"]) {
      assert.equal((await fetch(server.url + path, path.endsWith("check") ? { method: "POST", body, headers: { "content-type": "application/json" } } : {})).status, 401);
    }
    await saveAccount(server.database, "vera", "a long password", "viewer", "test");
    const viewer = await issueSecret(server.database, "vera", "token", "", server.context.accountNowS(), 3600);
    assert.equal((await fetch(`${server.url}/api/v1/devices/box/configuration`, { headers: { authorization: `Bearer ${viewer}` } })).status, 403);
  });
});
