/*
 * A board on the real interpreter with two slots, beside the real endpoint that offers it releases.
 *
 * Input: an interpreter; small programs as releases. Output: which slot runs, and what the endpoint has heard. Invariants: the
 * program in slot a is the shipped one with the parts of boards that have two slots; only the second place is smaller,
 * because a PC's image has no room for two whole slots. A PC has no watchdog: killing the process does what one would.
 */
import assert from "node:assert/strict";
import { LINUX_MARK_ADDRESS, LINUX_PAGE_BYTES } from "../../boards/espruino_flash";
import { readRelease, releaseBytes } from "../../exosphere/releases/release_file";
import type { Rollout } from "../../exosphere/releases/release_documents";
import { addRelease, addReleaseKey } from "../../exosphere/releases/release_store";
import { createRollout, readRollout } from "../../exosphere/releases/rollout_store";
import { onlyRow } from "../../exosphere/invariant";
import { openKeyValueStore } from "../../firmware/store/key_value_store";
import { openLayout } from "../../firmware/store/layout";
import { putInForce } from "../../firmware/update/marks";
import { storeUpdate } from "../../firmware/update/update_record";
import { createHostCrypto } from "../../hal/host/crypto";
import { slotOf } from "../../tools/build/slot";
import { buildRelease } from "../../tools/release/build_release";
import { lmsSign, lmsTree } from "../../tools/release/lms_signer";
import { openGarage, type Garage } from "../../tools/world/garage";
import { flashOf, interpreterDocument, LINUX_BOARD, LINUX_RELEASE, twoSlotFiles } from "../boards/interpreter_board";
import { KEY, SECRET } from "../unit/update/update_world";
import { wait } from "./driver";
import type { Interpreter } from "./interpreter";
import { openTwoSlotBoard } from "./two_slot_board";

const TREE = lmsTree(SECRET);
/** Longest waits, 100 ms and 50 ms each. */
const HEARD_TRIES = 600;
const FETCH_TRIES = 2000;

/** A release of one small program, signed with the leaf of its number. */
export function smallRelease(number: number, program: string): Buffer {
  const slot = Buffer.from(slotOf({ ...LINUX_RELEASE, number, version: `0.0.${String(number)}` }, program.padEnd(3000, "\n"), { part: "exports.word=1;" }), "latin1");
  const [image] = readRelease(buildRelease([slot]));
  return releaseBytes([{ ...image!, signature: lmsSign(SECRET, TREE, number, image!.text) }]);
}

export class UpdateSite {
  private constructor(readonly garage: Garage, readonly board: Interpreter) {}

  /** A configured board that runs release 1 from slot a, beside an empty place for b, with its pages where their heads say; it trusts the test's key. `files`: others of Storage; those whose names say so run before the loader. */
  static async open(path: string, files: Record<string, string> = {}): Promise<UpdateSite> {
    const garage = await openGarage({ nowS: () => Math.floor(Date.now() / 1000), drivers: [] });
    const document = interpreterDocument(garage) as Record<string, unknown>;
    delete document.readers;
    const board = await openTwoSlotBoard(path, await twoSlotFiles(), document, files);
    board.start();
    await board.printed("sdc runs");
    assert.equal(board.ask(`part("trust").trustKeys(sdc,"${KEY.toString("hex").toUpperCase()}","")`), "");
    // The endpoint offers to whom it knows: the first status has come.
    for (let waited = 0; ; waited++) {
      const [row] = await garage.server.database.query<{ release: number | null }>("SELECT release FROM exosphere.device WHERE release IS NOT NULL");
      if (row !== undefined) break;
      assert.ok(waited < HEARD_TRIES, board.log());
      await wait(100);
    }
    await addReleaseKey(garage.server.database, { publicKey: KEY.toString("hex"), name: "test" }, "test");
    return new UpdateSite(garage, board);
  }

  async close(): Promise<void> {
    await this.board.close();
    await this.garage.server.close();
  }

  /** Begins to roll a release out. The board hears of it with its next start, as with a heartbeat. @returns the roll-out */
  async offer(bytes: Buffer, number: number): Promise<number> {
    const { database } = this.garage.server;
    const nowS = Math.floor(Date.now() / 1000);
    await addRelease(database, bytes, "test", nowS);
    return createRollout(database, { name: "test", release: number, groups: [{ devices: ["garage-1"] }] }, "test", nowS);
  }

  /** A new roll-out of a release that lies in slot b already: the board has taken it up, and tries it with its next start. */
  async offerAgain(number: number): Promise<number> {
    const { database } = this.garage.server;
    const id = await createRollout(database, { name: "again", release: number, groups: [{ devices: ["garage-1"] }] }, "test", Math.floor(Date.now() / 1000));
    const { offer } = onlyRow(await database.query<{ offer: number }>("SELECT offer FROM exosphere.rollout_device WHERE rollout = $1", [id]));
    await this.board.kill();
    const flash = flashOf(this.board);
    try {
      const layout = openLayout(LINUX_BOARD.areas, LINUX_PAGE_BYTES);
      const keyValues = openKeyValueStore(flash, createHostCrypto(), layout!.keyValues);
      assert.equal(storeUpdate(keyValues, { state: "trial", offer, letter: "b", release: number, isAway: false, words: "" }), "stored");
      assert.equal(putInForce(flash, LINUX_MARK_ADDRESS, "b"), "marked");
    } finally {
      flash.close();
    }
    return id;
  }

  /** Starts the board and waits until it restarts into the release. @returns the most variables that were seen meanwhile */
  async fetched(number: number): Promise<number> {
    const { board } = this;
    let worst = 0;
    // While a chain of commands runs nothing is fetched.
    await board.kill();
    board.start();
    for (let waited = 0; board.running(); waited++) {
      assert.ok(waited < FETCH_TRIES, board.log());
      await wait(50);
      if (board.running() && waited % 4 === 0 && board.log().includes("sdc runs")) {
        try {
          worst = Math.max(worst, (board.ask("process.memory()", 2000) as { usage: number }).usage);
        } catch (error) {
          // Restarted while it was asked: this process has not heard of it yet, and the log tells why.
          if (board.running() && !board.log().includes("restart: ")) throw error;
        }
      }
    }
    assert.match(board.log(), new RegExp(`restart: update to release ${String(number)}`));
    return worst;
  }

  /** Starts until the log of a start holds `words`, killing what says nothing for so long, as a watchdog does; gives how many starts it took. */
  async startUntil(words: string, patienceMs = 6000): Promise<number> {
    for (let starts = 1; starts <= 6; starts++) {
      this.board.start();
      const found = await this.board.printed(words, patienceMs).then(() => true, () => false);
      if (found) return starts;
      await this.board.kill();
    }
    throw new Error(`"${words}" never came: ${this.board.log()}`);
  }

  /** Waits until the endpoint has heard of this end of a roll-out. */
  async heard(id: number, state: string): Promise<Rollout> {
    const { database } = this.garage.server;
    for (let waited = 0; ; waited++) {
      const rollout = await readRollout(database, id);
      if (rollout.devices[0]!.state === state) return rollout;
      assert.ok(waited < HEARD_TRIES, `${rollout.devices[0]!.state}: ${this.board.log()}`);
      await wait(100);
    }
  }

  /** Puts slot a into force again, confirmed, in the flash of a stopped board. */
  goBack(): void {
    const flash = flashOf(this.board);
    try {
      assert.equal(putInForce(flash, LINUX_MARK_ADDRESS, "a"), "marked");
      flash.write(LINUX_MARK_ADDRESS + flash.read(LINUX_MARK_ADDRESS, LINUX_PAGE_BYTES).lastIndexOf("SDLa") + 8, "\0\0\0\0");
    } finally {
      flash.close();
    }
  }
}
