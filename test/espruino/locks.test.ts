/*
 * Loops within loops on the real interpreter: which texts it never frees, and that the build's check knows exactly these.
 *
 * Input: functions with loops in each other, each a module in flash that is loaded and dropped again and again. Output: the
 * variables that are left behind, against the verdict of tools/build/lock_faults.ts. Invariant: a newer interpreter that counts
 * otherwise fails here, and not after a year in a garage.
 */
import assert from "node:assert/strict";
import { parse } from "acorn";
import { lockFaults } from "../../tools/build/lock_faults";
import { forms, Interpreter } from "./interpreter";

const LOOPS: { [name: string]: (inner: string, counter: string) => string } = {
  for: (inner, counter) => `for(var ${counter}=0;${counter}<2;${counter}++){${inner}}`,
  while: (inner, counter) => `var ${counter}=0;while(${counter}++<2){${inner}}`,
  do: (inner, counter) => `var ${counter}=0;do{${inner}}while(++${counter}<2);`,
  in: (inner, counter) => `for(var ${counter} in {a:1,b:2}){${inner}}`,
};
const TIMES = 20;

/** Every way to put three and four loops into each other, in every order, and two of more that lie at the limit. */
function nests(): string[][] {
  const names = Object.keys(LOOPS);
  const within = (inner: string[][]): string[][] => inner.flatMap((one) => names.filter((name) => one.length === 0 || name <= one[0]!).map((name) => [name, ...one]));
  const three = within(within(within([[]])));
  return [...three, ...within(three), ["in", "in", "in", "in", "in", "in"], ["in", "in", "in", "in", "in", "while"]];
}

const nested = (names: string[], core: string): string => names.reduceRight((inner, name, depth) => LOOPS[name]!(inner, "abcdef".charAt(depth)), core);

/** Title and body of a function `f(n)`. */
function bodies(): [string, string][] {
  return [
    ...nests().map((names): [string, string] => [names.join(" in "), nested(names, "t++;")]),
    // Statements in braces are passed over where they are not taken, others are read.
    ["a nest in a branch that is never taken", "if(t<0)for(var a=0;a<2;a++)for(var b=0;b<2;b++)for(var c=0;c<2;c++)for(var d=0;d<2;d++)t++;"],
    ["loops one after the other", nested(["for", "for", "for"], "t++;") + nested(["for", "for", "for"], "t++;")],
    ["a function with loops, made within loops", nested(["for", "for", "for"], "[1].map(function(x){for(var i=0;i<2;i++)t+=x;});")],
    ["a function that calls itself thirteen times", "if(n>0)f(n-1);"],
  ];
}

for (const { name, path } of forms()) {
  describe(`loops within loops on ${name}`, () => {
    it("leave behind the text of a function exactly where the build refuses it", function () {
      if (path === "") this.skip();
      const board = new Interpreter(path);
      const left: string[] = [];
      const told: string[] = [];
      try {
        const all = bodies();
        board.install(Object.fromEntries(all.map(([, body], index) => [`nest${String(index)}`, `var t=0;function f(n){${body}}exports.f=f;`])));
        board.start();
        board.ask(`global.leftBy=function(file){function once(){var m=require(file);m.f(13);Modules.removeCached(file);}once();once();` +
          `var u=process.memory().usage;for(var q=0;q<${String(TIMES)};q++)once();return process.memory().usage-u;},1`);
        for (const [index, [title, body]] of all.entries()) {
          // The question itself takes fewer variables than one for each time.
          if ((board.ask(`leftBy("nest${String(index)}")`) as number) >= TIMES) left.push(title);
          if (lockFaults(parse(`function f(n){${body}}`, { ecmaVersion: 5 })).length > 0) told.push(title);
        }
        assert.ok(left.length > 10 && left.length < all.length - 20, left.join("\n"));
        assert.deepEqual(left, told);
      } finally {
        void board.close();
      }
    });
  });
}
