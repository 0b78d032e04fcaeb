/*
 * `sdc monitor` and `sdc status` on a running board: the shipped program on the real interpreter, its pins files,
 * its reader a serial line, its console locked.
 *
 * Input: the interpreters that this machine has. Output: what the verbs print, and what the board counted
 * meanwhile. Invariant: watching changes nothing: every pulse counts, and memory ends where it began.
 */
import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { rdm6300Frame } from "../../tools/emulator/rdm6300";
import { lookAtBoard } from "../../tools/board/board_snapshot";
import { boardStatus } from "../../tools/board/board_status";
import { monitorBoard } from "../../tools/board/board_monitor";
import { openBoard } from "../../tools/board/open_board";
import { root } from "../../tools/root";
import { wallboxDocument } from "../../tools/world/garage";
import { openInterpreterTestBoard } from "../boards/interpreter_board";
import { takeEnergy } from "../espruino/driver";
import { replay } from "../../tools/sim/replay/replay";
import { parseTrace } from "../../tools/sim/replay/trace";
import { closeSpare } from "../../tools/sim/run/simulation";
import { forms } from "../espruino/interpreter";
import type { Interpreter } from "../espruino/interpreter";
import { lineAbsence, openLine } from "../espruino/line";
import type { Line } from "../espruino/line";
import { CONSOLE_PORT, startListening, TELNET, telnetTurn, TURN_MS } from "../espruino/telnet";

const PASSWORD = "electricians only";
const CONTACT = 26;
const METER = 25;
const PULSES = 40;
/** A register that stands where the meter's display stood. */
const REGISTER_WH = 12345678;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The wallbox without an endpoint: nothing but wires. */
function document(): unknown {
  const wallbox = wallboxDocument() as unknown as Record<string, unknown> & { readers: { port: number }[]; meters: { registerWh: number }[] };
  wallbox.readers[0]!.port = 1;
  wallbox.meters[0]!.registerWh = REGISTER_WH;
  wallbox.device = { id: "bench", name: "Bench", password: PASSWORD };
  for (const name of ["network", "api", "endpoint"]) delete wallbox[name];
  return wallbox;
}

/** The least of several moments: in between a part of the program may be in memory. */
async function memoryUsed(): Promise<number> {
  const desk = await openBoard(CONSOLE_PORT, PASSWORD);
  try {
    let least = Infinity;
    for (let count = 0; count < 8; count++) least = Math.min(least, Number(await desk.ask("process.memory().usage")));
    return least;
  } finally {
    await desk.close();
  }
}

for (const { name, path } of forms()) {
  describe(`a running board watched over its console, on ${name}`, () => {
    let board: Interpreter;
    let line: Line;
    let giveBack: (() => void) | undefined;

    before(async function () {
      this.timeout(TURN_MS + 100_000);
      giveBack = path === "" || lineAbsence() !== "" ? undefined : await telnetTurn();
      if (giveBack === undefined) {
        process.stderr.write(path === "" ? `SKIPPED: set ${name} to Espruino's Linux interpreter\n` : lineAbsence() === "" ? `SKIPPED: TCP port ${String(TELNET)} is taken, the interpreter needs it\n` : `SKIPPED: ${lineAbsence()}\n`);
        this.skip();
      }
      board = await openInterpreterTestBoard(path, document());
      line = await openLine(join(board.folder, "tty"));
      for (const pin of [CONTACT, METER]) board.setPin(pin, 1);
      await startListening(board);
      await board.printed("sdc runs");
    });

    after(async () => {
      await board?.close();
      line?.close();
      giveBack?.();
    });

    it("leaves nothing in the board's memory, however often it looks", async () => {
      const watch = (seconds: number): Promise<void> => monitorBoard({ port: CONSOLE_PORT, password: PASSWORD, seconds }, () => undefined, () => false);
      // The interpreter makes some of its own records at their first use.
      await watch(1);
      const before = await memoryUsed();
      await watch(8);
      const after = await memoryUsed();
      // The program's own numbers grow by some variables meanwhile; a look that left one behind would leave thirty.
      assert.ok(after < before + 20, `${String(before)} variables before, ${String(after)} after`);
    });

    it("is told of the wires while the memory is full of garbage", async () => {
      const desk = await openBoard(CONSOLE_PORT, PASSWORD);
      try {
        // Rings, which are free only once they are collected.
        const litter = "(function(){while(process.memory(0).free>250){var ring={};ring.self=ring;}return process.memory(0).free})()";
        assert.ok(await desk.ask(litter) as number <= 250);
        const look = await lookAtBoard(desk);
        assert.ok(typeof look === "object" && look.deviceId === "bench", JSON.stringify(look));
      } finally {
        await desk.close();
      }
    });

    for (const [signal, what] of [["SIGINT", "a user who breaks off with Ctrl-C"], ["SIGHUP", "a terminal that is closed"], ["SIGTERM", "a program that is told to end"]] as const) {
      it(`closes the doors behind ${what}, and ends well`, async () => {
        const child = spawn(process.execPath, [join(root, "tools", "sdc.mjs"), "monitor", "--port", CONSOLE_PORT], { env: { ...process.env, SDC_PASSWORD: PASSWORD } });
        let printed = "";
        for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => { printed += data.toString("utf8"); });
        const ended = new Promise<number | null>((resolve) => { child.once("exit", resolve); });
        for (let waitedMs = 0; !printed.includes("faults   none"); waitedMs += 20) {
          assert.ok(waitedMs < 20000, printed);
          await wait(20);
        }
        child.kill(signal);
        assert.equal(await ended, 0, printed);
        await assert.rejects(boardStatus(CONSOLE_PORT, ""), /asks for its password/);
      });
    }

    it("tells cards, contacts, sessions and each S0 pulse as they happen, refuses a client without the password, and loses none", async () => {
      const said: string[] = [];
      let done = false;
      const trace: string[] = [];
      const record = { document: document() as Record<string, unknown>, write: (text: string) => { trace.push(text); } };
      const watching = monitorBoard({ port: CONSOLE_PORT, password: PASSWORD, seconds: 0, record }, (text) => said.push(text.slice(10)), () => done);
      const heard = async (what: RegExp): Promise<void> => {
        for (let waitedMs = 0; !said.some((one) => what.test(one)); waitedMs += 20) {
          assert.ok(waitedMs < 10000 && board.running(), `${String(what)} was not told:\n${said.join("\n")}\n${board.log().slice(-500)}`);
          await wait(20);
        }
      };
      await heard(/^watching device bench .* start \d+$/);
      assert.ok(said.includes("contact  contact (pin 26) off") && said.some((one) => /^meter {4}1 {3}12345\.678 kWh {3}0 W {3}1000 pulses per kWh, output open$/.test(one)), said.join("\n"));

      line.send(rdm6300Frame("0102B0A5FD") + rdm6300Frame("0102B0A5FD"));
      await heard(/^card {5}0102B0A5FD {3}8h10d 0045131261 {3}wiegand3\.5 176,42493$/);
      line.send("\x02100026F44426\x03");
      await heard(/^bad {6}reader 1 rdm6300: 1 × checksum$/);
      board.setPin(CONTACT, 0);
      await heard(/^contact {2}contact \(pin 26\) on$/);
      await heard(/^session {2}1 begins, user 0102B0A5FD$/);
      await takeEnergy(board, PULSES, 50);
      await heard(/^pulse {4}\+\d+ {2}meter 1 {3}12345\.718 kWh {3}\d{5} W$/);
      assert.equal(said.flatMap((one) => [.../^pulse {4}\+(\d+) /.exec(one) ?? []].slice(1)).reduce((sum, one) => sum + Number(one), 0), PULSES);
      board.setPin(METER, 0);
      board.setPin(METER, 1);
      board.setPin(CONTACT, 1);
      await heard(/^session {2}1 ends$/);
      done = true;
      await watching;

      assert.ok(!said.some((one) => /^lost/.test(one)), said.join("\n"));
      // The trace recorded beside makes the same row at the desk.
      const { rows } = await replay(parseTrace(trace.join("\n")), () => undefined);
      await closeSpare();
      assert.deepEqual(rows.map(({ card, energy_wh: energy, reason }) => [card, energy, reason]), [["0102B0A5FD", PULSES, "end"]], trace.join("\n"));
      assert.ok(!trace.join("\n").includes(PASSWORD), "the trace holds the password");
      // Closed behind us.
      await assert.rejects(monitorBoard({ port: CONSOLE_PORT, password: "", seconds: 1 }, () => undefined, () => false), /asks for its password/);
      const status = await boardStatus(CONSOLE_PORT, PASSWORD, [{ meter: 1, wh: REGISTER_WH + 2 * PULSES, stepWh: 1 }]);
      assert.equal(status.exitCode, 1);
      assert.match(status.lines.join("\n"), /^meter 1: 12345\.718 kWh, \d+ W now, 0\.040 kWh since the register was set\nreader 1: rdm6300, no fault, 1 bad frames since the start\nmeter 1: the board counts 12345\.718 kWh, the display shows 12345\.758 kWh\nmeter 1: drift -40 Wh, -500 per mille of the 0\.080 kWh metered since the register was set to 12345\.678 kWh\nmeter 1: this count fits a meter of about 500 pulses per kWh/m);
      assert.ok(!/OUT OF MEMORY|restart:/.test(board.log()), board.log().slice(-2000));
    });
  });
}
