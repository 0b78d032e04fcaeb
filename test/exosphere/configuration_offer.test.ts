/*
 * Configuration documents that the endpoint offers to a device.
 *
 * Input: documents put by an administrator. Output: what the device fetches, or a problem with the paths.
 * Invariant: the revision in the answer, in the framing and in the document is one number, above the one
 * that the device holds, so that a device fetches it once and not for ever.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { issueSecret, saveAccount } from "../../exosphere/account";
import { type RunningServer, startServer } from "../../exosphere/start_server";
import { DeviceClient, status } from "./device_client";

const example = JSON.parse(readFileSync(new URL("../../docs/examples/wallbox.json", import.meta.url), "utf8")) as Record<string, unknown>;

describe("offered configurations", function () {
  this.timeout(60_000);
  let server: RunningServer;
  let box: DeviceClient;
  let authorization: string;
  const put = async (configuration: unknown): Promise<[number, string]> => {
    const answer = await fetch(`${server.url}/api/v1/devices/box`, { method: "PUT", headers: { authorization, "content-type": "application/json" }, body: JSON.stringify({ configuration }) });
    return [answer.status, ((await answer.json()) as { detail?: string }).detail ?? ""];
  };

  before(async () => {
    server = await startServer({ port: 0 });
    box = await DeviceClient.create(server, "box");
    await saveAccount(server.database, "root", "a long password", "admin", "test");
    authorization = `Bearer ${await issueSecret(server.database, "root", "token", "", server.context.accountNowS(), 3600)}`;
  });
  after(() => server.close());

  it("gives the document the revision that the answer names, above the one that the device holds", async () => {
    await box.upload(status({ 0: 1, 11: 41 }));
    assert.deepEqual(await put({ ...example, revision: 3 }), [200, ""]);
    const offered = (await box.upload(status({ 0: 1, 11: 41 }))).configuration;
    const piece = await box.get("/api/v1/configuration?after=41&from=0");
    const parts = [piece.body.subarray(12)];
    for (let from = parts[0]!.length; from < piece.body.readUInt32BE(4); from += parts[parts.length - 1]!.length) parts.push((await box.get(`/api/v1/configuration?after=41&from=${from}`)).body.subarray(12));
    const document = JSON.parse(Buffer.concat(parts).toString()) as { revision: number };
    assert.deepEqual([offered, piece.body.readUInt32BE(0), document.revision], [42, 42, 42]);
    assert.deepEqual(await put(example), [200, ""]);
    assert.equal((await box.upload(status({ 0: 1, 11: 42 }))).configuration, 43);
  });

  it("refuses a document that the board would refuse, with the paths, and offers nothing new", async () => {
    const [code, detail] = await put({ ...example, colour: "green", device: { id: 7 } });
    assert.equal(code, 422);
    for (const part of ["/configuration/device/id", "colour"]) assert.ok(detail.includes(part), detail);
    assert.equal((await put("text"))[0], 422);
    assert.equal((await put([]))[0], 422);
    assert.equal((await box.upload()).configuration, 43);
  });
});
