/*
 * A board whose counters are lost recovers without help, and no number is used twice.
 *
 * Input: a whole device on mock flash, the real endpoint over a socket; pages of flash erased in between.
 * Output: rows and quarantine in SQL. Invariants: time is the test's; the board is told by signed answers only.
 */
import assert from "node:assert/strict";
import { addKey, createDevice as registerDevice } from "../../exosphere/devices/device_store";
import type { RunningServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/tables/table_store";
import { tick, type Device } from "../../firmware/device";
import { createDevice } from "../../firmware/boot";
import { provision } from "../../firmware/configuration/provision";
import { openLayout } from "../../firmware/store/layout";
import { createHostHttp } from "../../hal/host/http";
import { settlingHttp } from "../../tools/world/settling_http";
import { createBlankTestBoard, bytesOf, exampleDocument } from "../boards/device_board";
import { bothDatabases } from "./both_databases";
import { WALLBOX } from "./wallbox_table";

const T = 1767225600;
const COLUMNS = WALLBOX.columns.filter(({ content }) => ["session.start", "session.end", "session.energy", "session.clock"].includes(content));

/** A device of the endpoint and the board that plays it. */
class Player {
  readonly desk = createBlankTestBoard();
  readonly http = settlingHttp(createHostHttp());
  device!: Device;
  nowS = 0;

  constructor(private readonly document: object) {}

  static async create(server: RunningServer, id: string): Promise<Player> {
    const key = await registerDevice(server.database, server.secret, id, undefined, "test");
    return Player.withKey(server, key);
  }

  static withKey(server: RunningServer, key: { keyId: string; keyHex: string }): Player {
    const player = new Player({ ...exampleDocument(), endpoint: { url: server.url, keyId: key.keyId, key: key.keyHex }, table: { id: 1, rowMode: "session", writeAt: "both", columns: COLUMNS } });
    player.provision();
    return player;
  }

  provision(): void {
    assert.equal(provision(this.desk.board, this.desk.description, bytesOf(this.document as Record<string, unknown>)), "");
    for (const pin of [25, 26]) this.desk.board.pins.set(pin, 1);
    this.start();
  }

  start(): void {
    this.http.cancel();
    this.desk.board.boot();
    this.device = createDevice({ ...this.desk.board, http: this.http }, this.desk.description)!;
  }

  eraseState(): void {
    const { keyValues: state } = openLayout(this.desk.description.areas, this.desk.flash.pageBytes)!;
    this.desk.flash.bytes.fill(0xff, state.address, state.address + state.bytes);
  }

  async run(seconds: number): Promise<void> {
    for (let ticks = 0; ticks < seconds * 5; ticks++) {
      this.desk.board.clock.advance(200);
      tick(this.device);
      await this.http.settled();
    }
  }

  /** A car is plugged in for a minute. */
  async session(): Promise<void> {
    this.desk.board.pins.set(26, 0);
    await this.run(60);
    this.desk.board.pins.set(26, 1);
    await this.run(10);
  }

  set online(on: boolean) {
    this.desk.board.link.reachable = on;
  }
}

interface Stored { session: number; first: number; last: number; clock: string }

bothDatabases("a board that has forgotten its numbers", (site) => {
  let server: RunningServer;
  let made = 0;
  let player: Player;
  const id = (): string => `forgetful-${made}`;
  const stored = (): Promise<(Stored & Record<string, unknown>)[]> => server.database.query(
    `SELECT _session AS session, _start_sequence AS first, _end_sequence AS last, clock FROM public."wallbox sessions" WHERE _device = $1 ORDER BY _session`, [id()]);
  const refused = async (): Promise<unknown[]> => (await server.database.query("SELECT reason FROM exosphere.quarantine WHERE device = $1 ORDER BY sequence", [id()])).map(({ reason }) => reason);

  before(async () => {
    server = await site.start({ nowS: () => T + 1000 + (player === undefined ? 0 : Math.floor(player.desk.board.clock.worldMs / 1000)) });
    await createTable(server.database, WALLBOX, "test");
  });
  beforeEach(async () => {
    made++;
    player = await Player.create(server, id());
    await player.session();
    await player.session();
    assert.deepEqual((await stored()).map(({ session }) => session), [1, 2]);
  });

  /** These sessions are there, each with the sequences of its start and its end, and no other. */
  async function allWhole(...sessions: [session: number, first: number, last: number][]): Promise<void> {
    assert.deepEqual((await stored()).map(({ session, first, last }) => [session, first, last]), sessions);
    assert.deepEqual(await refused(), []);
  }

  it("goes on at once under a made-up boot number when both state pages are lost", async () => {
    player.eraseState();
    player.start();
    await player.session();
    await player.session();
    assert.equal(player.device.wall.boot, 17_205_725, "1,000,000 and 24 bits of chance");
    await allWhole([1, 1, 3], [2, 4, 5], [6, 6, 8], [7, 9, 10]);
  });

  it("is told the next numbers when what it made up is too low, and keeps what it wrote before", async () => {
    player.eraseState();
    const crypto = player.desk.board.crypto;
    const random = crypto.random;
    crypto.random = (count) => "\xff".repeat(count);
    player.start();
    await player.session();
    crypto.random = (count) => "\x01".repeat(count);
    player.eraseState();
    player.online = false;
    player.start();
    await player.session();
    const before = player.device.wall.boot;
    player.online = true;
    await player.run(60);
    crypto.random = random;
    assert.deepEqual([before, player.device.wall.boot], [1_065_794, 17_777_217], "above the highest number that the endpoint knows");
    await player.session();
    await allWhole([1, 1, 3], [2, 4, 5], [6, 6, 8], [9, 9, 10], [10, 13, 14]);
    assert.equal((await stored())[3]!.clock, "backfilled");
  });

  it("goes on above the old numbers when all of its flash was erased", async () => {
    player.desk.flash.bytes.fill(0xff);
    player.provision();
    await player.run(30);
    await player.session();
    player.start();
    await player.session();
    await allWhole([1, 1, 3], [2, 4, 5], [3, 7, 8], [4, 9, 11]);
  });

  it("goes on above the numbers of the board that it replaces under a new key", async () => {
    const key = await addKey(server.database, server.secret, id(), "test");
    const old = player;
    player = Player.withKey(server, key);
    player.desk.board.clock.advance(old.desk.board.clock.worldMs);
    await player.run(30);
    await player.session();
    await allWhole([1, 1, 3], [2, 4, 5], [3, 8, 9]);
  });

  it("loses nothing of what it wrote under used numbers, and completes no other board's session", async () => {
    // The old board dies in its third session.
    player.desk.board.pins.set(26, 0);
    await player.run(30);
    player.desk.flash.bytes.fill(0xff);
    player.online = false;
    player.provision();
    for (let session = 0; session < 4; session++) await player.session();
    player.online = true;
    await player.run(120);
    await player.session();
    assert.deepEqual((await stored()).map(({ session, first, last }) => [session, first, last]), [[1, 1, 3], [2, 4, 5], [3, 6, null], [4, 7, 8], [5, 10, 11]], "the open session stays open");
    // Nine sessions of two boards: nine halves are stored, and six that have a used number are kept.
    assert.deepEqual(await refused(), Array(6).fill("sequence used by another row"));
  });
});
