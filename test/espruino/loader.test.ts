/*
 * The loader on the real interpreter, both forms: slots from flash, damaged, on trial, confirmed.
 *
 * Input: the shipped loader; small slots of which two fit into the image, and the shipped slot of which one does.
 * Output: test results. Invariant: what runs is told by the program's own words.
 */
import assert from "node:assert/strict";
import { LINUX_MARK_ADDRESS } from "../../boards/espruino_flash";
import { configure, flashOf, shippedFiles } from "../boards/interpreter_board";
import { wallboxDocument } from "../../tools/world/garage";
import { placedSlot } from "../../tools/build/slot";
import { forms, Interpreter } from "./interpreter";
import { smallSlot } from "./small_build";

/** A small slot in its file, as a place that a cable wrote. */
const placed = async (word: string, more = ""): Promise<string> => placedSlot(await smallSlot(word, more));

const mark = (letter: string): string => "SDL" + letter;

for (const { name, path } of forms()) {
  describe(`the loader on ${name}`, () => {
    let loader = "";
    let board: Interpreter;

    before(async function () {
      if (path === "") this.skip();
      loader = (await shippedFiles())[".bootcde"]!;
    });
    afterEach(() => board.close());

    function open(files: Record<string, string>, markLetter = ""): void {
      board = new Interpreter(path);
      board.wirePins([2, 23, 25, 26, 27]);
      board.install({ ".bootcde": loader, ...files });
      if (markLetter === "") return;
      const flash = flashOf(board);
      flash.write(LINUX_MARK_ADDRESS, mark(markLetter));
      flash.close();
    }

    function markBytes(): string {
      const flash = flashOf(board);
      const bytes = Buffer.from(flash.read(LINUX_MARK_ADDRESS, 16), "latin1").toString("hex");
      flash.close();
      return bytes;
    }

    /** Starts, waits for the words or for the process to end, and gives the log. */
    async function run(words: string): Promise<string> {
      board.start();
      await board.printed(words).catch(() => undefined);
      const log = board.log();
      await board.kill();
      return log;
    }

    it("runs the marked slot, and its program confirms it in flash", async () => {
      open({ sdc_a: await placed("old"), sdc_b: await placed("new") }, "b");
      assert.match(await run("sdc runs"), /sdc runs new 2100/);
      assert.equal(markBytes(), "53444c6200ffffff00000000ffffffff");
      assert.match(await run("sdc runs"), /sdc runs new 2100/);
      assert.equal(markBytes(), "53444c6200ffffff00000000ffffffff");
    });

    it("runs the other slot when one byte of the marked one is wrong, or its end is missing", async () => {
      const good = await placed("new");
      for (const at of [2, 35, 100, 1000, good.length - 1]) {
        open({ sdc_a: await placed("old"), sdc_b: good.slice(0, at) + String.fromCharCode(good.charCodeAt(at) ^ 4) + good.slice(at + 1) }, "b");
        assert.match(await run("sdc runs"), /sdc runs old 2100/, `byte ${String(at)}`);
        await board.close();
      }
      open({ sdc_a: await placed("old"), sdc_b: good.slice(0, 900) }, "b");
      assert.match(await run("sdc runs"), /sdc runs old 2100/);
    });

    it("gives a program that throws three starts, and then the old one runs", async () => {
      open({ sdc_a: await placed("old"), sdc_b: await placed("new", "const nothing: any = undefined; nothing.field = 1;") }, "b");
      for (const attempts of ["00ffffff", "0000ffff", "000000ff"]) {
        assert.doesNotMatch(await run("sdc runs"), /sdc runs/);
        assert.equal(markBytes(), `53444c62${attempts}ffffffffffffffff`);
      }
      assert.match(await run("sdc runs"), /sdc runs old 2100/);
    });

    it("runs the shipped slot without a copy of it in memory, confirms it also without a configuration, and refuses it with a damaged byte", async () => {
      const shipped = (await shippedFiles()).sdc_a!;
      open({ sdc_a: shipped }, "a");
      board.start();
      await board.printed("sdc waits for its configuration");
      const { usage } = board.ask("process.memory()") as { usage: number };
      assert.ok(usage < 700, `${String(usage)} variables`);
      await board.kill();
      assert.equal(markBytes(), "53444c6100ffffff00000000ffffffff");
      await board.close();
      const at = 120000;
      open({ sdc_a: shipped.slice(0, at) + String.fromCharCode(shipped.charCodeAt(at) ^ 1) + shipped.slice(at + 1) });
      assert.match(await run("neither slot"), /sdc: neither slot holds a whole program/);
    });

    it("runs a configured board from a slot, with a module that a maker added as a file", async () => {
      const document = wallboxDocument() as unknown as Record<string, unknown> & { readers: { port: number }[] };
      document.readers[0]!.port = 1;
      delete document.network;
      delete document.api;
      delete document.endpoint;
      open({ sdc_a: (await shippedFiles()).sdc_a!, sdc_mine: "exports.word='of the maker';" }, "a");
      configure(board, document);
      board.start();
      await board.printed("sdc runs");
      assert.equal(board.ask('part("mine").word'), "of the maker");
      assert.equal(board.ask("typeof part('rdm6300')"), "object");
      assert.equal(board.ask("part('absent')"), undefined);
      await board.kill();
      assert.equal(markBytes(), "53444c6100ffffff00000000ffffffff");
    });
  });
}
