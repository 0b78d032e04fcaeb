/*
 * The shipped program killed at random moments, as a power cut does, and started again on the same flash.
 *
 * Input: KILLS, how often (4 unless set; 200 for the long run), and SEED to replay the moments. Output: test
 * results, the seed in the title. Invariant: every session whose start or end the Log called stored is in
 * the endpoint's SQL, each session once, at whichever moment the board was killed.
 */
import assert from "node:assert/strict";
import { createRandom } from "../../tools/emulator/random";
import { openGarage } from "../../tools/world/garage";
import { interpreterDocument, openInterpreterTestBoard } from "../boards/interpreter_board";
import { wait } from "./driver";
import { forms } from "./interpreter";
import { loggedSessions, missingSessions } from "./logged";
import type { Logged } from "./logged";

const CONTACT = 26;
const METER = 25;
const KILLS = Number(process.env.KILLS ?? "4");
const SEED = Number(process.env.SEED ?? String(Date.now() % 1000000));
/** A whole session and its upload fit into this. */
const LIFE_MS = 4000;

for (const { name, path } of forms()) describe(`power cuts on ${name}`, () => {
  it(`lose and double no session in ${String(KILLS)} kills (SEED=${String(SEED)})`, async function () {
    if (path === "") this.skip();
    this.timeout(60000 + KILLS * 3 * LIFE_MS);
    const random = createRandom(SEED);
    const garage = await openGarage({ nowS: () => Math.floor(Date.now() / 1000), drivers: [] });
    const board = await openInterpreterTestBoard(path, interpreterDocument(garage));
    const logged: Logged = { starts: new Set(), ends: new Set() };
    let stop = false;
    const drive = (async (): Promise<void> => {
      // A driver who knows nothing of the board: plugs in, takes energy, leaves, comes again.
      for (let level = 1; !stop; level = 1 - level) {
        board.setPin(CONTACT, level);
        for (let pulse = 0; pulse < 3; pulse++) {
          board.setPin(METER, 0);
          await wait(70);
          board.setPin(METER, 1);
          await wait(70);
        }
      }
    })();
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        board.start();
        await wait(random.below(LIFE_MS));
        await board.kill();
        loggedSessions(board.log(), logged);
      }
      // The driver comes until one session has begun and ended in one life, however slow the machine is.
      board.start();
      await board.printed(" end start=");
      stop = true;
      await drive;
      board.setPin(CONTACT, 1);
      assert.deepEqual(await missingSessions(garage, logged, board), []);
      assert.ok(logged.ends.size > 0, `the board stored no session: ${board.log().slice(-1000)}`);
    } finally {
      stop = true;
      await drive;
      await board.close();
      await garage.server.close();
    }
  });
});
