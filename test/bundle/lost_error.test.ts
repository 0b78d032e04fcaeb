/*
 * An error that another callback's `catch` takes, on both forms of the interpreter (docs/PLATFORMS.md section 1).
 *
 * Input: two timers that are due in the same pass; the first fails. Output: what uncaughtException gets. Invariant: the
 * same timers without `try` keep the error, so an interpreter that no longer loses it fails here, and the page is renewed.
 */
import assert from "node:assert/strict";
import { interpreters, runScript } from "./interpreter";

/** The text of the error that arrives, with `second` as the second timer's body. */
function arrived(path: string, second: string): string {
  const script = `process.on("uncaughtException",function(e){print("@"+e);});setTimeout(function(){throw new Error("first");},1);setTimeout(function(){${second}},1);` +
    "var until=getTime()+0.05;while(getTime()<until);";
  return /@(.*)/.exec(runScript(path, script))?.[1]?.trim() ?? "nothing";
}

for (const { name, path } of interpreters()) {
  describe(`an error of a timer, on ${name}`, () => {
    it("is lost to a catch of another timer of the same pass, and to nothing else", function () {
      if (path === "") this.skip();
      assert.equal(arrived(path, "var a=1;"), "Error: first");
      assert.equal(arrived(path, "try{var a=1;}catch(e){}"), "undefined");
    });
  });
}
