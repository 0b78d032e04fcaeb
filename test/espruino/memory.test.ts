/*
 * The memory of a small board: what an idle one takes, and that a session, its upload and a command fit beside it.
 *
 * Input: the 32-bit interpreter, whose 2,500 variables of 13 bytes are those of an ESP32 board; a part of
 * them is taken away before the program starts, so what is left is the budget. Output: test results.
 * Invariant: the interpreter counts, and a board that ran out of memory at any moment has restarted and said so.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { TABLE_NAME, openGarage } from "../../tools/world/garage";
import type { Garage } from "../../tools/world/garage";
import { interpreterDocument, openInterpreterTestBoard, pendingRows, shippedFiles } from "../boards/interpreter_board";
import { CARD, CONTACT_PIN, METER_PIN, charge, rest, setUnseen, showCard, wait } from "./driver";
import { END_PIN, FULL_API_TOKEN, SECOND_METER_PIN, START_PIN, fullColumns, fullDocument } from "./full_document";
import { forms } from "./interpreter";
import type { Interpreter } from "./interpreter";
import { lineAbsence, openLine } from "./line";
import type { Line } from "./line";
import { freePort } from "./remote_port";

const TOTAL = 2500;
/** Variables that the tests' own way of asking takes (interpreter.ts). */
const MAILBOX = 48;
const BUDGET_IDLE = 1400;
const BUDGET_WORST = 2000;
/** The environment can take it lower, to see where it ends. */
const FULL_WORST = Number(process.env.FULL_WORST ?? String(BUDGET_WORST));

const { name, path } = forms()[1]!;

interface Desk { board: Interpreter; line: Line; garage: Garage; apiPort: number; ballast: number }

describe(`the memory of ${name}`, () => {
  let desk: Desk;
  /** Commands answered, and how often a caller was asked to come back. */
  let calls = { answered: 0, busy: 0 };

  /** A running board that has `worst` variables in all. */
  async function started(full: boolean, worst: number): Promise<void> {
    calls = { answered: 0, busy: 0 };
    const apiPort = await freePort();
    const garage = await openGarage({ nowS: () => Math.floor(Date.now() / 1000), drivers: [], ...(full ? { columns: fullColumns() } : {}) });
    const document = full ? fullDocument(interpreterDocument(garage), apiPort) : interpreterDocument(garage);
    const ballast = Math.max(0, TOTAL - worst - MAILBOX);
    const board = await openInterpreterTestBoard(path, document, ballast > 0 ? { ".boot1": `var ballast=new Uint8Array(${String(ballast * 13)});` } : {});
    const line = await openLine(join(board.folder, "tty"));
    desk = { board, line, garage, apiPort, ballast };
    rest(board, [CONTACT_PIN, METER_PIN, START_PIN, END_PIN, SECOND_METER_PIN]);
    board.start();
    await board.printed("sdc runs");
    // A first contact that failed on a busy machine is tried again; until then its error takes memory.
    for (let waitedMs = 0; waitedMs < 100_000; waitedMs += 100) {
      const [heard] = await garage.server.database.query("SELECT 1 FROM exosphere.device WHERE last_contact IS NOT NULL");
      if (heard !== undefined) return;
      await wait(100);
    }
    assert.fail(`the board never reached its endpoint; its log ends: ${board.log().slice(-2000)}`);
  }

  before(async function () {
    // A build on a busy machine takes longer than a test may.
    this.timeout(600_000);
    if (path !== "") await shippedFiles(path);
  });
  beforeEach(function () {
    if (path === "" || lineAbsence() !== "") this.skip();
  });
  afterEach(async function () {
    if (path === "" || lineAbsence() !== "") return;
    await desk.board.close();
    desk.line.close();
    await desk.garage.server.close();
  });

  /** Variables that the program takes: neither the tests' way of asking nor the ballast counts. */
  function used(): number {
    return (desk.board.ask("process.memory()") as { usage: number }).usage - MAILBOX - desk.ballast;
  }

  /** The least, once 40 looks have found no less: an upload that comes and goes is not idle, and takes longer on a busy machine. */
  async function idle(): Promise<number> {
    let least = TOTAL;
    for (let look = 0; look < 40; look++) {
      await wait(100);
      const now = used();
      if (now < least) [least, look] = [now, -1];
    }
    return least;
  }

  async function callApi(chain: string): Promise<string> {
    try {
      for (;;) {
        const answer = await fetch(`http://127.0.0.1:${String(desk.apiPort)}/api`, { method: "POST", headers: { authorization: `Bearer ${FULL_API_TOKEN}` }, body: chain, signal: AbortSignal.timeout(30000) });
        const text = await answer.text();
        if (answer.status !== 503) {
          calls.answered++;
          return text;
        }
        calls.busy++;
        assert.ok(calls.busy < 100, "the board has never memory enough for a command");
        assert.equal(text, "busy: ask again");
        await wait(200);
      }
    } catch (error) {
      throw new Error(`the board did not answer; its log ends: ${desk.board.log().slice(-2000)}`, { cause: error });
    }
  }

  /** `beside` is done behind the card, and again and again until the rows have arrived. */
  async function wholeSession(beside: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    const { board, line, garage } = desk;
    await showCard(line);
    await beside();
    await charge(board, 1, 5, 60, setUnseen);
    let rows: { card: string; energy_wh: number; reason: string }[] = [];
    for (let waitedMs = 0; waitedMs < 60000 && rows.length === 0; waitedMs += 100) {
      await wait(100);
      await beside();
      rows = await garage.server.database.query(`SELECT card, energy_wh::int AS energy_wh, reason FROM public.${TABLE_NAME} WHERE "end" IS NOT NULL`);
    }
    assert.deepEqual(rows, [{ card: CARD, energy_wh: 5, reason: "end" }], board.log());
    // The answer is dealt with when the ring has let go of its rows.
    for (let waitedMs = 0; waitedMs < 90000 && pendingRows(board) > 0; waitedMs += 100) await wait(100);
    await wait(1000);
    assert.equal(pendingRows(board), 0, board.log());
    assert.ok(!/restart:|OUT OF MEMORY/.test(board.log()), board.log());
  }

  it(`is enough for the wallbox example: at most ${String(BUDGET_IDLE)} variables taken while idle, ${String(BUDGET_WORST)} in all for a session and its upload`, async function () {
    this.timeout(240000);
    await started(false, BUDGET_WORST);
    const taken = await idle();
    console.log(`      ${String(taken)} variables taken, idle`);
    assert.ok(taken <= BUDGET_IDLE, String(taken));
    await wholeSession();
  });

  it("that is short sends callers of the API away with 503, and serves them when it is there again", async function () {
    this.timeout(120000);
    await started(true, TOTAL);
    const ask = async (): Promise<[number, string]> => {
      const answer = await fetch(`http://127.0.0.1:${String(desk.apiPort)}/api`, { method: "POST", headers: { authorization: `Bearer ${FULL_API_TOKEN}` }, body: "=ECHO(SDC)", signal: AbortSignal.timeout(30000) })
        .catch((error: unknown) => { throw new Error(`the board did not answer; its log ends: ${desk.board.log().slice(-2000)}`, { cause: error }); });
      return [answer.status, await answer.text()];
    };
    assert.deepEqual(await ask(), [200, "SDC"]);
    // Fewer than a call needs (420), and enough for the upkeep, whose part takes 285: without those the board restarts, as it should.
    // Taken while nothing else is under way, whose end would give a call its room; the question itself takes some, too.
    const calm = await idle() + MAILBOX + 120;
    const take = `(function(){var m=process.memory();if(m.usage>${String(calm)})return 0;global.taken=new Uint8Array((m.free-400)*m.blocksize);return 1;})()`;
    for (let looks = 0; desk.board.ask(take) !== 1; looks++) {
      assert.ok(looks < 100, "the board never comes to rest");
      await wait(100);
    }
    for (let call = 0; call < 2; call++) assert.deepEqual(await ask(), [503, "busy: ask again"]);
    desk.board.ask("(function(){delete global.taken;return 1;})()");
    assert.deepEqual(await ask(), [200, "SDC"]);
    assert.ok(!/restart:|OUT OF MEMORY/.test(desk.board.log()), desk.board.log());
  });

  const command = async (): Promise<void> => {
    assert.equal(await callApi("=SET(SDC;CI1;7.45)&SET(SDC;CI3;hello)&WAIT(100)&GETOUTPUT(SDC;Sa)"), "ok\nok\nok\n0", desk.board.log());
  };

  it(`is enough with everything on: at most ${String(BUDGET_IDLE)} variables taken while idle, ${String(FULL_WORST)} in all for a session and its upload, beside which callers are told to come back`, async function () {
    this.timeout(240000);
    await started(true, FULL_WORST);
    const taken = await idle();
    console.log(`      ${String(taken)} variables taken, idle`);
    assert.ok(taken <= BUDGET_IDLE, String(taken));
    await command();
    await wholeSession(command);
    console.log(`      ${String(calls.answered)} chains answered, callers told to come back ${String(calls.busy)} times`);
    assert.ok(calls.answered >= 2, String(calls.answered));
  });

  it(`is enough with everything on and the ${String(TOTAL)} of a board: commands are answered while a session goes on and is uploaded, few of them at the second asking`, async function () {
    this.timeout(240000);
    await started(true, TOTAL);
    await wholeSession(command);
    console.log(`      ${String(calls.answered)} chains answered, callers told to come back ${String(calls.busy)} times`);
    assert.ok(calls.answered >= 2 && calls.busy <= calls.answered, `${String(calls.answered)} answered, ${String(calls.busy)} times busy`);
  });
});
