/*
 * An update over the air on the real interpreter, both forms: over real HTTP from the real endpoint, through the real loader.
 *
 * Input: the shipped program with the modules of boards that have two slots, in a flash image whose second place has
 * room for a small release; signed releases. Output: which slot runs, and what the endpoint has heard. Invariant: the
 * program is the shipped one; only its place is smaller, because a PC's image has no room for two whole slots.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { LINUX_IMAGE_ADDRESS, LINUX_PAGE_BYTES } from "../../boards/espruino_flash";
import { readRelease, releaseBytes } from "../../exosphere/releases/release_file";
import { addRelease, addReleaseKey } from "../../exosphere/releases/release_store";
import { createRollout, readRollout } from "../../exosphere/releases/rollout_store";
import { placeAt, placedSlot, placeHead, slotOf } from "../../tools/build/slot";
import { buildRelease } from "../../tools/release/build_release";
import { lmsSign, lmsTree } from "../../tools/release/lms_signer";
import { openGarage, type Garage } from "../../tools/world/garage";
import { configure, interpreterDocument, LINUX_PINS, LINUX_RELEASE, twoSlotFiles } from "../boards/interpreter_board";
import { KEY, SECRET } from "../unit/update/update_world";
import { CONTACT_PIN, METER_PIN, rest, wait } from "./driver";
import { forms, Interpreter } from "./interpreter";

const TREE = lmsTree(SECRET);
/** Bytes of the second place: six pages for the document, the others for the slot. */
const PLACE_BYTES = 15 * LINUX_PAGE_BYTES;
/** The interpreter writes the name of a file so many bytes before its content. */
const NAME_BYTES = 28;

/** A release of one small program. */
function release(number: number, program: string): Buffer {
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

for (const { name, path } of forms()) {
  describe(`an update over the air on ${name}`, function () {
    this.timeout(300000);
    let garage: Garage;
    let board: Interpreter;

    before(function () {
      if (path === "") this.skip();
    });
    afterEach(async () => {
      await board.close();
      await garage.server.close();
    });

    /** A configured board that runs release 1 from slot a, beside an empty place for b, with its pages where their heads say. */
    async function started(): Promise<void> {
      garage = await openGarage({ nowS: () => Math.floor(Date.now() / 1000), drivers: [] });
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
      board = new Interpreter(path);
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
        assert.ok(waited < 600, board.log());
        await wait(100);
      }
      await addReleaseKey(garage.server.database, { publicKey: KEY.toString("hex"), name: "test" }, "test");
    }

    /** Rolls a release out, lets the board hear of it at once, and waits for the restart into it. */
    async function offer(bytes: Buffer, number: number): Promise<{ id: number; worst: number }> {
      const { database } = garage.server;
      const nowS = Math.floor(Date.now() / 1000);
      await addRelease(database, bytes, "test", nowS);
      const id = await createRollout(database, { name: "test", release: number, groups: [{ devices: ["garage-1"] }] }, "test", nowS);
      let worst = 0;
      // As a heartbeat does it after a quarter of an hour; while a chain of commands runs nothing is fetched.
      await board.kill();
      board.start();
      for (let waited = 0; board.running(); waited++) {
        assert.ok(waited < 2000, board.log());
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
      return { id, worst };
    }

    /** Starts until the log of a start holds `words`; gives how many starts it took. */
    async function startUntil(words: string): Promise<number> {
      for (let starts = 1; starts <= 6; starts++) {
        board.start();
        const found = await board.printed(words, 6000).then(() => true, () => false);
        if (found) return starts;
        await board.kill();
      }
      throw new Error(`"${words}" never came`);
    }

    it("fetches a signed release, writes its slot, and starts it through the loader", async () => {
      await started();
      const { worst } = await offer(release(2, `print("release two runs");`), 2);
      console.log(`      at most ${String(worst)} variables seen while updating`);
      assert.equal(await startUntil("release two runs"), 1);
    });

    it("comes back from a release that throws at each start, after three of them, and the endpoint hears why", async () => {
      await started();
      const { id } = await offer(release(2, `print("release two fails");nothing.at.all();`), 2);
      assert.equal(await startUntil("sdc runs"), 4);
      let device = (await readRollout(garage.server.database, id)).devices[0]!;
      for (let waited = 0; device.state !== "returned"; waited++) {
        assert.ok(waited < 600, `${device.state}: ${board.log()}`);
        await wait(100);
        device = (await readRollout(garage.server.database, id)).devices[0]!;
      }
      assert.deepEqual([device.state, device.reason], ["returned", "crashed"]);
      assert.equal((await readRollout(garage.server.database, id)).state, "stopped");
    });
  });
}
