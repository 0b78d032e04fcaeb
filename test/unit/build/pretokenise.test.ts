/*
 * Words of a program as the interpreter's own one-byte tokens.
 *
 * Input: short programs. Output: test results. Invariant: bytes are those that the interpreter's lexer knows
 * (jslex.h, from 138 on).
 */
import { strict as assert } from "node:assert";
import { pretokenise, tokenPlaces } from "../../../tools/build/pretokenise";

const IF = "\xa3";
const ELSE = "\xa4";
const FUNCTION = "\xaa";
const RETURN = "\xab";
const VAR = "\xac";
const TYPEEQUAL = "\x8b";
const ANDAND = "\x9e";

describe("the pretokeniser", () => {
  it("puts one byte for each word and each long operator", () => {
    assert.equal(pretokenise("function f(a,b){if(a===1&&b)return a;else return 2}"),
      `${FUNCTION}f(a,b){${IF}(a${TYPEEQUAL}1${ANDAND}b)${RETURN}a;${ELSE}${RETURN}2}`);
  });

  it("leaves numbers, texts, names and one-letter operators as they are written", () => {
    const code = "print(0,-12,300,1e3,\"if \\xff return\",'else',a.b,c[7]+d<e)";
    assert.equal(pretokenise(code), code);
  });

  it("leaves the word catch, which the interpreter does not take as a token", () => {
    assert.match(pretokenise("try{f()}catch(e){}"), /\{f\(\)\}catch\(e\)\{\}$/);
  });

  it("keeps two words apart that would be one", () => {
    assert.equal(pretokenise("var a = b in c, d;"), `${VAR}a=b\xb9c,d;`);
  });

  it("keeps two signs apart that would be one operator, and no others", () => {
    assert.equal(pretokenise("f(a - -b, a + +b, a - +b, - -1, a++ + ++b, a-- - --b);"), "f(a- -b,a+ +b,a-+b,- -1,a\x98+\x98b,a\x99-\x99b);");
  });

  it("does not take the token of || for a space", () => {
    assert.deepEqual(tokenPlaces("a||n", pretokenise("a||n")), [{ offset: 0, plain: 0 }, { offset: 1, plain: 1 }, { offset: 2, plain: 3 }]);
  });

  it("refuses what is not ASCII, because a letter could be taken for a token", () => {
    assert.throws(() => pretokenise("print(\"\xff\")"), /has the character 255 at 7/);
    assert.throws(() => pretokenise("print('\u20ac')"), /has the character 8364 at 7/);
  });

  it("knows for each token where it stood", () => {
    const code = "var a = 1;\nif (a === 1) f(a);";
    const tokenised = pretokenise(code);
    const places = tokenPlaces(code, tokenised);
    assert.equal(tokenised, `${VAR}a=1;\n${IF}(a${TYPEEQUAL}1)f(a);`);
    assert.deepEqual(places.map(({ offset, plain }) => [tokenised.charAt(offset), code.slice(plain, plain + 2)]),
      [[VAR, "va"], ["a", "a "], ["=", "= "], ["1", "1;"], [";", ";\n"], [IF, "if"], ["(", "(a"], ["a", "a "], [TYPEEQUAL, "=="], ["1", "1)"], [")", ") "], ["f", "f("], ["(", "(a"], ["a", "a)"], [")", ");"], [";", ";"]]);
    assert.throws(() => tokenPlaces("var b=1;", tokenised), /is not made of this one: it differs at 1/);
  });
});
