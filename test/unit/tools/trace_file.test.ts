/*
 * The words of `sdc monitor --record`, before anything is recorded.
 *
 * Input: words that do not fit together, and files that are not what they should be. Output: one sentence each. Invariant: a
 * refused recording makes no file.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTraceFile } from "../../../tools/board/trace_file";

describe("the file of a recording", () => {
  const folder = mkdtempSync(join(tmpdir(), "sdc-trace-file-"));
  const record = join(folder, "day.jsonl");
  const config = join(folder, "board.json");
  before(() => { writeFileSync(config, '{"device":{"id":"a"}}'); });
  after(() => { rmSync(folder, { recursive: true }); });

  const refusal = (words: { record?: string; config?: string; reader?: string }): string => {
    try {
      openTraceFile(words);
    } catch (error) {
      return (error as Error).message;
    }
    return "taken";
  };

  it("is not opened without a wish, with half of one, for a reader alone, or with a document that is none", () => {
    assert.equal(openTraceFile({}), undefined);
    for (const half of [{ record }, { config }]) assert.equal(refusal(half), "--record and --config belong together: --record day.jsonl --config my-board.json");
    assert.equal(refusal({ record, config, reader: "pn532" }), "--record needs a board, and a reader alone has no sessions; leave out --reader");
    assert.equal(refusal({ record, config: join(folder, "none.json") }), `${join(folder, "none.json")}: there is no such file`);
    const list = join(folder, "list.json");
    writeFileSync(list, "[1]");
    assert.equal(refusal({ record, config: list }), `${list} is not a configuration document; 'sdc config check ${list}' says more`);
    assert.equal(existsSync(record), false);
    assert.match(refusal({ record: join(folder, "no", "day.jsonl"), config }), /day\.jsonl cannot be written: ENOENT/);
  });

  it("holds each line at once, so that a recording that is broken off can be played", () => {
    const file = openTraceFile({ record, config })!;
    file.write("one");
    assert.equal(readFileSync(record, "utf8"), "one\n");
    file.close();
    assert.deepEqual(file.document, { device: { id: "a" } });
  });
});
