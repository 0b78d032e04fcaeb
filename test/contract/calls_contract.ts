/*
 * The promises of every CallsPort, as tests.
 *
 * Input: a maker of the port and of callers. Output: a mocha suite.
 */
import assert from "node:assert/strict";
import { CALLS_MAX, COMMAND_BYTES_MAX } from "../../firmware/limits";
import type { Call, CallsPort } from "../../hal/ports";

export interface CallsUnderTest {
  calls: CallsPort;
  /** A call over HTTP with this token and chain; resolves with its answer. */
  ask(token: string, text: string): Promise<[number, string]>;
  /** Lets callers and server go on a little. */
  turn(): void | Promise<void>;
  close(): void | Promise<void>;
}

export function callsContract(name: string, make: () => CallsUnderTest | Promise<CallsUnderTest>): void {
  describe(`calls of ${name}`, () => {
    let under: CallsUnderTest;
    beforeEach(async () => { under = await make(); });
    afterEach(() => under.close());
    const blank = (): Call => ({ id: 0, origin: "console", token: "", text: "" });

    async function arrived(): Promise<Call> {
      const call = blank();
      while (!under.calls.take(call)) await under.turn();
      return call;
    }

    it("has no call before one arrives", () => {
      assert.equal(under.calls.take(blank()), false);
    });

    it("hands over token and chain, and carries the answer back", async () => {
      const asked = under.ask("secret", "=SET(Block;CI1;7.45)&ECHO(Block)");
      const call = await arrived();
      assert.deepEqual([call.origin, call.token, call.text], ["http", "secret", "=SET(Block;CI1;7.45)&ECHO(Block)"]);
      under.calls.answer(call.id, 200, "ok \xc3\xbc");
      assert.deepEqual(await asked, [200, "ok \xc3\xbc"]);
      assert.equal(under.calls.take(blank()), false);
    });

    it("ignores an answer to an id that is gone", () => {
      under.calls.answer(12345, 200, "nobody");
    });

    it("turns away a chain that is too long", async () => {
      const asked = under.ask("secret", "=" + "x".repeat(COMMAND_BYTES_MAX));
      assert.equal((await asked)[0], 413);
      assert.equal(under.calls.take(blank()), false);
    });

    it("keeps at most the limit waiting and turns the next away", async () => {
      const answers: Promise<[number, string]>[] = [];
      for (let count = 0; count < CALLS_MAX + 1; count++) answers.push(under.ask("secret", `=ECHO(${count})`));
      const turnedAway = await Promise.race(answers);
      assert.equal(turnedAway[0], 503);
      for (let count = 0; count < CALLS_MAX; count++) under.calls.answer((await arrived()).id, 200, "");
      const statuses = (await Promise.all(answers)).map(([status]) => status).sort();
      assert.deepEqual(statuses, [...new Array<number>(CALLS_MAX).fill(200), 503]);
    });
  });
}
