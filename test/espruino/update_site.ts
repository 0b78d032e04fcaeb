/*
 * A board on the real interpreter with two slots, beside the real endpoint that offers it releases.
 *
 * Input: an interpreter; small programs as releases. Output: which slot runs, and what the endpoint has heard. Invariants: the
 * program in slot a is the shipped one with the parts of boards that have two slots; only the second place is smaller,
 * because a PC's image has no room for two whole slots. A PC has no watchdog: killing the process does what one would.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { LINUX_IMAGE_ADDRESS, LINUX_MARK_ADDRESS, LINUX_PAGE_BYTES } from "../../boards/espruino_flash";
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
import { placeAt, placedSlot, placeHead, slotOf } from "../../tools/build/slot";
import { buildRelease } from "../../tools/release/build_release";
import { lmsSign, lmsTree } from "../../tools/release/lms_signer";
import { openGarage, type Garage } from "../../tools/world/garage";
import { configure, flashOf, interpreterDocument, LINUX_BOARD, LINUX_PINS, LINUX_RELEASE, twoSlotFiles } from "../boards/interpreter_board";
import { KEY, SECRET } from "../unit/update/update_world";
import { CONTACT_PIN, METER_PIN, rest, wait } from "./driver";
import { Interpreter } from "./interpreter";

const TREE = lmsTree(SECRET);
/** Bytes of the second place: three pages for the document, the others for the slot. */
const PLACE_BYTES = 15 * LINUX_PAGE_BYTES;
/** The interpreter writes the name of a file so many bytes before its content. */
const NAME_BYTES = 28;
/** Longest waits, 100 ms and 50 ms each. */
const HEARD_TRIES = 600;
const FETCH_TRIES = 2000;

/** A release of one small program, signed with the leaf of its number. */
export function smallRelease(number: number, program: string): Buffer {
  const slot = Buffer.from(slotOf({ ...LINUX_RELEASE, number, version: `0.0.${String(number)}` }, program.padEnd(3000, "\n"), { part: "exports.word=1;" }), "latin1");
  const [image] = readRelease(buildRelease([slot]));
  return releaseBytes([{ ...image!, signature: lmsSign(SECRET, TREE, number, image!.text) }]);
}

/** Where the content of a file of Storage begins in the image. */
function contentOf(board: Interpreter, file: string): number {
  const at = readFileSync(board.image).indexOf(Buffer.from(file.padEnd(NAME_BYTES, "\0"), "latin1"));
  assert.ok(at > 0, file);
  return LINUX_IMAGE_ADDRESS + at + NAME_BYTES;
}

export class UpdateSite {
  private constructor(readonly garage: Garage, readonly board: Interpreter) {}

  /** A configured board that runs release 1 from slot a, beside an empty place for b, with its pages where their heads say; it trusts the test's key. */
  static async open(path: string): Promise<UpdateSite> {
    const garage = await openGarage({ nowS: () => Math.floor(Date.now() / 1000), drivers: [] });
    const { slot, loader } = await twoSlotFiles();
    const files = (a: string, b: string): Record<string, string> => ({ ".bootcde": loader, sdc_a: a, sdc_b: b });
    const padded = (place: ReturnType<typeof placeAt>, bytes: number): string => placeHead(place).padEnd(bytes, "\xff");
    // Files of equal lengths lie at equal addresses: the first time tells where.
    const bytesA = slot.length + LINUX_PAGE_BYTES + 64;
    const bytesB = PLACE_BYTES + LINUX_PAGE_BYTES + 64;
    const measure = new Interpreter(path);
    measure.install(files("a".repeat(bytesA), "b".repeat(bytesB)));
    const placeA = placeAt(contentOf(measure, "sdc_a"), bytesA + LINUX_PAGE_BYTES, LINUX_PAGE_BYTES);
    const placeB = placeAt(contentOf(measure, "sdc_b"), bytesB, LINUX_PAGE_BYTES);
    await measure.close();
    assert.ok(placeB.bytes >= PLACE_BYTES - LINUX_PAGE_BYTES, String(placeB.bytes));
    const board = new Interpreter(path);
    board.wirePins(LINUX_PINS);
    board.install(files(placedSlot(slot, placeA).padEnd(bytesA, "\xff"), padded(placeB, bytesB)));
    assert.equal(contentOf(board, "sdc_b") + placeB.at, placeB.address);
    const document = interpreterDocument(garage) as Record<string, unknown>;
    delete document.readers;
    configure(board, document);
    rest(board, [CONTACT_PIN, METER_PIN]);
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
