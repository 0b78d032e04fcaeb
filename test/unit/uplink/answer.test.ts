/* Reading answers: what is taken, what is refused whole, and that nothing breaks the reader. Pure; seeds by fast-check. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { hexOf } from "../../../firmware/base/bytes";
import { createAnswer, parseAnswer } from "../../../firmware/uplink/answer";
import { ANSWER_COMMANDS_MAX } from "../../../firmware/limits";

const nothing = createAnswer();
const full = "{\"acknowledged\":[[41,42],[44,60]],\"refused\":[[43,\"column 9 unknown\"]],\"time\":1767225606,\"users\":7,\"configuration\":3,\"commands\":[{\"id\":12,\"text\":\"=ECHO(Block)\"}],\"minIntervalS\":60}";

describe("an answer to an upload", () => {
  it("is read whole", () => {
    const answer = createAnswer();
    assert.equal(parseAnswer(full, answer), "ok");
    assert.equal(hexOf(answer.acknowledged), "000000290000002A0000002C0000003C");
    assert.equal(hexOf(answer.refused), "0000002B");
    assert.equal(answer.reasons, "column 9 unknown");
    assert.deepEqual([answer.timeS, answer.users, answer.configuration, answer.minIntervalS], [1767225606, 7, 3, 60]);
    assert.deepEqual([answer.commandIds, answer.commandTexts], [[12], ["=ECHO(Block)"]]);
  });

  it("may leave everything out, and bring what a later protocol adds", () => {
    const answer = createAnswer();
    assert.equal(parseAnswer("{}", answer), "ok");
    assert.deepEqual(answer, nothing);
    assert.equal(parseAnswer("{\"new\":{\"a\":[1,{\"b\":null}]},\"time\":5}", answer), "ok");
    assert.equal(answer.timeS, 5);
  });

  it("takes at most the first few commands", () => {
    const answer = createAnswer();
    const commands = [1, 2, 3, 4, 5, 6].map((id) => ({ id, text: `=WAIT(${id})`, later: [true] }));
    assert.equal(parseAnswer(JSON.stringify({ commands }), answer), "ok");
    assert.equal(answer.commandIds.length, ANSWER_COMMANDS_MAX);
  });

  const wrong = ["", "null", "[]", "{", "{\"acknowledged\":[[1,2]]", "{\"acknowledged\":[[1,2]]} x", "{\"acknowledged\":[[2,1]]}", "{\"acknowledged\":[[1]]}", "{\"acknowledged\":[[1,2,3]]}",
    "{\"acknowledged\":[1,2]}", "{\"acknowledged\":{}}", "{\"acknowledged\":[[-1,2]]}", "{\"acknowledged\":[[1,2147483648]]}", "{\"acknowledged\":[[1,1.5]]}", "{\"acknowledged\":[[1,2e9]]}",
    "{\"refused\":[[1]]}", "{\"refused\":[[1,2]]}", "{\"time\":\"1\"}", "{\"time\":-1}", "{\"commands\":[{\"text\":\"x\"}]}", "{\"commands\":[1]}", "<html>"];
  for (const body of wrong) {
    it(`is refused whole when it is ${body === "" ? "empty" : body}`, () => {
      const answer = createAnswer();
      parseAnswer(full, answer);
      assert.equal(parseAnswer(body, answer), "invalid");
      assert.deepEqual(answer, nothing);
    });
  }

  it("is refused whole when it is cut at any byte", () => {
    const answer = createAnswer();
    for (let length = 0; length < full.length; length++) {
      assert.equal(parseAnswer(full.substring(0, length), answer), "invalid");
      assert.deepEqual(answer, nothing);
    }
  });

  it("never throws at any bytes, and then says whole numbers only", () => {
    const bytes = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 200 }).map((list) => String.fromCharCode(...list));
    const mutated = fc.tuple(fc.nat(full.length - 1), fc.nat(20), bytes).map(([at, count, insert]) => full.substring(0, at) + insert.substring(0, 5) + full.substring(at + count));
    fc.assert(fc.property(fc.oneof(bytes, mutated, fc.json()), (body) => {
      const answer = createAnswer();
      const verdict = parseAnswer(body, answer);
      if (verdict === "invalid") assert.deepEqual(answer, nothing);
      assert.equal(answer.acknowledged.length % 8, 0);
      assert.equal(answer.refused.length % 4, 0);
    }), { numRuns: 2000 });
  });
});
