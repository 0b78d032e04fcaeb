/*
 * The shipped program with less and less memory, in the middle of its work: the out-of-memory twin of the power cut.
 *
 * Input: the interpreter with the memory of a small board; LEVELS, how many amounts of it are tried (2 unless set; 100 for the long run). Output: test
 * results. Invariant: a board goes on or restarts, it never hangs; every session that the Log called
 * stored is in the endpoint's SQL, once.
 */
import assert from "node:assert/strict";
import { openGarage } from "../../tools/world/garage";
import { interpreterDocument, openInterpreterTestBoard } from "../boards/interpreter_board";
import { CONTACT_PIN, rest, setUnseen, takeEnergy, wait } from "./driver";
import { forms } from "./interpreter";
import { patience } from "./patience";
import { loggedSessions, missingSessions } from "./logged";
import type { Logged } from "./logged";

const LEVELS = Number(process.env.LEVELS ?? "3");
/** Variables that are left free, from the first level, with which the example is promised to work (memory.test.ts), to the last. */
const MOST_FREE = 850;
const LEAST_FREE = 20;
/** On a quiet machine a board that has neither finished a session nor restarted after this time hangs. */
const PATIENCE_MS = 20000;

const { name, path } = forms()[1]!;

describe(`memory that runs out on ${name}`, () => {
  it(`ends in a restart and loses nothing, at ${String(LEVELS)} amounts of memory`, async function () {
    if (path === "") this.skip();
    this.timeout(120000 + LEVELS * 3 * PATIENCE_MS);
    const garage = await openGarage({ nowS: () => Math.floor(Date.now() / 1000), drivers: [] });
    const board = await openInterpreterTestBoard(path, interpreterDocument(garage));
    const logged: Logged = { starts: new Set(), ends: new Set() };
    const outcomes: string[] = [];
    rest(board);
    try {
      for (let level = 0; level < LEVELS; level++) {
        const free = Math.floor(MOST_FREE - ((MOST_FREE - LEAST_FREE) * level) / Math.max(1, LEVELS - 1));
        board.start();
        await board.printed("sdc runs");
        try {
          // The free memory is read and taken in one step: an upload may come and go meanwhile.
          board.ask(`(function(){var m=process.memory(),n=Math.floor((m.free-${String(free)})*m.blocksize);if(n>0)global.ballast=new Uint8Array(n);return 1;})()`);
        } catch {
          assert.match(board.log(), /restart: /, "the question alone was too much, and the board did not restart");
        }
        board.setPin(CONTACT_PIN, 0);
        // A board that is short of memory may restart at any of its edges, and is not asked about them.
        await takeEnergy(board, 2, 60, setUnseen);
        board.setPin(CONTACT_PIN, 1);
        for (let waitedMs = 0; waitedMs < patience(PATIENCE_MS) && board.running() && !/ garage-1 \d+ end start=/.test(board.log()); waitedMs += 50) await wait(50);
        // An upload follows.
        for (let waitedMs = 0; waitedMs < 5000 && board.running(); waitedMs += 50) await wait(50);
        const stopped = !board.running();
        // The interpreter's own code may crash where it finds no memory: a chip restarts then, the process ends by a signal.
        const crashed = stopped && !/restart: /.test(board.log());
        assert.ok(!crashed || /^SIG/.test(board.ending()), `with ${String(free)} variables free the program ended without a word (${board.ending()}): ${board.log().slice(-1000)}`);
        assert.ok(stopped || / garage-1 \d+ end start=/.test(board.log()), `with ${String(free)} variables free the board hangs: ${board.log().slice(-1000)}`);
        outcomes.push(`${String(free)}: ${crashed ? `crashed (${board.ending()})` : stopped ? "restarted" : "went on"}`);
        await board.kill();
        loggedSessions(board.log(), logged);
      }
      console.log(`      ${outcomes.join(", ")}`);
      board.start();
      await board.printed("sdc runs");
      const left = await missingSessions(garage, logged, board);
      assert.deepEqual(left, [], board.log());
      assert.ok(logged.ends.size > 0, board.log());
    } finally {
      await board.close();
      await garage.server.close();
    }
  });
});
