/*
 * The defects that mutation testing makes.
 *
 * Input: small programs. Output: test results. Invariant: a program in which defects can be switched does without one what it
 * did before, and with one what the changed text does.
 */
import { strict as assert } from "node:assert";
import { runInNewContext } from "node:vm";
import { difference, mutantsOf, mutated } from "../../../tools/mutation/mutants";
import { sampleOf } from "../../../tools/mutation/sample";
import { switched } from "../../../tools/mutation/switched";
import { EQUIVALENTS } from "../../../tools/mutation/equivalents";
import { readOwn } from "../project/source_files";

const changes = (text: string): string[] => mutantsOf("a.ts", text).map((mutant) => `${mutant.operator}: ${mutant.before} → ${mutant.after}`);

const PROGRAM = "function rate(a, b) {\n  let sum = 0;\n  if (a < 3 && !b) sum += a * 2;\n  for (let i = 0; i < 2; i++) sum = sum + (b ? 1 : i);\n  note(sum);\n  return sum;\n}\n";

function play(text: string, number = 0): string {
  const noted: number[] = [];
  const context = { note: (value: number) => noted.push(value), process: {}, sdcSwitch: { mutant: number, reached: [], note: () => undefined, left: 10_000 }, results: [] as unknown[] };
  runInNewContext(`${text};for (const a of [0, 2, 3, 4]) for (const b of [true, false]) results.push(rate(a, b));`, context);
  return JSON.stringify([noted, context.results]);
}

describe("mutation testing", () => {
  it("makes each kind of defect", () => {
    assert.deepEqual(changes("if (a <= 1 && !b) c();"), ["condition: a <= 1 && !b → false", "operator: && → ||", "operator: <= → <", "number: 1 → 2", "negation: !b → b", "statement: c(); → ;"]);
    assert.deepEqual(changes("const x = a ? true : b;"), ["arms: a ? true : b → a ? b : true", "boolean: true → false"]);
    assert.deepEqual(changes("i++; x -= y / z;"), ["step: i++ → i--", "statement: x -= y / z; → ;", "operator: -= → +=", "operator: / → *"]);
  });

  it("leaves types, imports, sums of texts and checks of programmer errors alone", () => {
    assert.deepEqual(changes("import a from \"a\"; type T = 1 | 2; interface I { a: 3 } invariant(a > 4, \"A\"); const t = \"a\" + b + c;"), []);
  });

  it("shows a reader the line before and after", () => {
    const text = "one();\n  if (a < 2) two();\n";
    const less = mutantsOf("a.ts", text).find((mutant) => mutant.before === "<");
    assert.ok(less !== undefined);
    assert.deepEqual(difference(text, less), ["if (a < 2) two();", "if (a <= 2) two();"]);
    assert.equal(less.line, 2);
  });

  it("switches each defect on in a running program as if it stood in its text, and ends one that loops", () => {
    const all = mutantsOf("a.ts", PROGRAM);
    assert.equal(all.length, 19);
    const text = switched(PROGRAM, all.map((mutant, index) => [index + 1, mutant]));
    assert.equal(play(text), play(PROGRAM));
    for (const [index, mutant] of all.entries()) {
      if (mutant.operator === "step") assert.throws(() => play(text, index + 1), { message: "the defect makes the program loop" });
      else assert.equal(play(text, index + 1), play(mutated(PROGRAM, mutant)), `${mutant.operator}: ${mutant.before}`);
    }
  });

  it("chooses the same sample for the same seed", () => {
    const list = Array.from({ length: 100 }, (_, index) => index);
    assert.deepEqual(sampleOf(list, 5, 1), sampleOf(list, 5, 1));
    assert.notDeepEqual(sampleOf(list, 5, 1), sampleOf(list, 5, 2));
    assert.deepEqual(sampleOf(list, 200, 1), list);
    assert.equal(new Set(sampleOf(list, 60, 3)).size, 60);
  });

  it("excuses only what still stands in the sources, with a reason", () => {
    for (const { path, before, reason } of EQUIVALENTS) {
      assert.ok(readOwn(path).split("\n").some((line) => line.trim() === before), `${path}: ${before}`);
      assert.ok(reason.length > 20, before);
    }
  });
});
