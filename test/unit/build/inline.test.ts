/*
 * Functions moved into their only place: the text does the same, in the same order, with fewer functions.
 *
 * Input: small programs, each run as written and as moved. Output: test results. Invariant: every program
 * notes each effect, so a change of order is a difference.
 */
import assert from "node:assert/strict";
import vm from "node:vm";
import fc from "fast-check";
import { inlineFunctions as inlined } from "../../../tools/build/inline/inline";
import { unmapped } from "../../../tools/build/mapped";

/** All that a program notes, and whether it threw. */
function effects(code: string): unknown[] {
  const notes: unknown[] = [];
  try {
    vm.runInNewContext(code, { note: (value: unknown) => { notes.push(value); return value; } });
  } catch (error) {
    notes.push(`threw ${String(error)}`);
  }
  return notes;
}

function inlineFunctions(code: string, eager: boolean): string {
  return inlined(unmapped(code), eager).code;
}

function functions(code: string): number {
  return (code.match(/\bfunction\b/g) ?? []).length;
}

/** Title, program, functions that are left; the caller and what cannot move. */
const PROGRAMS: [string, string, number][] = [
  ["a call whose value nobody takes", "function f(a) { note(a); if (a > 1) return 5; note('more'); } function g() { f(1); f2(); } function f2() { return note(7); } g();", 1],
  ["a value into a new variable", "function f(a) { if (a === 0) return 'zero'; return 'other' + a; } function g(n) { var x = f(n); note(x); } g(0); g(3);", 1],
  ["a value that is returned on", "function f(a) { if (a) return 1; } function g(n) { if (n > 5) return f(n - 6); note('after'); return 2; } note(g(6)); note(g(7)); note(g(1));", 1],
  ["a value that decides", "function f(a) { note('asked'); return a > 2; } function g(n) { if (!f(n)) note('no'); else note('yes'); } g(1); g(3);", 1],
  ["a return out of a loop, and what follows the loop", "function find(list, x) { for (var i = 0; i < list.length; i++) { if (list[i] !== x) continue; note('found'); return i; } note('none'); return -1; } function g(x) { var at = find([4, 5, 6], x); note(at); } g(5); g(9);", 1],
  ["a loop left by a return within a loop of the caller", "function find(list, x) { for (var i = 0; i < list.length; i++) { if (list[i] === x) return true; } return false; } function g() { for (var k = 3; k < 8; k++) { if (find([4, 6], k)) note(k); } } g();", 1],
  ["a variable that begins empty at each pass", "function f(k) { var seen; if (k === 1) seen = 'one'; note(seen); } function g() { for (var k = 0; k < 3; k++) { f(k); } } g();", 1],
  ["a parameter that the function changes", "function f(n) { while (n > 0) { note(n); n--; } } function g(n) { f(n); note('kept ' + n); } g(2);", 1],
  ["an argument that the caller changes later", "function f(a, o) { o.x = 9; note(a); } function g(o) { f(o.x, o); } g({ x: 1 });", 1],
  ["two functions one after the other, and one inside the other", "function a(x) { var t = x + 1; note(t); return t; } function b(x) { var t = x * 2; note(t); return a(t); } function c(y) { var t = y - 1; note(t); } function g(n) { var p = b(n); c(p); note(p); } g(4);", 1],
  ["the second of two calls in one statement", "function a(x) { note('a' + x); return x; } function b(x) { note('b' + x); return x; } function g(n) { var s = a(n) + b(n + 1); note(s); } g(1);", 2],
  ["a call as an argument of another", "function a(x) { var q = x + 1; return q; } function b(p, x) { var q = x * 10; note(p + q); } function g(n) { b(n, a(n)); } g(1);", 1],
  ["a call behind the else of a branch", "function f(n) { note('f' + n); } function g(n) { if (n === 1) note('one'); else f(n); } g(1); g(2);", 1],
  ["a call whose argument is read before it changes", "function f(o) { o.n = 2; return 1; } function g(o) { note(o.n + f(o)); } g({ n: 1 });", 2],
  ["a call that && may leave out", "function f() { note('called'); return true; } function g(n) { if (n && f()) note('both'); } g(false); g(true);", 2],
  ["a call in the head of a loop", "function f(n) { return n < 2; } function g() { for (var i = 0; f(i); i++) note(i); } g();", 2],
  ["a function that is used as a value", "function f(n) { note(n); } function g() { [1, 2].forEach(f); f(3); } g();", 2],
  ["a function that is called twice", "function f(n) { note(n); } function g() { f(1); f(2); } g();", 2],
  ["a function with a function inside", "function f(n) { return function () { return n; }; } function g() { var h = f(4); note(h()); } g();", 3],
  ["a return out of a switch", "function f(n) { switch (n) { case 1: return 'one'; } return 'other'; } function g(n) { var x = f(n); note(x); } g(1); g(2);", 2],
  ["fields of the same name as a variable", "function f(o) { var length = o.length; note({ length: length }.length); } function g(o) { f(o); } g('abc');", 1],
  ["a function that is marked", "/** Why. @apart */ function f(n) { note(n); } function g() { f(1); } g();", 2],
  ["loops that would lie too deep in those of the caller", "function f(n) { for (var a = 0; a < 2; a++) { for (var b = 0; b < 2; b++) note(n + a + b); } } function g() { for (var c = 0; c < 2; c++) { for (var d = 0; d < 2; d++) f(c); } } g();", 2],
  ["loops that lie just deep enough in those of the caller", "function f(n) { for (var a = 0; a < 2; a++) note(n + a); } function g() { for (var c = 0; c < 2; c++) { for (var d = 0; d < 2; d++) f(c); } } g();", 1],
  ["a function whose name another one has for a variable", "function f(n) { note(n); } function h(f) { var x = f; note(x); note(f); } function g() { f(1); } g(); h(2); h(3);", 2],
  ["a function that calls one whose name the caller has for a variable", "function f(n) { note(n); } function h(n) { f(n); f(n + 1); } function g(f) { h(f); } g(1);", 3],
  ["a function that calls itself", "function f(n) { if (n > 0) f(n - 1); note(n); } function g() { f(2); } g();", 2],
];

describe("functions that are called in one place", () => {
  for (const [title, program, left] of PROGRAMS) {
    it(`${left === 1 ? "move and do the same" : "stay where moving would change something"}: ${title}`, () => {
      const moved = inlineFunctions(program, true);
      assert.deepEqual(effects(moved), effects(program), moved);
      assert.ok(effects(program).length > 0);
      assert.equal(functions(moved), left, moved);
    });
  }

  it("stay when they are long and not reached at every pass, unless the module is no part of the tick", () => {
    const program = `function f(n) { ${"note(n); ".repeat(100)} } function g(n) { if (n > 1) f(n); } g(2);`;
    assert.equal(functions(inlineFunctions(program, false)), 2);
    assert.equal(functions(inlineFunctions(program, true)), 1);
  });

  it("do the same in random programs of nested functions, branches, loops and returns", () => {
    const statement = (inner: string): fc.Arbitrary<string> => fc.constantFrom(
      "note('s' + p);", "v = v + p;", "if (p > 1) return v;", "if (p % 2 === 0) { note('even'); return p; } else { v = v + 1; }", "if (v > 2) { note('big'); } else if (v === 1) return 'one';",
      "for (var i = 0; i < 3; i++) { if (i === p) return 'loop' + i; note(i); }", "var w; note(w); w = p;", "return;", `${inner}(p);`, `v = ${inner}(v);`, `if (${inner}(p) === 2) note('two');`, `return ${inner}(p + 1);`, `note(${inner}(p));`,
    );
    const body = (inner: string): fc.Arbitrary<string> => fc.array(statement(inner), { minLength: 1, maxLength: 5 }).map((list) => `var v = 0; ${list.join(" ")}`);
    fc.assert(fc.property(body("note"), body("f1"), body("f2"), body("f3"), (one, two, three, four) => {
      const program = `function f1(p) { ${one} } function f2(p) { ${two} } function f3(p) { ${three} } function g(p) { ${four} } for (var n = 0; n < 4; n++) note(g(n));`;
      assert.deepEqual(effects(inlineFunctions(program, true)), effects(program), program);
    }), { numRuns: 400 });
  });
});
