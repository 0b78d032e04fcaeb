/*
 * The sentences of `sdc status` about an upload that fails.
 *
 * Input: the words of docs/UPLINK.md. Output: test results. Invariant: no word reaches a person unexplained.
 */
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { uploadProblem } from "../../../tools/board/upload_problem";
import { root } from "../../../tools/root";

describe("what hinders the uploads", () => {
  it("has a remedy for every word that the document of the uplink lists", () => {
    const text = readFileSync(join(root, "docs", "UPLINK.md"), "utf8");
    const table = text.slice(text.indexOf("| answer | rows |"), text.indexOf("**Back-off**"));
    const words = table.split("\n").flatMap((line) => [...(line.split("|")[4] ?? "").matchAll(/`([A-Za-z0-9]+)`/g)].map((match) => match[1]!));
    assert.equal(words.length, 18, words.join(" "));
    for (const word of words) assert.match(uploadProblem(word), new RegExp(`^${word}; [^;]{20,}`));
  });

  it("says a wrong key and an endpoint that is off in different words", () => {
    assert.match(uploadProblem("unauthorized"), /endpoint\.key/);
    assert.match(uploadProblem("refused"), /start the endpoint/);
    assert.match(uploadProblem("status507"), /status 507/);
  });

  it("leaves a word of a newer firmware as it is", () => {
    assert.equal(uploadProblem("somethingNew"), "somethingNew");
    assert.equal(uploadProblem("constructor"), "constructor");
  });
});
