/*
 * A board killed at random moments of updates over the air, on both forms of the interpreter.
 *
 * Input: KILLS, how often (6 unless set; 200 for the long run), and SEED to replay the moments. Output: test results, the seed
 * in the title. Invariant: each start runs a whole version, and each update ends with the release that was offered.
 */
import assert from "node:assert/strict";
import { changeRollout } from "../../exosphere/releases/rollout_store";
import { createRandom } from "../../tools/emulator/random";
import { wait } from "./driver";
import { forms } from "./interpreter";
import { smallRelease, UpdateSite } from "./update_site";

const KILLS = Number(process.env.KILLS ?? "6");
const SEED = Number(process.env.SEED ?? String(Date.now() % 1000000));
/** From a start to the switch at most, on a quiet machine. */
const LIFE_MS = 8000;
/** Kills in one update at most; the next life goes to its end. */
const KILLS_EACH = 10;

for (const { name, path } of forms()) describe(`updates on ${name}`, () => {
  it(`end with the release that was offered, whenever the board is killed, ${String(KILLS)} times (SEED=${String(SEED)})`, async function () {
    if (path === "") this.skip();
    this.timeout(300_000 + KILLS * 60_000);
    const random = createRandom(SEED);
    const site = await UpdateSite.open(path);
    const { board } = site;
    try {
      let kills = 0;
      for (let number = 2; kills < KILLS; number++) {
        const words = `release ${String(number)} runs`;
        const id = await site.offer(smallRelease(number, `print("${words}");`), number);
        let isDone = false;
        let isGivenUp = false;
        for (let lives = 0; !isDone && kills < KILLS && lives < KILLS_EACH; lives++) {
          await board.kill();
          board.start();
          await wait(random.below(LIFE_MS));
          kills++;
          await board.kill();
          const log = board.log();
          assert.ok(!log.includes("neither slot"), log);
          // Killed three times before it said a word, a version on trial is given up, as it must be.
          isGivenUp = log.includes("did not start well");
          isDone = isGivenUp || log.includes(words) || log.includes(`restart: update to release ${String(number)}`);
        }
        if (!isDone) await site.fetched(number);
        if (!isGivenUp) assert.equal(await site.startUntil(words), 1);
        await board.kill();
        await changeRollout(site.garage.server.database, id, "aborted", "test", Math.floor(Date.now() / 1000));
        site.goBack();
      }
    } finally {
      await site.close();
    }
  });
});
