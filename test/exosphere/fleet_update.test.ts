/*
 * From a release to a fleet: thirty boards in three groups over real HTTP, and a bad release that its threshold stops.
 *
 * Input: the real endpoint; devices on mocks in slots, each behind a loader; signed releases. Output: what each board
 * runs and has said. Invariant: no board is lost: each runs a whole version and is heard by the endpoint.
 */
import assert from "node:assert/strict";
import { issueSecret, saveAccount } from "../../exosphere/accounts/account";
import { createDevice } from "../../exosphere/devices/device_store";
import { releaseBytes } from "../../exosphere/releases/release_file";
import { type RunningServer, startServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/tables/table_store";
import { createHostHttp } from "../../hal/host/http";
import { settlingHttp, type SettlingHttp } from "../../tools/world/settling_http";
import { createUpdateBoard, type UpdateBoard } from "../boards/update_board";
import { imageFor } from "../unit/update/over_the_air_images";
import { KEY } from "../unit/update/update_world";
import { WALLBOX } from "./wallbox_table";

const BOARDS = 30;
/** Milliseconds of a board between two ticks. */
const STEP_MS = 500;

interface Board { desk: UpdateBoard; http: SettlingHttp; release(): string }

describe("a fleet gets a release", function () {
  this.timeout(600_000);
  let server: RunningServer;
  let headers: Record<string, string>;
  const boards: Board[] = [];
  /** The endpoint's clock runs with the boards'. */
  let nowS = 1_800_000_000;

  const ask = async (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const raw = Buffer.isBuffer(body);
    const answer = await fetch(`${server.url}/api/v1${path}`, { method, headers: { ...headers, ...body === undefined ? {} : { "content-type": raw ? "application/octet-stream" : "application/json" } }, ...body === undefined ? {} : { body: raw ? new Uint8Array(body) : JSON.stringify(body) } });
    const document = await answer.json() as Record<string, unknown>;
    assert.ok(answer.ok, JSON.stringify(document));
    return document;
  };
  const rollout = async (id: unknown): Promise<{ state: string; groups: { confirmed: number; failed: number }[]; devices: { device: string; state: string; reason: string }[] }> => await ask("GET", `/rollouts/${String(id)}`) as never;

  before(async () => {
    server = await startServer({ port: 0, nowS: () => Math.floor(nowS), limits: { deviceRequestsPerMinute: 1e6, pageRequestsPerMinute: 1e6, loginsPerMinute: 1e6 } });
    await createTable(server.database, WALLBOX, "test");
    await saveAccount(server.database, "root", "a long password", "admin", "test");
    headers = { authorization: `Bearer ${await issueSecret(server.database, "root", "token", "", server.context.accountNowS(), 3600)}` };
    await ask("POST", "/release-keys", { publicKey: KEY.toString("hex"), name: "garage2026" });
    for (let index = 0; index < BOARDS; index++) {
      const id = `box-${String(index).padStart(2, "0")}`;
      const { keyId, keyHex } = await createDevice(server.database, server.secret, id, undefined, "test");
      const http = settlingHttp(createHostHttp());
      const desk = createUpdateBoard(imageFor(1).slot, imageFor(1), KEY, (document) => {
        document.endpoint = { url: server.url, keyId, key: keyHex };
        (document.device as { id: string }).id = id;
        document.table = { ...document.table as object, columns: [{ id: 1, name: "start", type: "datetime", content: "session.start" }] };
      }, http, index + 1);
      boards.push({ desk, http, release: () => Buffer.from(desk.flash.bytes.subarray(0xc000 + (desk.running === "a" ? 0 : 40 * 1024) + 48, 0xc000 + (desk.running === "a" ? 0 : 40 * 1024) + 56)).toString("latin1").replace(/^0+/, "") });
    }
  });
  after(() => server.close());

  async function run(seconds: number): Promise<void> {
    for (let passed = 0; passed < seconds * 1000; passed += STEP_MS) {
      for (const { desk } of boards) desk.step(STEP_MS);
      await Promise.all(boards.map(({ http }) => http.settled()));
      nowS += STEP_MS / 1000;
    }
  }

  it("group after group, and each board confirms it; a bad one is tried by the first group alone, and no board is lost", async () => {
    await run(30);
    await ask("POST", "/releases", releaseBytes([imageFor(2)]));
    const { id } = await ask("POST", "/rollouts", { name: "spring", release: 2, groups: [{ devices: ["box-03", "box-17"] }, { percent: 50, successPercent: 80 }, { percent: 100 }] });
    let seconds = 0;
    const order: number[] = [];
    for (; seconds < 12_000 && (await rollout(id)).state === "running"; seconds += 60) {
      await run(60);
      order.push(boards.filter((board) => board.release() === "2").length);
    }
    const good = await rollout(id);
    assert.deepEqual([good.state, good.groups.map(({ confirmed, failed }) => [confirmed, failed])], ["finished", [[2, 0], [14, 0], [14, 0]]]);
    // Two, then sixteen, then all.
    assert.deepEqual([...new Set(order)].filter((count) => [0, 2, 16, 30].includes(count)), [0, 2, 16, 30]);
    assert.ok(boards.every((board) => board.release() === "2"));

    // Throws at its start, on each board.
    for (const { desk } of boards) desk.starts = (letter) => Buffer.from(desk.flash.bytes.subarray(0xc000 + (letter === "a" ? 0 : 40 * 1024) + 48, 0xc000 + (letter === "a" ? 0 : 40 * 1024) + 56)).toString("latin1") !== "00000003";
    await ask("POST", "/releases", releaseBytes([imageFor(3)]));
    const bad = await ask("POST", "/rollouts", { name: "bad", release: 3, groups: [{ devices: ["box-00", "box-01", "box-02"], errorPercent: 50 }, { percent: 100 }] });
    for (let waited = 0; waited < 4000 && (await rollout(bad.id)).state === "running"; waited += 60) await run(60);
    await run(2000);
    const stopped = await rollout(bad.id);
    assert.equal(stopped.state, "stopped");
    assert.deepEqual(stopped.devices.filter(({ state }) => state === "returned").map(({ reason }) => reason), ["crashed", "crashed", "crashed"]);
    assert.equal(stopped.groups[0]!.failed, 3);
    assert.ok(stopped.devices.slice(3).every(({ state }) => state === "waiting"));
    assert.deepEqual(boards.map((board) => board.release()), Array.from({ length: BOARDS }, () => "2"));
    const programs = await ask("GET", "/programs") as unknown as { release: number }[];
    assert.ok(programs.every(({ release }) => release === 2));
  });
});
