/* The portable list about configurations on Node; the bundle, the interpreter and Lua run the same list in their suites. */
import assert from "node:assert/strict";
import { runCompiledConfiguration, runRightConfiguration, runSecrets, runWrongConfiguration } from "../../vectors/configuration";

describe("a configuration document", () => {
  it("becomes the compiled record, defaults included", () => assert.equal(runRightConfiguration(), ""));
  it("has its errors named in the order of the text, missing settings last", () => assert.equal(runWrongConfiguration(), ""));
  it("comes back from the bytes of its compiled record", () => assert.equal(runCompiledConfiguration(), ""));
  it("never shows its secrets, and gets them back", () => assert.equal(runSecrets(), ""));
});
