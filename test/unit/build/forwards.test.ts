/*
 * Functions that only forward: their calls go where they end, in the same order of effects.
 *
 * Input: small programs, each run as written and as changed. Output: test results. Invariant: every program notes each
 * effect, so a change of order is a difference.
 */
import assert from "node:assert/strict";
import vm from "node:vm";
import { inlineForwards } from "../../../tools/build/inline/forwards";
import { unmapped } from "../../../tools/build/mapped";

function effects(code: string): unknown[] {
  const notes: unknown[] = [];
  const note = (value: unknown): unknown => { notes.push(value); return value; };
  const part = (name: string): object => {
    note(`part ${name}`);
    return { add: (a: number, b: number) => note(a + b), twice: (a: number) => note(2 * a) };
  };
  vm.runInNewContext(code, { note, part });
  return notes;
}

const ADD = "function add(a, b) { return part('sum').add(a, b); } ";
const TWICE = "function twice(a) { return part('double').twice(a); } ";

/** Title, program, and what is left of its functions. */
const PROGRAMS: [string, string, string[]][] = [
  ["calls with names, fields, numbers and sums", `${ADD}function g(o) { add(o.x, 1); note(add(o.x + 1, -o.y)); } g({ x: 1, y: 2 });`, ["g"]],
  ["a function that forwards to another such one", `${ADD}function plus(a, b) { return add(a, b); } function g() { plus(1, 2); add(3, 4); } g();`, ["g"]],
  ["a call with a call among its arguments", `${ADD}function g() { add(1, note(2)); } g();`, ["add", "g"]],
  ["one call of several that does not fit", `${ADD}function g(i) { add(1, 2); add(1, i++); } g(5);`, ["add", "g"]],
  ["an argument that is set on the way", `${ADD}function g(i) { add(i = 3, i); } g(5);`, ["add", "g"]],
  ["a call in an argument of another part's call", `${ADD}${TWICE}function g() { add(1, twice(2)); } g();`, ["add", "twice", "g"]],
  ["a call with fewer arguments", "function twice(a, b) { return note(a, b); } function g() { twice(1); } g();", ["twice", "g"]],
  ["parameters in another order", "function turned(a, b) { return part('sum').add(b, a); } function g() { turned(1, 2); } g();", ["turned", "g"]],
  ["a parameter in the address", "function call(f) { return f.run(f); } function run() { note('run'); } function g() { call({ run: run }); } g();", ["call", "run", "g"]],
  ["a function that is used as a value", `${TWICE}[1, 2].forEach(twice); twice(3);`, ["twice"]],
  ["a caller with a variable that the address names", `${TWICE}function g(part) { twice(part); } g(4);`, ["twice", "g"]],
  ["another variable of the function's own name", `${TWICE}function g(twice) { note(twice); } function h() { twice(2); } g(1); h();`, ["g", "h"]],
];

describe("functions that only forward", () => {
  for (const [title, program, left] of PROGRAMS) {
    it(`${left.length === (program.match(/\bfunction\b/g) ?? []).length ? "stay" : "are left out"}: ${title}`, () => {
      const changed = inlineForwards(unmapped(program)).code;
      const names = [...changed.matchAll(/function (\w+)/g)].map(([, name]) => name);
      assert.deepEqual(names, left, changed);
      assert.deepEqual(effects(changed), effects(program), changed);
      assert.ok(effects(program).length > 0);
    });
  }
});
