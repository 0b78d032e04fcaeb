/*
 * Statements that begin with a text, on both forms of the interpreter: what goes wrong with them, and that the build mends it.
 *
 * Input: functions in which such a statement follows something that is passed over. Output: their results. Invariant: each
 * of them is wrong as it is written, so an interpreter that reads them right, for which the build need do nothing, fails here.
 */
import assert from "node:assert/strict";
import { pretokenise } from "../../tools/build/pretokenise";
import { unmapped } from "../../tools/build/mapped";
import { bracketTexts } from "../../tools/build/text_statements";
import { interpreters, runScript } from "./interpreter";

/** A title, the body of a function of `word` and `count`, a call of it, its right and its wrong result. */
const CASES: [title: string, body: string, call: string, right: string, wrong: string][] = [
  ["a branch that is not taken", `var r=0;if(count){r=1}"w"===word||(r=9);return r`, `"w",0`, "0", "9"],
  ["the other branch", `var r=0;if(count){r=1}else{r=2}"w"===word||(r=9);return r`, `"w",1`, "1", "9"],
  ["a chain of branches", `var r=0;if(count){r=1}else if(0===count){r=2}"w"===word||(r=9);return r`, `"w",1`, "1", "9"],
  ["a chain of branches of which none is taken", `var r=0;if(count){r=1}else if(0===count){r=2}"w"===word||(r=9);return r`, `"w",false`, "0", "9"],
  ["a chain of branches that a semicolon ends", `var r=0;if(count){r=1}else if(0===count)r=2;"w"===word||(r=9);return r`, `"w",1`, "1", "9"],
  ["a branch within a loop", `var r=0,i;for(i=0;i<3;i++){if(count){r++}"w"===word||(r=9)}return r`, `"w",0`, "0", "9"],
  ["a loop's break", `var r=0;while(1){if(count){break}"w"===word||(r=9);count=1}return r`, `"w",0`, "0", "9"],
  ["a catch without an error", `var r=0;try{r=1}catch(e){r=2}"w"===word||(r=9);return r`, `"w",0`, "1", "9"],
  ["a loop that is not reached", `var r=0;if(count)for(;r<count;){r++}"w"===word||(r=9);return r`, `"w",0`, "0", "9"],
  ["a case", `var r=0;switch(count){case 1:r=1;break;case 2:"w"===word||(r=9)}return r`, `"w",2`, "0", "9"],
];

function answers(path: string, write: (code: string) => string): string[] {
  const script = CASES.map(([, body, call], index) => write(`print("@${String(index)} "+(function(word,count){${body}})(${call}));`)).join("\n");
  return runScript(path, script).split("\n").map((line) => line.replace(/\r/g, "")).filter((line) => line.includes("@")).map((line) => line.slice(line.indexOf("@")));
}

for (const { name, path } of interpreters()) {
  describe(`a statement that begins with a text, on ${name}`, () => {
    for (const [form, write] of [["as text", (code: string) => code], ["with words as tokens", pretokenise]] as const) {
      it(`compares with nothing behind what is passed over, ${form}`, function () {
        if (path === "") this.skip();
        assert.deepEqual(answers(path, write), CASES.map(([, , , , wrong], index) => `@${String(index)} ${wrong}`));
      });

      it(`does what it says as the build writes it, ${form}`, function () {
        if (path === "") this.skip();
        assert.deepEqual(answers(path, (code) => write(bracketTexts(unmapped(code)).code)), CASES.map(([, , , right], index) => `@${String(index)} ${right}`));
      });
    }
  });
}
