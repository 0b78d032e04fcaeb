/*
 * The promises of every LinkPort, as tests.
 *
 * Input: a maker of a link that can be joined. Output: a mocha suite.
 */
import assert from "node:assert/strict";
import type { LinkPort } from "../../hal/ports";

export interface LinkUnderTest {
  link: LinkPort;
  advance(ms: number): void | Promise<void>;
}

export function linkContract(name: string, make: () => LinkUnderTest | Promise<LinkUnderTest>): void {
  describe(`link of ${name}`, () => {
    it("is down after it was left, and up again some time after a join", async () => {
      const { link, advance } = await make();
      link.leave();
      assert.equal(link.state(), "down");
      link.join("house", "password");
      assert.notEqual(link.state(), "down");
      await advance(30_000);
      assert.equal(link.state(), "up");
    });

    it("abandons an attempt when another begins", async () => {
      const { link, advance } = await make();
      link.leave();
      link.join("one", "password");
      link.join("two", "password");
      await advance(30_000);
      assert.equal(link.state(), "up");
    });

    it("either opens a set-up point or says that it has none", async () => {
      const { link } = await make();
      assert.ok(["ok", "absent"].includes(link.openSetup("set-up", "password")));
    });
  });
}
