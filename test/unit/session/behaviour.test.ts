/* docs/BEHAVIOUR.md: each line of its tables is played, none is missing, and the document is the one made of them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { behaviourDocument, behaviourLines } from "../../../tools/documents/behaviour";
import type { BehaviourLine } from "../../../tools/documents/behaviour";
import { BEHAVIOUR } from "../../vectors/behaviour";
import { pairs, run } from "../../vectors/behaviour_run";

/** The difference between the program and the line; "" when they agree. */
function difference(line: BehaviourLine): string {
  const outcome = run(line.state, line.input, line.policy, line.flash);
  const got = [outcome.after, outcome.flash, outcome.log].join(" | ");
  const said = [line.after, line.written, line.log].join(" | ");
  return got === said ? "" : `${got} instead of ${said}`;
}

describe("the behaviour table", () => {
  const lines = behaviourLines();

  it("has every pair of state and input exactly once", () => {
    const key = (line: { state: string; input: string; policy: string; flash: string }): string => [line.state, line.input, line.policy, line.flash].join(" | ");
    assert.deepEqual(lines.map(key), pairs().map(key));
  });

  for (const line of lines) {
    it(`${line.state}: ${line.input}${line.policy === "" ? "" : `, ${line.policy}`}${line.flash === "" ? "" : `, ${line.flash}`}`, () => {
      assert.equal(difference(line), "");
    });
  }

  it("is noticed when one cell of one line changes", () => {
    const said = "Sa 1, session 2 of A, Uid A";
    assert.ok(BEHAVIOUR.includes(said));
    const changed = behaviourLines(BEHAVIOUR.replace(said, "Sa 1, session 3 of A, Uid A"));
    assert.equal(changed.filter((line) => difference(line) !== "").length, 1);
  });

  it("is what docs/BEHAVIOUR.md shows; mend with npx tsx tools/documents/behaviour.ts", () => {
    assert.equal(readFileSync(new URL("../../../docs/BEHAVIOUR.md", import.meta.url), "utf8"), behaviourDocument());
  });
});
