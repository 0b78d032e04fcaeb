/*
 * From the ring to SQL through a network that does everything wrong: each session arrives once, whole.
 *
 * Input: the real endpoint, the real uploader, a TCP proxy between them. Output: test results; a random
 * run prints its seed. Invariant: checked by SQL, not by what either side believes. More seeds and every
 * single byte: SDC_RUNS=1000 npx mocha test/exosphere/bad_network.test.ts
 */
import assert from "node:assert/strict";
import type { RunningServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/tables/table_store";
import { createRandom, pick, type Random } from "../../hal/mock/random";
import type { FaultPlan } from "../../tools/emulator/fault_proxy";
import { bothDatabases } from "./both_databases";
import { openNetworkTestBoard, type NetworkTestBoard } from "../boards/network_board";
import { WALLBOX } from "./wallbox_table";

const RUNS = Number(process.env.SDC_RUNS ?? "8");
/** Cuts are tried at every STRIDE-th byte, at every one in long runs. */
const STRIDE = RUNS > 8 ? 1 : 23;

const PORTAL = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 20\r\n\r\n<html>Log in</html>\n";
const FORGED = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 56\r\n\r\n{\"acknowledged\":[[1,2000000000]],\"refused\":[],\"time\":1} ";
const ENDLESS = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n${"x".repeat(10_000)}`;

function randomPlan(random: Random): FaultPlan {
  switch (pick(random, 0, 13)) {
    case 0: return { refuse: true };
    case 1: return { requestCutAt: pick(random, 1, 1500) };
    case 2: return { answerCutAt: pick(random, 1, 1500) };
    case 3: return { answer: PORTAL };
    case 4: return { answer: FORGED, pass: random() < 0.5 };
    case 5: return { answer: ENDLESS };
    case 6: return { repeatAfter: pick(random, 0, 3) };
    case 7: return { requestCutAt: pick(random, 1, 1500), repeatAfter: pick(random, 0, 2) };
    case 8: return pick(random, 0, 3) === 0 ? { swallow: true } : { answer: "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nRetry-After: 30\r\n\r\n" };
    case 9: return pick(random, 0, 3) === 0 ? { hold: true } : {};
    case 10: return pick(random, 0, 3) === 0 ? { holdAnswer: true } : {};
    default: return {};
  }
}

bothDatabases("uploads through a bad network", (site) => {
  let server: RunningServer;
  let made = 0;
  let nowS = 1767225600;
  let board: NetworkTestBoard;

  before(async () => {
    server = await site.start({ nowS: () => ++nowS, onFault: (error) => { if (error.message !== "aborted") throw error; } });
    await createTable(server.database, WALLBOX, "test");
  });
  beforeEach(async () => { board = await openNetworkTestBoard(server, `fault-${++made}`); });
  afterEach(() => board.close());

  async function once(plan: FaultPlan, ...further: FaultPlan[]): Promise<void> {
    const plans = [plan, ...further];
    board.proxy.plan = () => plans.shift() ?? {};
    board.addSessions(3);
    await board.drain(4000);
    assert.deepEqual(plans, [], "all faults happened");
    await board.check();
  }

  it("arrive whole when nothing goes wrong", () => once({}));
  it("arrive once when the request is swallowed", () => once({ swallow: true }, { swallow: true }));
  it("arrive once when the answer comes after the board gave up", () => once({ holdAnswer: true }));
  it("arrive once when the request comes after its own repeat", () => once({ hold: true }));
  it("arrive once when the request is sent twice at once", () => once({ repeatAfter: 0 }));
  it("arrive once when the request comes again after later ones", async () => {
    await once({ repeatAfter: 1 }, { repeatAfter: 2 });
    await once({});
  });
  it("arrive once when a captive portal answers", () => once({ answer: PORTAL }, { answer: PORTAL, pass: true }));
  it("arrive once when an attacker forges acknowledgements", () => once({ answer: FORGED }, { answer: FORGED, pass: true }));
  it("arrive once when an answer never ends", () => once({ answer: ENDLESS }, { answer: ENDLESS, pass: true }));
  it("arrive once when the board restarts while the answer is on its way", async () => {
    board.proxy.plan = () => ({ holdAnswer: true });
    board.addSessions(2);
    await board.run(10);
    board.restart();
    board.proxy.plan = () => ({});
    await board.drain(4000);
    await board.check();
  });

  for (const side of ["requestCutAt", "answerCutAt"] as const) {
    it(`arrive once when the connection is cut at ${STRIDE === 1 ? "each byte" : `every ${STRIDE}rd byte`} of the ${side === "requestCutAt" ? "request" : "answer"}`, async function () {
      this.timeout(600_000);
      let cutSomething = true;
      let at = 1;
      for (; cutSomething; at += STRIDE) {
        const plans: FaultPlan[] = [{ [side]: at }];
        board.proxy.plan = () => plans.shift() ?? {};
        const before = board.uploader().failures;
        board.addSessions(1);
        await board.run(6);
        cutSomething = board.uploader().failures > before;
        await board.drain(4000);
        assert.ok(at < 4000);
      }
      // The first cut behind the message's end, and one stride more.
      if (STRIDE === 23) assert.equal(at, side === "requestCutAt" ? 507 : 553);
      await board.check();
    });
  }

  it(`arrive once in ${RUNS} random networks`, async function () {
    this.timeout(30_000 + RUNS * 5000);
    for (let seed = 1; seed <= RUNS; seed++) {
      const random = createRandom(seed);
      const one = await openNetworkTestBoard(server, `seed-${++made}`, seed);
      try {
        one.proxy.plan = () => randomPlan(random);
        for (let step = 0; step < 8; step++) {
          one.addSessions(pick(random, 1, 40));
          await one.run(pick(random, 1, 60));
          if (pick(random, 0, 5) === 0) one.restart();
        }
        one.proxy.plan = () => ({});
        await one.drain(4000);
        await one.check();
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      } finally {
        await one.close();
      }
    }
  });
});
