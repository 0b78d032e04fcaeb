/*
 * The list of users on its way from the endpoint into flash, through the fault proxy.
 *
 * Input: the real endpoint with some hundred people, the real uploader and sync module. Output: test
 * results. Invariant: a card is found on the board with the fields that the endpoint has, or the old list
 * is still whole.
 */
import assert from "node:assert/strict";
import type { RunningServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/tables/table_store";
import { savePerson } from "../../exosphere/people/user_store";
import { findUser, userField } from "../../firmware/session/users";
import { openBlob, readBlob, type Blob } from "../../firmware/store/blob";
import { createUsersDownload, usersDownloadTick } from "../../firmware/sync/users_download";
import { createMockCrypto } from "../../hal/mock/crypto";
import { createMockFlash } from "../../hal/mock/flash";
import type { FaultPlan } from "../../tools/emulator/fault_proxy";
import { bothDatabases } from "./both_databases";
import { openNetworkTestBoard, type NetworkTestBoard } from "../boards/network_board";
import { WALLBOX } from "./wallbox_table";

const cardOf = (person: number): string => (0x04000000 + person * 65537).toString(16).padStart(8, "0").toUpperCase();
const PEOPLE = 150;

bothDatabases("the list of users", (site) => {
  let server: RunningServer;
  let board: NetworkTestBoard;
  let blob: Blob;
  let made = 0;

  before(async () => {
    server = await site.start({ onFault: (error) => { if (error.message !== "aborted") throw error; } });
    await createTable(server.database, WALLBOX, "test");
    for (let person = 1; person <= PEOPLE; person++) {
      await savePerson(server.database, undefined, { cards: [cardOf(person)], fields: { name: `Jörg ${person}`, company: "x".repeat(person % 60) } }, "test");
    }
  });
  beforeEach(async () => {
    board = await openNetworkTestBoard(server, `users-${++made}`);
    blob = openBlob(createMockFlash(65536), createMockCrypto(), { address: 0, bytes: 65536 });
  });
  afterEach(() => board.close());

  /** Fetches until the module has an outcome; `meanwhile` runs once, in the middle of it. */
  async function fetchUsers(version: number, meanwhile: () => Promise<unknown> = () => Promise.resolve()): Promise<{ outcome: string; version: number }> {
    const sync = createUsersDownload(version);
    let outcome = "working";
    let didMeanwhile = false;
    board.onTick = (uploader, now) => {
      if (outcome === "working") outcome = usersDownloadTick(sync, uploader, blob, now);
    };
    for (let seconds = 0; outcome === "working"; seconds++) {
      assert.ok(seconds < 20_000, "the fetch does not end");
      await board.run(1);
      if (!didMeanwhile && sync.offset > 0) {
        didMeanwhile = true;
        await meanwhile();
      }
    }
    board.onTick = () => undefined;
    return { outcome, version: sync.version };
  }

  function nameOf(person: number): string {
    const user = findUser({ read: (offset, length) => readBlob(blob, offset, length) ?? "", bytes: blob.length, sha256: blob.crypto.sha256 }, cardOf(person), 0);
    return Buffer.from(userField(user.fields, 0), "latin1").toString("utf8");
  }

  it("arrives whole, and every card is found in it", async () => {
    const { outcome } = await fetchUsers(0);
    assert.equal(outcome, "stored");
    for (let person = 1; person <= PEOPLE; person++) assert.equal(nameOf(person), `Jörg ${person}`);
  });

  it("is not fetched again when the board has it", async () => {
    const { version } = await fetchUsers(0);
    const before = board.proxy.connections;
    assert.equal((await fetchUsers(version)).outcome, "same");
    assert.equal(board.proxy.connections - before, 1);
  });

  it("arrives through cuts, portals and repeats, while rows are uploaded", async () => {
    const plans: FaultPlan[] = [{ answerCutAt: 700 }, {}, { requestCutAt: 100 }, { answer: "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nportal login" }, {}, { repeatAfter: 1 }, { refuse: true }, {}, { answerCutAt: 1 }];
    board.proxy.plan = () => plans.shift() ?? {};
    const { outcome } = await fetchUsers(0, () => Promise.resolve(board.addSessions(5)));
    assert.equal(outcome, "stored");
    await board.drain(2000);
    await board.check();
    assert.equal(nameOf(PEOPLE), `Jörg ${PEOPLE}`);
    assert.deepEqual(plans, []);
  });

  it("begins again when it changes on the way, and is then the new one", async () => {
    const { outcome } = await fetchUsers(0, () => savePerson(server.database, undefined, { cards: [cardOf(999)], fields: { name: "New" } }, "test"));
    assert.equal(outcome, "stored");
    assert.equal(nameOf(999), "New");
  });

  it("stays the old one when the endpoint cannot be reached any more", async () => {
    await fetchUsers(0);
    const generation = blob.generation;
    board.proxy.plan = () => ({ answerCutAt: 200 });
    assert.equal((await fetchUsers(1)).outcome, "failed");
    assert.equal(blob.generation, generation);
    assert.equal(nameOf(1), "Jörg 1");
    assert.equal(board.uploader().httpInUseElsewhere, false);
  });

  it("stays the old one when the new one does not fit the board", async () => {
    blob = openBlob(createMockFlash(8192), createMockCrypto(), { address: 0, bytes: 8192 });
    assert.equal((await fetchUsers(0)).outcome, "failed");
    assert.equal(blob.generation, 0);
  });
});
