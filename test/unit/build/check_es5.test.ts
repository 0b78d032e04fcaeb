/*
 * Programs that the build refuses to put on a board.
 *
 * Input: short programs. Output: test results. Invariant: for each thing that the interpreter cannot do
 * there is a program that is refused, and a twin that is not.
 */
import { strict as assert } from "node:assert";
import { checkEs5, countFunctions } from "../../../tools/build/check_es5";

const refused: [string, string, RegExp][] = [
  ["an arrow function", "var f = (a) => a;", /not ES5/],
  ["a template text", "var t = `x`;", /not ES5/],
  ["a let", "let t = 1;", /not ES5/],
  ["an import that is left over", "import { a } from './a';", /not ES5/],
  ["a compiler helper", "function f(a) { return __assign({}, a); }", /compiler helper __assign/],
  ["a label", "outer: for (;;) { break outer; }", /label outer/],
  ["a getter", "var r = { get a() { return 1; } };", /getter/],
  ["Map", "var m = new Map();", /Map is absent/],
  ["Array.from", "var a = Array.from('abc');", /Array\.from is absent/],
  ["Math.imul", "var a = Math.imul(2, 3);", /Math\.imul is absent/],
  ["a function called above its definition", "f(); function f() {}", /f is used before/],
  ["a function that reaches a later one", "function f() { g(); } f(); function g() {}", /g is used before/],
  ["a variable read above its value", "var a = b + 1; var b = 2;", /b is used before/],
  ["an inner function called above its definition", "function f() { g(); function g() {} } f();", /g is used before/],
  ["exports in a program", "exports.a = 1;", /uses exports/],
  ["loops that lie deeper in each other than the interpreter can count", "function f(n) { for (;;) { for (;;) { while (n) { for (var k in n) n--; } } } }", /^loops of f lie so deep .* \(15 locks of 14\)$/],
  ["the same in a function that is a module's", "exports.f = function (n) { for (;;) for (;;) for (;;) while (n) n--; };", /loops of f lie so deep/],
  ["a function that calls itself", "function f(n) { if (n > 0) f(n - 1); }", /f calls itself/],
  ["functions that call each other in a circle", "var f = function (n) { g(n); }; function g(n) { h(n); } function h(n) { if (n > 0) f(n - 1); }", /h calls itself/],
  ["a function that calls itself by a name of its own", "var g = function f(n) { if (n > 0) f(n - 1); };", /f calls itself/],
  ["a function that calls the variable that holds it", "function outer() { var f = function (n) { if (n > 0) f(n - 1); }; f(3); }", /f calls itself/],
  ["a function that is given to its variable later", "var f; f = function (n) { if (n > 0) f(n - 1); };", /f calls itself/],
  ["a function that calls itself through one that it makes", "function f(n) { [n].map(function (m) { if (m > 0) f(m - 1); }); }", /f calls itself/],
  ["a circle in which a name has two functions", "var f = function () {}; function g() { f(); } f = function () { g(); };", /f calls itself/],
];

const accepted: [string, string][] = [
  ["functions in order", "function f() {} function g() { f(); } g();"],
  ["a later function that only runs later", "function f() { g(); } function g() {} f();"],
  ["a callback that names a later function", "setTimeout(function () { g(); }, 1); function g() {}"],
  ["three loops in each other, and as many behind them", "function f(n) { for (;;) for (;;) for (;;) n--; for (;;) for (;;) for (;;) n--; }"],
  ["loops in a function that is made within loops", "function f(n) { for (;;) for (;;) for (;;) n.map(function (m) { for (;;) m--; }); }"],
  ["a function that has itself called later", "function f() { setTimeout(f, 20); }"],
  ["a parameter with the name of the function that it is given to", "function f(f) { f(); }"],
  ["functions of the same name in different functions", "function a() { var f = function () {}; f(); } function f() { a(); } f();"],
  ["a field with the name of the function that it calls", "function f() {} var driver = { f: function () { f(); } };"],
  ["a function of a field with the name of the one that it calls", "function f() {} var r = {}; r.f = function () { f(); };"],
  ["a caught error with the name of a function", "function f() { try { f.x(); } catch (f) { f(); } }"],
  ["a field with the name of a later function", "var r = { g: 1 }; r.g = 2; function g() {}"],
];

describe("the check of a finished bundle", () => {
  for (const [what, code, pattern] of refused) {
    it(`refuses ${what}`, () => assert.match(checkEs5(code, "program").join("\n"), pattern));
  }

  for (const [what, code] of accepted) {
    it(`accepts ${what}`, () => assert.deepEqual(checkEs5(code, "program"), []));
  }

  it("refuses a module that exports nothing", () => {
    assert.match(checkEs5("function f() {}", "module").join("\n"), /exports nothing/);
    assert.deepEqual(checkEs5("exports.f = function () {};", "module"), []);
  });

  it("counts functions and their parameters, inner ones included", () => {
    assert.deepEqual(countFunctions("function f(a, b) { return function (c) { return c; }; }"), { functions: 2, parameters: 3 });
  });
});
