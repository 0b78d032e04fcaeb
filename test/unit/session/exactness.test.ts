/* The portable list of exact numbers and texts on Node; the interpreter and Lua run the same list in their suites. */
import assert from "node:assert/strict";
import { runExactness, runTextCut, runUidCells } from "../../vectors/exactness";

describe("values on their way from a command to a cell", () => {
  it("arrive as typed, decimals and integers of any size", () => assert.equal(runExactness(), ""));
  it("are cut at a character boundary when they are longer than 64 bytes", () => assert.equal(runTextCut(), ""));
  it("keep the notation of a uid", () => assert.equal(runUidCells(), ""));
});
