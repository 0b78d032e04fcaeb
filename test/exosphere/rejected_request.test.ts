/*
 * The endpoint's record of requests that it turned away: why and when, for each device, and no more.
 *
 * Input: requests with wrong, revoked and unknown keys, on a clock of the test. Output: the fleet as the pages
 * get it. Invariant: however many requests come, there is one row a device, written once a minute.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { addKey, changeDevice, revokeKey } from "../../exosphere/devices/device_store";
import { listDevices } from "../../exosphere/devices/fleet";
import type { RunningServer } from "../../exosphere/start_server";
import { lastUnknownKeyRequest } from "../../exosphere/devices/rejected_request";
import { bothDatabases } from "./both_databases";
import { DeviceClient, row, status } from "./device_client";

bothDatabases("requests that are turned away", (site) => {
  let server: RunningServer;
  let nowS = 1_767_225_600;
  const body = Buffer.from(row(1, 1, 1, 1, { 4: 1 }), "latin1");
  const told = async (id: string): Promise<unknown> => (await listDevices(server.database, nowS)).find((device) => device.id === id)!.rejectedRequest;
  const moment = (): string => new Date(nowS * 1000).toISOString().replace(".000", "");
  const kept = async (): Promise<unknown[]> => server.database.query("SELECT device, problem, key_id, at, xmin::text FROM exosphere.turned_away ORDER BY device");

  before(async () => { server = await site.start({ nowS: () => nowS, accountNowS: () => nowS }); });

  it("are told of the device whose key id they name, with the reason", async () => {
    const box = await DeviceClient.create(server, "wrong");
    assert.equal(await told("wrong"), null, "nothing was turned away");
    await box.send(box.signed(body));
    assert.equal(await told("wrong"), null, "a right signature is not turned away");
    const liar = new DeviceClient(server.url, box.keyId, randomBytes(32));
    assert.equal((await liar.send(liar.signed(body))).problem, "signature-wrong");
    nowS += 5;
    assert.deepEqual(await told("wrong"), { problem: "signature-wrong", keyId: "wrong.1", at: new Date((nowS - 5) * 1000).toISOString().replace(".000", ""), agoS: 5 });
    nowS += 60;
    assert.equal((await liar.get("/api/v1/configuration")).problem, "signature-wrong");
    assert.deepEqual(await told("wrong"), { problem: "signature-wrong", keyId: "wrong.1", at: moment(), agoS: 0 });
    nowS += 60;
    const good = box.signed(body);
    assert.equal((await box.send({ ...good, body: new Uint8Array(Buffer.concat([body, body])) })).problem, "signature-wrong");
    assert.deepEqual(await told("wrong"), { problem: "body-changed", keyId: "wrong.1", at: moment(), agoS: 0 });
  });

  it("are told of a revoked key and of a disabled device", async () => {
    const box = await DeviceClient.create(server, "old");
    await addKey(server.database, server.secret, "old", "test");
    await revokeKey(server.database, "old", "old.1", "test");
    await box.send(box.signed(body));
    assert.deepEqual(await told("old"), { problem: "key-revoked", keyId: "old.1", at: moment(), agoS: 0 });
    const off = await DeviceClient.create(server, "off");
    await changeDevice(server.database, server.secret, "off", { enabled: false }, "test");
    await off.send(off.signed(body));
    assert.deepEqual(await told("off"), { problem: "device-disabled", keyId: "off.1", at: moment(), agoS: 0 });
  });

  it("keep of a stranger the last key id alone, without what is no letter, digit, dot, line or stroke, and 32 characters of it", async () => {
    assert.equal(await lastUnknownKeyRequest(server.database, nowS), undefined);
    const ask = async (keyId: string): Promise<void> => {
      const stranger = new DeviceClient(server.url, keyId, randomBytes(32));
      assert.equal((await stranger.send(stranger.signed(body))).problem, "key-unknown");
    };
    await ask("<b>'; DROP TABLE--%20");
    assert.deepEqual(await lastUnknownKeyRequest(server.database, nowS), { keyId: "?b???_DROP_TABLE--?20".replaceAll("_", "?"), at: moment(), agoS: 0 });
    nowS += 61;
    await ask(`stranger-${"x".repeat(90)}`);
    assert.equal((await lastUnknownKeyRequest(server.database, nowS))!.keyId, `stranger-${"x".repeat(23)}`);
  });

  it("write one row a device and nothing more within a minute, however many come and under any key id", async () => {
    const box = await DeviceClient.create(server, "flooded");
    nowS += 3600;
    const flood = async (): Promise<void> => {
      for (let n = 0; n < 20; n++) {
        for (const keyId of [box.keyId, `nobody-${n}`]) {
          const liar = new DeviceClient(server.url, keyId, randomBytes(32));
          await liar.send(liar.signed(body));
        }
      }
    };
    await flood();
    const first = await kept();
    assert.equal(first.length, 5, "wrong, old, off, flooded, and the strangers");
    nowS += 59;
    await flood();
    assert.deepEqual(await kept(), first, "not even the version of a row moved");
    nowS += 1;
    await flood();
    assert.notDeepEqual(await kept(), first);
    assert.equal((await kept()).length, 5);
  });

  it("do not change the answer when they cannot be written", async () => {
    await server.database.query("ALTER TABLE exosphere.turned_away RENAME TO away");
    const box = await DeviceClient.create(server, "unwritten");
    const liar = new DeviceClient(server.url, box.keyId, randomBytes(32));
    const answer = await liar.send(liar.signed(body));
    await server.database.query("ALTER TABLE exosphere.away RENAME TO turned_away");
    assert.deepEqual([answer.status, answer.problem], [401, "signature-wrong"]);
    await box.upload(status({ 0: 1 }));
  });
});
