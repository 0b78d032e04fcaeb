/*
 * Constants that stand where they are read.
 *
 * Input: small programs. Output: test results. Invariant: a name that is ever set again, or declared twice, stays.
 */
import assert from "node:assert/strict";
import vm from "node:vm";
import { inlineConstants } from "../../../tools/build/inline/constants";
import { unmapped } from "../../../tools/build/mapped";

function result(code: string): unknown {
  return vm.runInNewContext(code);
}

function moved(program: string): string {
  const text = inlineConstants(unmapped(program)).code;
  assert.deepEqual(result(text), result(program), text);
  return text;
}

describe("constants of a bundle", () => {
  it("stand where they are read, and take no variable", () => {
    const text = moved("var LIMIT = 5, LOW = -3, WORD = 'on'; function f(n) { return n - LOW > LIMIT ? WORD : { LIMIT: LIMIT }.LIMIT; } f(1) + f(7);");
    assert.ok(!/\bvar\b/.test(text), text);
    assert.match(text, /n - \(-3\) > 5/);
  });

  it("are worked out when they are whole numbers made of others", () => {
    const text = moved("var TICK = 40; var SKIP = Math.floor(1000 / TICK) - 1; function f(n) { return n + SKIP; } f(1);");
    assert.match(text, /n \+ 24/);
    for (const program of ["var A = 1 / 3; function f() { return A; } f();", "var A = 1 - 2; function f() { return A; } f();", "var A = Math.ceil(3 / 2); function f() { return A; } f();", "var B = 'x'; var A = B + 1; function f() { return A; } f();"]) {
      assert.match(moved(program), /var A/, program);
    }
  });

  it("stay when they are set again, counted on, declared twice, or a parameter has their name", () => {
    for (const program of ["var A = 1; function f() { A = 2; } f(); A;", "var A = 1; A++; A;", "var A = 1; A += 2; A;", "var A = 1; var A = 2; A;", "var A = 1; function f(A) { return A; } f(4) + A;",
      "var A = 1; for (A in { x: 1 }) {} A;", "var A = 1; function f() { var A = 7; return A; } f() + A;"]) {
      assert.match(moved(program), /var A/, program);
    }
  });

  it("stay when they are no literals, or long texts that several places read", () => {
    assert.match(moved("var A = [1]; A[0];"), /var A/);
    assert.match(moved("var A = 'abcdefghijklmnop'; A + A;"), /var A/);
    assert.doesNotMatch(moved("var A = 'abcdefghijklmnop'; A + 1;"), /var A/);
  });
});
