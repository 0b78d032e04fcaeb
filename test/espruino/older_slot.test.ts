/*
 * A version from before on the real interpreter: today's reads its store, and it starts again after today's was tried.
 *
 * Input: test/golden/slot/linux_aeba2a6.slot.gz, the shipped slot of commit aeba2a6 (version 0.1.0, on-flash format 1), kept as
 * it was built; the shipped program of today. Output: test results. Invariant: no row is lost and no session doubled, whichever
 * version stored it and whichever sent it; the configuration lies where both look for it.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { placedSlot, slotIndex } from "../../tools/build/slot";
import { root } from "../../tools/root";
import { openGarage, type Garage } from "../../tools/world/garage";
import { configure, interpreterDocument, LINUX_PINS, shippedFiles } from "../boards/interpreter_board";
import { charge, CONTACT_PIN, rest, takeEnergy } from "./driver";
import { forms, Interpreter } from "./interpreter";
import { loggedSessions, missingSessions, type Logged } from "./logged";

const SHA256 = "91d57bd475d035fec749c97b025084416157d822da73f54d2ab4aca8b747fdc6";
const OLD = gunzipSync(readFileSync(join(root, "test", "golden", "slot", "linux_aeba2a6.slot.gz")));
/** The interpreter writes the name of a file so many bytes before its content. */
const NAME_BYTES = 28;

/** Writes another slot over the file of the one in a stopped board's image. */
function putSlot(board: Interpreter, place: string): void {
  const at = readFileSync(board.image).indexOf(Buffer.from("sdc_a".padEnd(NAME_BYTES, "\0"), "latin1"));
  assert.ok(at > 0);
  const file = openSync(board.image, "r+");
  writeSync(file, Buffer.from(place, "latin1"), 0, place.length, at + NAME_BYTES);
  closeSync(file);
}

for (const { name, path } of forms()) {
  describe(`a version from before on ${name}`, () => {
    let garage: Garage;
    let board: Interpreter;

    before(function () {
      if (path === "") this.skip();
    });
    afterEach(async () => {
      await board.close();
      await garage.server.close();
    });

    it("is read by today's with its open session and its rows, and starts after it with the rows that it left", async function () {
      this.timeout(600000);
      assert.equal(createHash("sha256").update(OLD).digest("hex"), SHA256);
      assert.equal(slotIndex(OLD.toString("latin1"))?.version, "0.1.0");
      garage = await openGarage({ nowS: () => Math.floor(Date.now() / 1000), drivers: [] });
      const { ".bootcde": loader, sdc_a: today } = await shippedFiles();
      const bytes = Math.max(today!.length, placedSlot(OLD.toString("latin1")).length);
      const places = { old: placedSlot(OLD.toString("latin1")).padEnd(bytes, "\xff"), today: today!.padEnd(bytes, "\xff") };
      board = new Interpreter(path);
      board.wirePins(LINUX_PINS);
      board.install({ ".bootcde": loader!, sdc_a: places.old });
      configure(board, interpreterDocument(garage));
      rest(board);
      const logged: Logged = { starts: new Set(), ends: new Set() };
      /** Starts a version on the flash as it is. */
      const start = async (place: string): Promise<void> => {
        if (board.running()) loggedSessions(board.log(), logged);
        await board.kill();
        putSlot(board, place);
        board.start();
        await board.printed("sdc runs");
        assert.equal(board.ask(`require("Storage").read("sdc_a",base*4+4,10)`), place.slice(Number(place.slice(4, 12)) + 4).slice(0, 10), "CRC of the slot that runs");
      };
      await start(places.old);
      // One session whole, one open with energy: killed before its rows could be sent.
      await charge(board, 1, 3);
      board.setPin(CONTACT_PIN, 0);
      await board.printed(" 2 start ");
      await takeEnergy(board, 2);
      await start(places.today);
      await takeEnergy(board, 2);
      board.setPin(CONTACT_PIN, 1);
      await board.printed(" 2 end ");
      await charge(board, 3, 2);
      assert.deepEqual(await missingSessions(garage, logged, board), []);

      // Today's leaves a row that was not sent, and the old one goes on with it.
      await charge(board, 4, 1);
      await start(places.old);
      assert.deepEqual(await missingSessions(garage, logged, board), []);
      assert.deepEqual([...logged.ends].sort((a, b) => a - b), [1, 2, 3, 4]);
      // It cannot read the record of a session that today's wrote, so it numbers on from its rows: no number comes twice.
      await charge(board, 10, 1);
      assert.deepEqual(await missingSessions(garage, logged, board), []);
    });
  });
}
