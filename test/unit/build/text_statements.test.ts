/*
 * Brackets around statements that begin with a text.
 *
 * Input: short programs. Output: test results. Invariant: nothing else of a program is changed.
 */
import { strict as assert } from "node:assert";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { joinedMap, unmapped } from "../../../tools/build/mapped";
import { bracketTexts } from "../../../tools/build/text_statements";

const bracketed = (code: string): string => bracketTexts(unmapped(code)).code;

describe("a statement that begins with a text", () => {
  it("gets brackets behind a block, a label, a semicolon and a line's end", () => {
    assert.equal(bracketed(`if(a){b()}else{c()}"w"===d||e();`), `if(a){b()}else{c()};("w"===d||e());`);
    assert.equal(bracketed(`switch(a){case 1:"w"===d||e();break;default:'v'===d||e()}`), `switch(a){case 1:("w"===d||e());break;default:('v'===d||e())}`);
    assert.equal(bracketed(`if(a)b();else if(c)d();"w"===d||e()`), `if(a)b();else if(c)d();("w"===d||e())`);
    assert.equal(bracketed(`a=function(){}\n"w"===d||e()`), `a=function(){}\n;("w"===d||e())`);
  });

  it("gets them in functions, in blocks of blocks, and as often as there are such statements", () => {
    assert.equal(bracketed(`a(function(){if(b){if(c){d()}"w"===e&&f()}"v"===(e)&&(f())});`), `a(function(){if(b){if(c){d()};("w"===e&&f())};("v"===(e)&&(f()))});`);
    assert.equal(bracketed(`a();"w"===b&&c(function(){d();"v"===e&&f()});`), `a();("w"===b&&c(function(){d();("v"===e&&f())}));`);
  });

  it("gets none at the beginning of a program or a block, or as the only statement of a branch", () => {
    for (const code of [`"use strict";a();`, `function f(){"use strict";}`, `if(a){"w"===b||c()}`, `if(a)"w"===b||c();else"v"===b||c();`]) assert.equal(bracketed(code), code);
  });

  it("is told from a text that stands elsewhere", () => {
    for (const code of [`if(a){b()}c="w";`, `if(a){b()}d("w");`, `function f(){if(a){b()}return"w"}`, `switch(a){case"w":b()}`, `a={b:"w","c":1};`, `a=b?c:"w";`]) assert.equal(bracketed(code), code);
  });

  it("is found where it was written, and so is what follows it", () => {
    const text = bracketTexts(unmapped(`if(a){b()}"w"===d||e();f();`));
    const map = new TraceMap(joinedMap(text));
    const written = (word: string): number | null => originalPositionFor(map, { line: 1, column: text.code.indexOf(word) }).column;
    assert.deepEqual(["b()", `"w"`, "d", "e()", "f()"].map(written), [6, 10, 16, 19, 23]);
  });
});
