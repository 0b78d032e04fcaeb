/*
 * The firmware's numbers on NodeMCU's default build: 32-bit integers and single floats.
 *
 * Input: the compiled firmware, and numbers_play.ts on Node and in the machine with those numbers. Output:
 * test results. Invariant: Node's doubles are exact for every value and product here, so what differs is a
 * rounding or an overflow of the small machine. NUMBERS_SEED replays a run.
 */
import { strict as assert } from "node:assert";
import { join } from "node:path";
import { entryOf, modulesUnder } from "../../tools/build/modules";
import { root } from "../../tools/root";
import { vectorLists, vectorsEntry, vectorsEntryPath } from "../vectors/run_all";
import { compiledLua } from "./compiled";
import { MACHINES } from "./machines";
import { play } from "./numbers_play";
import { floatsMade } from "./single_floats";

const small = MACHINES[2]!;
const seed = Number(process.env.NUMBERS_SEED ?? String(Math.floor(Math.random() * 53125)));
const entry = join(root, "lua_entry.ts");
const compile = (source: string): string => compiledLua(entry, "5.3", { [entry]: source });

/** Floats that a chunk makes. */
function floatsOf(chunk: string): number {
  floatsMade();
  small.run(chunk);
  return floatsMade();
}

describe(`numbers on NodeMCU (NUMBERS_SEED=${String(seed)})`, () => {
  it("the machine has NodeMCU's numbers: 1,795,424,192 / 65,536 is rounded up there, and 2^31 - 1 wraps", () => {
    assert.equal(small.run("return tostring(math.floor(1795424192 / 65536))"), "27396");
    assert.equal(small.run("return tostring(1795424192 // 65536)"), "27395");
    assert.equal(small.run("return tostring(2147483647 + 1)"), "-2147483648");
    assert.equal(floatsOf("local third = 3\nthird = 1 / third\nreturn \"\""), 1);
    assert.equal(floatsOf("local third = 3\nthird = 1 // third\nreturn \"\""), 0);
  });

  it("the compiled firmware divides whole numbers only, and writes no number that is a float", () => {
    const code = compile(entryOf(modulesUnder("firmware"))).split("\n").filter((line) => !/^\s*--/.test(line)).join("\n").replace(/"(\\.|[^"\\])*"/g, "\"\"");
    assert.ok(code.includes(" // 65536"));
    // 0 / 0 is what the compiler writes for the NaN of charCodeAt behind a text's end.
    assert.deepEqual(code.match(/^.*[^/]\/[^/].*$/gm)?.filter((line) => /[^/]\/[^/]/.test(line.replaceAll("0 / 0", ""))) ?? [], []);
    assert.deepEqual(code.match(/\^|\b\d+\.\d+\b|\b\d+[eE]\d+\b/g) ?? [], []);
    // The one larger number is the compiler's own: a text may be split into so many parts.
    assert.deepEqual((code.replace("limit = 4294967295", "").match(/\b\d+\b/g) ?? []).filter((digits) => Number(digits) > 2147483647), []);
  });

  for (const [source, words] of [["14 / 2", /Math\.floor/], ["0.5", /0\.5/], ["2147483648", /2\^31/], ["Math.sqrt(4)", /Math\.sqrt/], ["Math.pow(3, 2)", /Math\.pow/], ["Math.floor(0.5 * 3)", /0\.5|Math\.floor/]] as const) {
    it(`refuses ${source} with file and line`, () => {
      assert.throws(() => compile(`export const value = ${source};\n`), (error: Error) => error.message.startsWith("lua_entry.ts:1: ") && words.test(error.message));
    });
  }

  it("turns floors, ceilings and powers of two into the same whole numbers", () => {
    const lua = compile("export const of = (a: number, b: number): string => [Math.floor(a / b), Math.ceil((a + 1) / b), Math.pow(4, b % 5), 7 - Math.floor(a / b) * 2].join(\" \");\n");
    for (const [a, b] of [[7, 2], [8, 2], [-7, 2], [2147483646, 3], [1795424192, 65536], [0, 9]] as const) {
      const wanted = [Math.floor(a / b), Math.ceil((a + 1) / b), Math.pow(4, b % 5), 7 - Math.floor(a / b) * 2].map((value) => String(value + 0)).join(" ");
      assert.equal(small.run(`return (function(...)\n${lua}\nend)().of(${String(a)}, ${String(b)})`), wanted);
    }
  });

  it("makes not one float in all known answers", () => {
    const lua = compiledLua(vectorsEntryPath, "5.3", { [vectorsEntryPath]: vectorsEntry(vectorLists(["test/vectors", "test/lua/vectors"])) });
    const reading = floatsOf(`local all = (function(...)\n${lua}\nend)()\nreturn ""`);
    assert.equal(floatsOf(`return (function(...)\n${lua}\nend)().run()`) - reading, 0);
  });

  /** One machine plays all `numbers` of a sum; compiled once for all of them. */
  let compiled = "";
  const same = (name: string, numbers: number[]): string => {
    if (compiled === "") compiled = compiledLua(join(root, "test", "lua", "numbers_play.ts"), "5.3");
    const calls = numbers.map((number) => `text = text .. play("${name}", ${String(number)})`).join("\n");
    const wanted = numbers.map((number) => play(name, number)).join("");
    assert.deepEqual(small.run(`local play = (function(...)\n${compiled}\nend)().play\nlocal text = ""\n${calls}\nreturn text`).split("\n"), wanted.split("\n"));
    return wanted;
  };

  for (const name of ["bytes and CBOR heads", "costs", "powers and drifts", "registers", "scales", "waits"]) {
    it(`gives exact ${name} for random values up to 2^31 - 1`, () => {
      same(name, [seed, (seed + 7919) % 53125, (seed + 15838) % 53125]);
    });
  }

  for (let term = 0; term < 18; term += 3) {
    it(`gives date and minutes around every midnight of ${String(1970 + 4 * term)} to ${String(Math.min(2038, 1981 + 4 * term))}`, () => {
      assert.deepEqual(same("midnights", [term, term + 1, term + 2]).match(/\d+ wrong/g), ["0 wrong", "0 wrong", "0 wrong"]);
    });
  }
});
