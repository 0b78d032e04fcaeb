/*
 * The shipped program killed at random moments, as a power cut does, and started again on the same flash.
 *
 * Input: KILLS, how often (6 unless set; 200 for the long run), and SEED to replay the moments. Output: test
 * results, the seed in the title. Invariant: every session whose start or end the Log called stored is in
 * the endpoint's SQL, each session once, whatever the board was doing when it was killed.
 */
import assert from "node:assert/strict";
import { createRandom } from "../../tools/emulator/random";
import { openGarage, TABLE_NAME } from "../../tools/world/garage";
import { deskDocument, openDesk } from "./desk";
import { forms } from "./interpreter";

const CONTACT = 26;
const METER = 25;
const KILLS = Number(process.env.KILLS ?? "6");
const SEED = Number(process.env.SEED ?? String(Date.now() % 1000000));
/** A whole session and its upload fit into this. */
const LIFE_MS = 4000;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Numbers of the sessions whose start or end a log calls stored. */
function logged(log: string, event: "start" | "end"): number[] {
  return [...log.matchAll(new RegExp(` garage-1 (\\d+) ${event} start=`, "g"))].map((found) => Number(found[1]));
}

const { name, path } = forms()[0];

describe(`power cuts on ${name}`, () => {
  it(`lose and double no session in ${String(KILLS)} kills (SEED=${String(SEED)})`, async function () {
    if (path === "") this.skip();
    this.timeout(60000 + KILLS * 3 * LIFE_MS);
    const random = createRandom(SEED);
    const garage = await openGarage({ nowS: () => Math.floor(Date.now() / 1000), drivers: [] });
    const board = await openDesk(path, deskDocument(garage));
    const starts = new Set<number>();
    const ends = new Set<number>();
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
    const note = (): void => {
      for (const number of logged(board.log(), "start")) starts.add(number);
      for (const number of logged(board.log(), "end")) ends.add(number);
    };
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        board.start();
        await wait(random.below(LIFE_MS));
        await board.kill();
        note();
      }
      stop = true;
      await drive;
      board.setPin(CONTACT, 1);
      board.start();
      await board.printed("sdc runs");
      let rows: { session: number; ended: boolean; many: number }[] = [];
      const missing = (): number[] => [...starts].filter((number) => !rows.some((row) => row.session === number))
        .concat([...ends].filter((number) => !rows.some((row) => row.session === number && row.ended)));
      for (let waitedMs = 0; waitedMs < 40000; waitedMs += 200) {
        await wait(200);
        rows = await garage.server.database.query(`SELECT _session::int AS session, bool_or("end" IS NOT NULL) AS ended, count(*)::int AS many FROM public.${TABLE_NAME} GROUP BY 1`);
        if (starts.size > 0 && missing().length === 0) break;
      }
      note();
      assert.ok(ends.size > 0, `the board stored no session: ${board.log().slice(-1000)}`);
      assert.deepEqual(missing(), []);
      assert.deepEqual(rows.filter((row) => row.many !== 1), []);
    } finally {
      stop = true;
      await drive;
      await board.close();
      await garage.server.close();
    }
  });
});
