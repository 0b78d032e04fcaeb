/*
 * The endpoint's own clock: boards take their time from it, so it is compared with what the system and the boards say.
 *
 * Input: outputs of the system's commands, statuses of boards. Output: the verdict of the API and of /healthz. Invariant:
 * a single board among several proves nothing.
 */
import assert from "node:assert/strict";
import { keptSystemClock, ownClock, type SystemClock, systemClock } from "../../exosphere/devices/own_clock";
import type { OwnClock } from "../../exosphere/devices/device_documents";
import { issueSecret, saveAccount } from "../../exosphere/accounts/account";
import type { RunningServer } from "../../exosphere/start_server";
import { bothDatabases } from "./both_databases";
import { DeviceClient, status } from "./device_client";

const T = 1767225600;

describe("what the system says of its clock", () => {
  const tell = (outputs: Record<string, string>): Promise<SystemClock> => systemClock((command) => Promise.resolve(outputs[command] ?? ""));

  for (const [name, outputs, expected] of [
    ["systemd that is synchronised", { timedatectl: "yes\n" }, "synchronised"],
    ["systemd that is not", { timedatectl: "no\n" }, "unsynchronised"],
    ["systemd first, when both answer", { timedatectl: "no\n", chronyc: "A29FC801,1.2.3.4,3,1767225600.1,0,0,0,0,0,0,0,0,64,Normal\n" }, "unsynchronised"],
    ["chrony that is synchronised", { chronyc: "A29FC801,1.2.3.4,3,1767225600.1,0,0,0,0,0,0,0,0,64,Normal\n" }, "synchronised"],
    ["chrony in a leap second", { chronyc: "A29FC801,1.2.3.4,3,1767225600.1,0,0,0,0,0,0,0,0,64,Insert second\n" }, "synchronised"],
    ["chrony that is not", { chronyc: "7F7F0101,,0,0.0,0,0,0,0,0,0,0,0,0,Not synchronised\n" }, "unsynchronised"],
  ] as [string, Record<string, string>, SystemClock][]) {
    it(`is read from ${name}`, async () => { assert.equal(await tell(outputs), expected); });
  }

  it("never fails with the commands of this machine, or with none", async () => {
    assert.ok(["synchronised", "unsynchronised", "unknown"].includes(await systemClock()));
    assert.notEqual(await tell({ timedatectl: "Failed to connect to bus", chronyc: "506 Cannot talk to daemon" }), "unsynchronised");
  });

  it("is asked once a minute", async () => {
    let [asked, nowMs] = [0, 0];
    const kept = keptSystemClock(() => { asked++; return Promise.resolve("synchronised"); }, () => nowMs);
    for (nowMs = 0; nowMs < 120_000; nowMs += 5000) assert.equal(await kept(), "synchronised");
    assert.equal(asked, 2);
  });
});

bothDatabases("the endpoint's own clock", (site) => {
  let server: RunningServer;
  let system: SystemClock = "unknown";
  before(async () => { server = await site.start({ nowS: () => T, systemClock: () => Promise.resolve(system) }); });

  it("is contradicted by more than half of the boards that know the time, and by nothing less", async () => {
    const boxes: DeviceClient[] = [];
    for (let number = 1; number <= 4; number++) boxes.push(await DeviceClient.create(server, `box-${number}`));
    const verdict = async (...clocks: number[]): Promise<[string, number, number, number | null]> => {
      for (const [index, clock] of clocks.entries()) await boxes[index]!.upload(status({ 0: 1, 1: 100, 8: clock }));
      const { verdict: said, boards, differing, offsetS } = await ownClock(server.database, T, system);
      const health = await (await fetch(`${server.url}/healthz`)).json() as { ok: boolean; clock: string };
      assert.deepEqual(health, { ok: true, clock: said });
      return [said, boards, differing, offsetS];
    };
    assert.deepEqual(await verdict(), ["right", 0, 0, null]);
    assert.deepEqual(await verdict(0, 0, 0, 0), ["right", 0, 0, null], "boards that do not know the time say nothing");
    assert.deepEqual(await verdict(T + 300, T - 300, T, 0), ["right", 3, 0, null]);
    assert.deepEqual(await verdict(T + 301, T, T, 0), ["right", 3, 1, 301]);
    assert.deepEqual(await verdict(T + 21_600, T + 21_590, T, 0), ["contradicted", 3, 2, 21_590]);
    assert.deepEqual(await verdict(T + 21_600, T + 21_590, T, T), ["right", 4, 2, 21_590], "half is not more than half");
    assert.deepEqual(await verdict(T - 21_600, 0, 0, 0), ["contradicted", 1, 1, -21_600]);
    await server.database.query("UPDATE exosphere.device SET enabled = false WHERE id = 'box-1'");
    assert.deepEqual(await verdict(), ["right", 0, 0, null], "a disabled board is no evidence");
    await server.database.query("UPDATE exosphere.device SET enabled = true");
  });

  it("is told to people with what the system says, and not to strangers", async () => {
    system = "unsynchronised";
    await saveAccount(server.database, "anna", "a long enough pass phrase", "viewer", "test");
    for (const [clock, verdict] of [[T, "unsynchronised"], [T - 21_600, "contradicted"]] as const) {
      await server.database.query("UPDATE exosphere.device SET clock_offset_s = CASE WHEN id = 'box-1' THEN $1::integer END", [clock - T]);
      const token = await issueSecret(server.database, "anna", "token", "", server.context.accountNowS(), 3600);
      const answer = await fetch(`${server.url}/api/v1/clock`, { headers: { authorization: `Bearer ${token}` } });
      const said = await answer.json() as OwnClock;
      assert.deepEqual([said.system, said.verdict, said.time, said.boards], ["unsynchronised", verdict, T, 1]);
    }
    assert.equal((await fetch(`${server.url}/api/v1/clock`)).status, 401);
    assert.equal((await (await fetch(`${server.url}/healthz`)).json() as { clock: string }).clock, "contradicted", "what the system says is not told to strangers");
  });
});
