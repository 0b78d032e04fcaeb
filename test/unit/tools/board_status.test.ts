/*
 * `sdc status` at a board whose memory is short, against a scripted interpreter.
 *
 * Input: what the board answers to each look. Output: test results. Invariant: a running board answers the same
 * questions in test/console/monitor.test.ts; here stands what would need one that is full at the right moment.
 */
import assert from "node:assert/strict";
import { BoardConsole } from "../../../console/board_console";
import { lookAtBoard } from "../../../tools/board/board_snapshot";
import { statusOver } from "../../../tools/board/board_status";
import { statusJson } from "../../../tools/board/status_json";
import type { Display } from "../../../tools/board/meter_drift";
import type { Answer } from "../../../tools/cli/answer";
import { atOnce, scripted } from "../console/scripted_line";

const LOOK = "t 1000 7 0 0 0 none\nd garage\nu \nm 1500 0 1000 1000 0 0 0 0 \n";
const DISPLAY: Display = { meter: 1, wh: 1500, stepWh: 1 };

/** A board that is too short of memory for the first `busyLooks` looks. */
function board(busyLooks: number, typed: string[] = []): Promise<BoardConsole> {
  let looks = 0;
  return BoardConsole.over(scripted(typed, (expression) => {
    if (expression.includes("process.env")) return "LINUX, Espruino 2v29";
    if (expression === "typeof sdc") return "object";
    if (expression.includes("statusLines")) return "version: 1";
    return ++looks <= busyLooks ? 0 : LOOK;
  }), "");
}

const status = (busyLooks: number, displays: Display[], typed: string[] = []): Promise<Answer> => atOnce(async () => statusOver(await board(busyLooks, typed), "desk", displays));

describe("the status of a board whose memory is short", () => {
  it("waits until the board can tell of its meters", async () => {
    const typed: string[] = [];
    const answer = await status(39, [DISPLAY], typed);
    assert.equal(answer.exitCode, 0);
    assert.ok(answer.lines.includes("meter 1: 1.500 kWh, 0 W now, 0.500 kWh since the register was set"), answer.lines.join("\n"));
    assert.equal(typed.filter((one) => one.includes("monitor")).length, 40);
  });

  it("tells the rest, and what was left out, when that does not end", async () => {
    const answer = await status(1000, []);
    assert.deepEqual(answer, { lines: ["version: 1", "interpreter: LINUX, Espruino 2v29", "meters and readers: not asked, the board's memory is short just now; repeat the command in a minute"], exitCode: 0 });
  });

  it("is an error where a meter's display was to be compared", async () => {
    await assert.rejects(status(1000, [DISPLAY]), /^Error: desk: the board's memory is short just now; repeat the command in a minute$/);
  });

  it("counts garbage as free, and collects it only when it may be needed", async () => {
    const typed: string[] = [];
    await lookAtBoard(await board(0, typed));
    const question = typed.find((one) => one.includes("monitor"));
    assert.ok(question);
    for (const [free, collected, looks] of [[400, 900, true], [200, 900, true], [200, 250, false]] as const) {
      const asked: number[] = [];
      const memory = (collect: number): { free: number } => { asked.push(collect); return { free: collect === 1 ? collected : free }; };
      const answer = (new Function("process", "part", "sdc", `return ${question}`) as (...given: unknown[]) => unknown)({ memory }, () => ({ snapshot: () => "seen" }), {});
      assert.equal(answer, looks ? "seen" : 0);
      assert.deepEqual(asked, free < 300 ? [0, 1] : [0]);
    }
  });
});

describe("the status as JSON", () => {
  const read = (...lines: string[]): unknown => JSON.parse(statusJson(lines));

  it("has numbers as numbers, with their unit in the name", () => {
    assert.deepEqual(read("version: 0.1.0", "memory free: 726 of 1000", "configuration: revision 3", "uptime: 24 s, start 1585250", "clock: 2026-11-30T14:36:35.000Z", "session: active",
      "ring: 2 rows wait, 10 of 1000 filled, 0 lost, 1 quarantined", "last contact: 3 s ago", "faults: reader meter1:absent"), {
      version: "0.1.0", memoryFreePermille: 726, configurationRevision: 3, uptimeS: 24, start: 1585250, clock: "2026-11-30T14:36:35.000Z", isSessionActive: true,
      rowsWaiting: 2, ringFilledPermille: 10, rowsLost: 0, rowsQuarantined: 1, sinceContactS: 3, faults: ["reader", "meter1:absent"], notes: [],
    });
  });

  it("says null for what the board does not have yet, and keeps a line of another form as it is", () => {
    assert.deepEqual(read("configuration: none; provision the board"), { configurationRevision: null, notes: [] });
    assert.deepEqual(read("clock: not set", "session: none", "last contact: none since the start", "faults: none", "meter 1: 0.004 kWh"), {
      clock: null, isSessionActive: false, sinceContactS: null, contact: "none since the start", faults: [], notes: ["meter 1: 0.004 kWh"],
    });
  });
});
