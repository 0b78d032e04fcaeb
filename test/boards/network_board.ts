/*
 * The firmware's uploader on a real ring, talking through the fault proxy to the real endpoint.
 *
 * Input: a running server and a device id. Output: a board whose time stands still while an exchange is
 * under way, and what SQL says about its sessions. Invariant: rows are those of sessions, start and end.
 */
import assert from "node:assert/strict";
import { createDevice } from "../../exosphere/devices/device_store";
import type { RunningServer } from "../../exosphere/start_server";
import { bytesOfHex } from "../../firmware/base/bytes";
import { appendRecord } from "../../firmware/store/ring";
import { uploaderTick, type Uploader } from "../../firmware/uplink/uploader";
import type { Instant } from "../../hal/ports";
import { createHostHttp } from "../../hal/host/http";
import { createMockFlash } from "../../hal/mock/flash";
import { createMockBoard } from "../../hal/mock/index";
import { openFaultProxy, type FaultProxy } from "../../tools/emulator/fault_proxy";
import { settlingHttp } from "../../tools/world/settling_http";
import { testConfiguration } from "./connector_board";
import { row } from "../exosphere/device_client";
import { startUplink, type UplinkParts } from "./parts/uplink";

const AREA = { address: 0, bytes: 256 * 1024 };
const T = 1767225600;

export interface NetworkTestBoard {
  proxy: FaultProxy;
  uploader(): Uploader;
  /** Further work of the board at each tick, after its uploader. */
  onTick: (uploader: Uploader, now: Instant) => void;
  /** A session's start and end go into the ring. */
  addSessions(count: number): void;
  /** Seconds of the board, in ticks of half a second. */
  run(seconds: number): Promise<void>;
  drain(seconds: number): Promise<void>;
  restart(): void;
  /** Fails unless the database holds each session once, whole, and nothing else of this device. */
  check(): Promise<void>;
  close(): Promise<void>;
}

export async function openNetworkTestBoard(server: RunningServer, id: string, seed = 1): Promise<NetworkTestBoard> {
  const made = await createDevice(server.database, server.secret, id, undefined, "test");
  const proxy = await openFaultProxy(server.url);
  const mock = createMockBoard({ flash: createMockFlash(AREA.bytes), seed, epochS: T });
  // A time-out of 20 s lasts 0.5 s here: only a swallowed request ever waits for it.
  const http = settlingHttp(createHostHttp({ timeoutFactor: 0.025 }));
  const ports = { ...mock, http };
  const configuration = testConfiguration({ url: proxy.url, deviceId: id, keyId: made.keyId, key: bytesOfHex(made.keyHex.toUpperCase()) ?? "" });
  let boot = 0;
  let sessions = 0;
  const start = (): UplinkParts => startUplink(ports, AREA, configuration, ++boot);
  let now = start();

  const board: NetworkTestBoard = {
    proxy,
    uploader: () => now.uploader,
    onTick: () => undefined,
    addSessions(count) {
      for (let index = 0; index < count; index++) {
        const session = ++sessions;
        const cells = { 1: { epochS: T + session }, 3: { uid: "04A22B91" }, 7: `0.${session}` };
        assert.equal(appendRecord(now.ring, row(1, now.ring.nextSequence, 1, session, cells)), "stored");
        assert.equal(appendRecord(now.ring, row(2, now.ring.nextSequence, 1, session, { ...cells, 2: { epochS: T + session + 60 }, 4: session, 8: 60 })), "stored");
      }
    },
    async run(seconds) {
      const instant = { ms: 0, s: 0 };
      for (let tick = 0; tick < seconds * 2; tick++) {
        mock.clock.advance(500);
        mock.clock.read(instant);
        uploaderTick(now.uploader, instant);
        board.onTick(now.uploader, instant);
        await http.settled();
      }
    },
    async drain(seconds) {
      for (let passed = 0; now.ring.pending > 0 || now.uploader.state !== "idle"; passed += 10) {
        assert.ok(passed <= seconds, `${now.ring.pending} rows still wait after ${seconds} s: ${now.uploader.uploadError}`);
        await board.run(10);
      }
      await proxy.settled();
    },
    restart() {
      http.cancel();
      mock.boot();
      now = start();
    },
    async check() {
      const rows = await server.database.query<{ session: number; energy: number; reading: string; starts: number; ends: number }>(
        `SELECT _session::int AS session, energy::int AS energy, reading::text AS reading, (_start_sequence IS NOT NULL)::int AS starts, (_end_sequence IS NOT NULL)::int AS ends
         FROM "wallbox sessions" WHERE _device = $1 ORDER BY _session`, [id]);
      assert.deepEqual(rows.map(({ session, energy, reading, starts, ends }) => [session, energy, reading, starts, ends]),
        Array.from({ length: sessions }, (_, index) => [index + 1, index + 1, `0.${index + 1}`, 1, 1]));
      const aside = await server.database.query("SELECT sequence, reason FROM exosphere.quarantine WHERE device = $1", [id]);
      assert.deepEqual(aside, []);
      assert.equal(now.ring.quarantined, 0);
    },
    close: () => proxy.close(),
  };
  return board;
}
