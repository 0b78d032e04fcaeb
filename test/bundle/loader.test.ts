/*
 * The loader as it ships: which slot it runs, what it refuses, how it counts, and every power cut in between.
 *
 * Input: small slots, marks, a flash that is cut at each of its steps. Output: test results. Invariant: after a cut
 * at any step, a board with one whole slot starts a whole program.
 */
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PLACE_BYTES_AT } from "../../hal/espruino/slot_format";
import { PowerCut } from "../../hal/mock/flash";
import { buildBundle } from "../../tools/build/bundle";
import { placedSlot, slotOf, type SlotRelease } from "../../tools/build/slot";
import { readMarks, writeMark } from "../../tools/board/mark_page";
import { root } from "../../tools/root";
import { createLoaderTestBoard } from "../boards/loader_board";
import type { LoaderTestBoard } from "../boards/loader_board";

const CONFIRM = "if(global.mark!==undefined){require('Flash').write([0,0,0,0],mark);delete global.mark;}";
const RELEASE: SlotRelease = { family: "LINUX", board: "linux", version: "1.2.3", number: 7 };
const PLACE = { at: 60, bytes: 1024, address: 0x10000400 };
/** A slot in its file, as an update writes it: from the first page's beginning on. */
const slot = (word: string, more = ""): string => placedSlot(slotOf(RELEASE, `ran='${word}';${more}`, { part: "exports.x=1;" }), PLACE);

describe("the loader", function () {
  this.timeout(60000);
  let loader = "";

  before(async () => {
    loader = await buildBundle(join(root, "boards", "loader.ts"), { kind: "program", minified: true });
  });

  async function both(letter: "a" | "b", more = ""): Promise<LoaderTestBoard> {
    const world = createLoaderTestBoard();
    world.files.set("sdc_a", slot("old", letter === "a" ? more : "")).set("sdc_b", slot("new", letter === "b" ? more : ""));
    world.start("");
    await writeMark(world.board, "LINUX", letter);
    return world;
  }

  it("is smaller than 2,000 bytes and leaves nothing but the letter of the slot and its place behind", () => {
    assert.ok(loader.length < 2000, String(loader.length));
    const world = createLoaderTestBoard();
    world.start("");
    const before = world.look("Object.keys(global).join()");
    world.files.set("sdc_a", slot("old"));
    assert.equal(world.start(loader), "old");
    assert.equal(world.look("Object.keys(global).filter(function(one){return one!=='slot'&&one!=='base'}).join()"), before);
    assert.equal(world.look("slot"), 97);
    assert.equal(world.look("base"), PLACE.at / 4);
  });

  it("runs slot a where there is no mark, and writes nothing", () => {
    const world = createLoaderTestBoard();
    world.files.set("sdc_a", slot("old")).set("sdc_b", slot("new"));
    assert.equal(world.start(loader), "old");
    assert.equal(world.flash.steps, 0);
  });

  it("runs a PC's slot on the 32-bit build of the interpreter too, and finds the mark there", async () => {
    const world = createLoaderTestBoard(undefined, "LINUX32");
    world.files.set("sdc_a", slot("old")).set("sdc_b", slot("new"));
    world.start("");
    await writeMark(world.board, "LINUX32", "b");
    assert.equal(world.start(loader), "new");
  });

  it("runs b where there is no mark and a is absent, and says so where neither is there", () => {
    const world = createLoaderTestBoard();
    assert.equal(world.start(loader), "");
    assert.match(world.printed.join("\n"), /^sdc: neither slot holds a whole program; [^\n]*$/);
    world.files.set("sdc_b", slot("new"));
    assert.equal(world.start(loader), "new");
  });

  it("runs the other slot whichever byte of the marked one is wrong, or missing", async () => {
    const good = slot("new");
    const world = await both("b");
    for (let at = 0; at < good.length; at++) {
      // The length and the address of the place, and what is between its head and the slot, are not the loader's to judge.
      if (at >= PLACE_BYTES_AT && at < PLACE.at) continue;
      const wrong = good.slice(0, at) + String.fromCharCode(good.charCodeAt(at) ^ 1) + good.slice(at + 1);
      for (const damaged of [wrong, good.slice(0, at)]) {
        world.files.set("sdc_b", damaged);
        assert.equal(world.start(loader), "old", `byte ${String(at)}`);
      }
    }
    assert.equal(world.flash.bytes[4], 255, "a slot that is not whole costs no attempt");
  });

  it("arms the watchdog of 30 s before a version on trial runs, so that one that hangs or stands idle uses up its attempts, and leaves it to a proved one", async () => {
    const world = await both("b", CONFIRM);
    assert.equal(world.start(loader), "new");
    // The interpreter does not kick it: a start that was cut off because memory ran out stands idle.
    assert.deepEqual(world.watchdogs, [[30, false]]);
    assert.equal(world.start(loader), "new");
    assert.equal(world.watchdogs.length, 1);
  });

  it("restarts a version that neither has proved itself nor given way after two hours, and leaves one in peace that has", async () => {
    const world = await both("b");
    assert.equal(world.start(loader), "new");
    const [code, ms] = world.timers[0]!;
    assert.equal(ms, 7_200_000);
    world.look(code);
    assert.equal(world.reboots, 1);
    const proved = await both("b", CONFIRM);
    proved.start(loader);
    proved.look(proved.timers[0]![0]);
    proved.start(loader);
    assert.deepEqual([proved.reboots, proved.timers.length], [0, 1]);
  });

  it("refuses a slot for another family, whole as it is", () => {
    const world = createLoaderTestBoard();
    world.files.set("sdc_a", placedSlot(slotOf({ ...RELEASE, family: "ESP32" }, "ran='foreign';", {})));
    assert.equal(world.start(loader), "");
  });

  it("tries a slot three times, then runs the other one for good, also from a mark of a", async () => {
    for (const letter of ["a", "b"] as const) {
      const world = await both(letter);
      const tried = letter === "a" ? "old" : "new";
      const other = letter === "a" ? "new" : "old";
      assert.deepEqual([1, 2, 3, 4, 5].map(() => world.start(loader)), [tried, tried, tried, other, other]);
      assert.equal(world.look("typeof mark"), "undefined", "the other slot cannot confirm a mark that is not its own");
    }
  });

  it("counts no more once the program has confirmed", async () => {
    const world = await both("b", CONFIRM);
    for (let starts = 0; starts < 6; starts++) assert.equal(world.start(loader), "new");
    assert.equal(Buffer.from(world.flash.bytes.subarray(0, 16)).toString("hex"), "53444c6200ffffff00000000ffffffff");
  });

  it("starts a program that throws anew while it is on trial, and returns to the old one", async () => {
    const world = await both("b", "throw new Error('no');");
    for (const reboots of [1, 2, 3]) {
      world.start(loader);
      assert.equal(world.reboots, reboots);
    }
    assert.equal(world.start(loader), "old");
    assert.equal(world.reboots, 3);
  });

  it("lets an error of a program without a trial go to the interpreter", () => {
    const world = createLoaderTestBoard();
    world.files.set("sdc_a", slot("old", "throw new Error('no');"));
    assert.throws(() => world.start(loader), /no/);
    assert.equal(world.reboots, 0);
  });

  it("keeps the tried slot when its attempts are over and the other is not whole", async () => {
    const world = await both("b");
    world.files.set("sdc_a", "");
    for (let starts = 0; starts < 5; starts++) assert.equal(world.start(loader), "new");
  });

  it("runs one of the two whole programs after a cut at any step of a switch, and the new one after the last", async () => {
    for (const kind of ["a mark behind another", "a full page"]) {
      const seen = new Set<string>();
      for (let cut = 0; ; cut++) {
        const world = await both("a", CONFIRM);
        if (kind === "a full page") while ((await readMarks(world.board, "LINUX")).next >= 0) await writeMark(world.board, "LINUX", "a");
        world.start(loader);
        world.flash.resetStatistics();
        world.flash.faults.cutStep = cut;
        world.flash.faults.seed = cut + 1;
        let whole = true;
        try {
          await writeMark(world.board, "LINUX", "b");
        } catch (error) {
          if (!(error instanceof PowerCut)) throw error;
          whole = false;
        }
        world.flash.boot();
        const ran = world.start(loader);
        seen.add(ran);
        if (whole) {
          assert.equal(ran, "new");
          break;
        }
        assert.ok(ran === "old" || ran === "new", `${kind}, cut ${String(cut)}: ${ran}`);
        // The rest of a cut write in the page does not stop the next switch.
        await writeMark(world.board, "LINUX", "b");
        assert.equal(world.start(loader), "new", `${kind}, cut ${String(cut)}`);
      }
      assert.deepEqual([...seen].sort(), ["new", "old"]);
    }
  });

  it("runs the marked program after a cut at any step of counting and of confirming", async () => {
    for (let cut = 0; ; cut++) {
      const world = await both("b", CONFIRM);
      world.flash.resetStatistics();
      world.flash.faults.cutStep = cut;
      world.flash.faults.seed = cut + 1;
      let whole = true;
      try {
        world.start(loader);
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
        whole = false;
      }
      world.flash.boot();
      for (let starts = 0; starts < 5; starts++) assert.equal(world.start(loader), "new", `cut ${String(cut)}`);
      assert.equal((await readMarks(world.board, "LINUX")).confirmed, true);
      if (whole) break;
    }
  });

  it("runs the golden slot that the golden marks put in force, counts its attempt, and lets it confirm", () => {
    const golden = (name: string): Buffer => readFileSync(join(root, "test", "golden", "slot", name));
    const world = createLoaderTestBoard(new Uint8Array(golden("marks_1.bin")));
    world.files.set("sdc_a", slot("old")).set("sdc_b", golden("slot_2.bin").toString("latin1"));
    assert.equal(world.start(loader), "golden row's");
    assert.equal(world.look("String.fromCharCode(slot)+base"), "b120");
    assert.equal(Buffer.from(world.flash.bytes.subarray(32, 48)).toString("hex"), "53444c620000ffff00000000ffffffff");
    for (let starts = 0; starts < 5; starts++) assert.equal(world.start(loader), "golden row's");
  });
});
