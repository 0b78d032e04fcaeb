/*
 * Many sessions one after the other on the shipped program: memory stays as it is, and every session arrives.
 *
 * Input: the interpreter with the memory of a small board; SESSIONS, how many (90 unless set; 1100 are a year of three a day). Output: test
 * results. Invariant: the bound is the same for every number of sessions.
 */
import assert from "node:assert/strict";
import { openGarage } from "../../tools/world/garage";
import { interpreterDocument, openInterpreterTestBoard, pendingRows } from "../boards/interpreter_board";
import { charge, rest, wait } from "./driver";
import { forms } from "./interpreter";
import { loggedSessions, missingSessions } from "./logged";
import type { Logged } from "./logged";

const SESSIONS = Number(process.env.SESSIONS ?? "90");
/** Sessions until everything that is made once has been made. */
const WARM = 12;
/** A number that has grown beyond what fits beside its name takes another variable. */
const NUMBERS = 4;

const { name, path } = forms()[1]!;

describe(`${String(SESSIONS)} sessions on ${name}`, () => {
  it("take no more variables than the first ones did, but for numbers that grow, and are in the endpoint's SQL, each once", async function () {
    if (path === "") this.skip();
    this.timeout(120000 + SESSIONS * 4000);
    const garage = await openGarage({ nowS: () => Math.floor(Date.now() / 1000), drivers: [] });
    const board = await openInterpreterTestBoard(path, interpreterDocument(garage));
    const logged: Logged = { starts: new Set(), ends: new Set() };
    // The least of some seconds once all is delivered: an upload that comes and goes does not count.
    const least = async (): Promise<number> => {
      let taken = Infinity;
      for (let waitedMs = 0; waitedMs < 120000 && pendingRows(board) > 0; waitedMs += 200) await wait(200);
      for (let look = 0; look < 40; look++) {
        await wait(100);
        taken = Math.min(taken, (board.ask("process.memory()") as { usage: number }).usage);
      }
      return taken;
    };
    rest(board);
    try {
      board.start();
      await board.printed("sdc runs");
      for (let number = 1; number <= WARM; number++) await charge(board, number, 1);
      const first = await least();
      for (let number = WARM + 1; number <= SESSIONS; number++) await charge(board, number, 1);
      const last = await least();
      console.log(`      ${String(first)} variables after ${String(WARM)} sessions, ${String(last)} after ${String(SESSIONS)}`);
      assert.ok(last <= first + NUMBERS, `${String(first)} variables after ${String(WARM)} sessions, ${String(last)} after ${String(SESSIONS)}`);
      loggedSessions(board.log(), logged);
      assert.equal(logged.ends.size, SESSIONS);
      assert.deepEqual(await missingSessions(garage, logged, board), []);
      assert.ok(!board.log().includes("restart: "), board.log().slice(-2000));
    } finally {
      await board.close();
      await garage.server.close();
    }
  });
});
