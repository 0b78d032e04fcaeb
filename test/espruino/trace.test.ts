/*
 * The shipped program crashes at known places, and `sdc trace` finds them in the sources.
 *
 * Input: the interpreters that this machine has; a record of the running program, broken from outside by the short name
 * that the build's symbols give it. Output: test results. Invariant: only what the board prints
 * is looked up.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KEY_SESSION } from "../../firmware/store/keys";
import type { Symbols } from "../../tools/build/debug_files";
import { buildEspruino } from "../../tools/build/espruino";
import { root } from "../../tools/root";
import { trace } from "../../tools/trace/trace";
import type { Garage } from "../../tools/world/garage";
import { interpreterDocument, openInterpreterTestBoard } from "../boards/interpreter_board";
import { rest, wait } from "./driver";
import { forms } from "./interpreter";
import type { Interpreter } from "./interpreter";

/** An address where no endpoint listens: no test here waits for an answer. */
const NO_ENDPOINT = { server: { url: "http://127.0.0.1:9" }, keyId: "trace", keyHex: "00".repeat(32) } as unknown as Garage;

for (const { name, path } of forms()) {
  describe(`an error in the shipped program on ${name}`, function () {
    this.timeout(120000);
    const folder = mkdtempSync(join(tmpdir(), "sdc-trace-"));
    let board: Interpreter;

    before(async function () {
      if (path === "") this.skip();
      await buildEspruino(folder);
      board = await openInterpreterTestBoard(path, interpreterDocument(NO_ENDPOINT));
    });
    after(async () => {
      rmSync(folder, { recursive: true, force: true });
      if (path !== "") await board.close();
    });

    /** The short name of a field. */
    function short(field: string): string {
      const { fields } = JSON.parse(readFileSync(join(folder, "espruino", "symbols.json"), "utf8")) as Symbols;
      return Object.entries(fields).find(([, written]) => written === field)?.[0] ?? field;
    }

    /** The lines that the board prints of an error after `breaking`, an expression there, once `ready` is true there. */
    async function crashed(breaking: string, ready = "true"): Promise<string> {
      rest(board);
      board.start();
      await board.printed("sdc runs");
      for (let waitedMs = 0; board.ask(ready) !== true && waitedMs < 60000; waitedMs += 20) await wait(20);
      board.ask(breaking);
      for (let waitedMs = 0; board.running() && waitedMs < 60000; waitedMs += 20) await wait(20);
      assert.equal(board.running(), false, board.log());
      return board.log();
    }

    /** Source with line, function and statement of each place. */
    function places(log: string): string[] {
      const { lines, exitCode } = trace(log, folder, "");
      assert.equal(exitCode, 0, `${lines.join("\n")}\n${log}`);
      return lines.flatMap((line, index) => (/^ {7}\S+\.ts:/.test(line) ? [`${line.trim().replace(/:\d+ in /, " in ")} | ${lines[index + 1]!.trim()}`] : []));
    }

    /** The text of a place: the line is where the source has this statement after the head of its function. */
    function place(source: string, name: string, statement: string): string {
      const text = readFileSync(join(root, source), "utf8").split("\n");
      const head = text.findIndex((line) => line.includes(`function ${name}(`));
      const index = text.findIndex((line, at) => at > head && line.trim() === statement);
      assert.ok(head >= 0 && index >= 0, `${source} has ${statement} in ${name}`);
      return `${source}:${String(index + 1)} in ${name} | ${statement}`;
    }

    const LOOP = (): string => place("boards/espruino_main.ts", "loop", "const skipTicks = service!.tick(device!);");

    it("is found in the program that stays in memory, with its caller", async () => {
      const log = await crashed(`(sdc.${short("contacts")}=undefined,1)`);
      assert.deepEqual(places(log), [place("firmware/inputs/contacts.ts", "contactsTick", "for (let index = 0; index < contacts.pins.length; index++) {"), LOOP()], log);
    });

    it("is found in a part that is loaded on demand, or where its function went in a whole program, with its callers", async () => {
      // The contact's level is stored once it is known: by the resident program, and before the upkeep.
      const stored = `sdc.${short("keyValues")}.${short("offsets")}[${String(KEY_SESSION)}]!==undefined`;
      const log = await crashed(`(sdc.${short("keyValues")}=undefined,sdc.${short("upkeepAtS")}=0,1)`, stored);
      assert.deepEqual(places(log), [
        place("firmware/store/key_value_store.ts", "getValue", "const offset = store.offsets[key] as number | undefined;"),
        place("firmware/health.ts", "renewSequenceFloor", "const stored = getValue(device.keyValues, KEY_SEQUENCE_FLOOR);"),
        // In the whole program the build has moved this call's function into its caller.
        ...(name === "ESPRUINO" ? [] : [place("firmware/device.ts", "runUplink", "runUpkeep(device);")]), LOOP(),
      ], log);
      assert.ok(trace(log, folder, "").lines.some((line) => line.includes(`'${short("offsets")}' of undefined (${short("offsets")}: offsets)`)), log);
    });

    it("is found in a callback of the interpreter", async () => {
      const log = await crashed("(setTimeout(function(){E.emit('errorFlag')},1),1)");
      assert.deepEqual(places(log), [place("hal/espruino/faults.ts", "watchFaults", "if (flags.indexOf(\"FIFO_FULL\") >= 0) edgeLost();")], log);
    });

    it("of another build is not looked up", async () => {
      const other = mkdtempSync(join(tmpdir(), "sdc-trace-other-"));
      await buildEspruino(other, { release: 7 });
      const { lines, exitCode } = trace(await crashed("(setTimeout(function(){E.emit('errorFlag')},1),1)"), other, "");
      rmSync(other, { recursive: true, force: true });
      assert.equal(exitCode, 1);
      assert.ok(lines.some((line) => line.includes("the board runs another build of ")), lines.join("\n"));
      assert.ok(!lines.some((line) => line.includes("faults.ts")), lines.join("\n"));
    });
  });
}
