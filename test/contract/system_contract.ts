/*
 * The promises of every SystemPort, as tests.
 *
 * Input: a maker of the port with one module named "present", and of what it logged. Output: a mocha suite.
 */
import assert from "node:assert/strict";
import type { SystemPort } from "../../hal/ports";

export interface SystemUnderTest {
  system: SystemPort;
  lines(): string[];
}

export function systemContract(name: string, make: () => SystemUnderTest | Promise<SystemUnderTest>): void {
  describe(`system of ${name}`, () => {
    it("tells free memory in thousandths", async () => {
      const { system } = await make();
      const free = system.memoryFree();
      assert.ok(Number.isInteger(free) && free >= 0 && free <= 1000, String(free));
    });

    it("logs lines in order", async () => {
      const { system, lines } = await make();
      system.log("first");
      system.log("second");
      assert.deepEqual(lines().slice(-2), ["first", "second"]);
    });

    it("loads a module by name, again after it was dropped, and nothing for an unknown name", async () => {
      const { system } = await make();
      assert.notEqual(system.load("present"), undefined);
      assert.notEqual(system.load("present"), undefined);
      assert.equal(system.load("absent"), undefined);
    });

    it("can be kicked at any time", async () => {
      const { system } = await make();
      system.kickWatchdog();
      system.kickWatchdog();
    });
  });
}
