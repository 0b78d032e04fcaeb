/*
 * The promises of every PinsPort, as tests.
 *
 * Input: a maker of pins and of a hand that moves them. Output: a mocha suite. Invariant: levels here are
 * electrical, as in the port.
 */
import assert from "node:assert/strict";
import { EDGES_MAX } from "../../firmware/limits";
import type { Instant, PinEdge, PinsPort } from "../../hal/ports";

export interface PinsUnderTest {
  pins: PinsPort;
  set(pin: number, level: number): void | Promise<void>;
  /** Lets this much time pass, and the carrier of edges do its work. */
  advance(ms: number): void | Promise<void>;
  now(): Instant;
  /** Two pins that exist, and one that does not. */
  first: number;
  second: number;
  absent: number;
  /** False where a burst of edges cannot be made faster than they are carried. */
  overflow: boolean;
}

export function pinsContract(name: string, make: () => PinsUnderTest | Promise<PinsUnderTest>): void {
  describe(`pins of ${name}`, () => {
    const taken = (pins: PinsPort): PinEdge[] => {
      const list: PinEdge[] = [];
      for (let edge = { pin: 0, level: 0, atMs: 0 }; pins.take(edge); edge = { pin: 0, level: 0, atMs: 0 }) list.push(edge);
      return list;
    };

    it("says that a pin is absent where the board has none", async () => {
      const board = await make();
      assert.equal(board.pins.open(board.absent, "input"), "absent");
    });

    it("reads low and drives nothing at a pin that could not be opened, and goes on with the others", async () => {
      const board = await make();
      for (const mode of ["inputPullup", "output", "analog"] as const) assert.equal(board.pins.open(board.absent, mode), "absent");
      assert.equal(board.pins.read(board.absent), 0);
      board.pins.write(board.absent, 1);
      assert.equal(board.pins.read(board.absent), 0);
      board.pins.open(board.first, "input");
      await board.set(board.first, 1);
      await board.advance(20);
      assert.deepEqual(taken(board.pins).map((edge) => [edge.pin, edge.level]), [[board.first, 1]]);
    });

    it("queues no edge of a pin that was not opened, and none before it is moved", async () => {
      const board = await make();
      await board.set(board.first, 1);
      await board.advance(1);
      assert.deepEqual(taken(board.pins), []);
      assert.equal(board.pins.open(board.second, "input"), "ok");
      await board.advance(1);
      assert.deepEqual(taken(board.pins), []);
    });

    it("hands over edges oldest first, with the level and the moment of each", async () => {
      const board = await make();
      board.pins.open(board.first, "input");
      board.pins.open(board.second, "input");
      await board.advance(50);
      await board.set(board.first, 1);
      const firstMs = board.now().ms;
      await board.advance(50);
      await board.set(board.second, 1);
      await board.advance(50);
      await board.set(board.first, 0);
      await board.advance(500);
      const edges = taken(board.pins);
      assert.deepEqual(edges.map((edge) => [edge.pin, edge.level]), [[board.first, 1], [board.second, 1], [board.first, 0]]);
      assert.ok(Math.abs(edges[0]!.atMs - firstMs) <= 20, "the moment is that of the edge, not of its delivery");
      assert.ok(edges[1]!.atMs - edges[0]!.atMs >= 30);
    });

    it("queues nothing when a level is set that the pin has already", async () => {
      const board = await make();
      board.pins.open(board.first, "input");
      await board.set(board.first, 1);
      await board.set(board.first, 1);
      await board.advance(20);
      assert.equal(taken(board.pins).length, 1);
    });

    it("reads the level of now, edges taken or not", async () => {
      const board = await make();
      board.pins.open(board.first, "input");
      await board.set(board.first, 1);
      await board.advance(20);
      assert.equal(board.pins.read(board.first), 1);
      taken(board.pins);
      assert.equal(board.pins.read(board.first), 1);
    });

    it("counts the edges that a full queue lost, and keeps the oldest", async function () {
      const board = await make();
      if (!board.overflow) this.skip();
      board.pins.open(board.first, "input");
      for (let count = 0; count < EDGES_MAX + 5; count++) await board.set(board.first, (count + 1) % 2);
      const edges = taken(board.pins);
      assert.equal(edges.length, EDGES_MAX);
      assert.equal(edges[0]!.level, 1);
      assert.equal(board.pins.overflows(), 5);
    });

    it("reads back what it drives", async () => {
      const board = await make();
      assert.equal(board.pins.open(board.first, "output"), "ok");
      board.pins.write(board.first, 1);
      assert.equal(board.pins.read(board.first), 1);
      board.pins.write(board.first, 0);
      assert.equal(board.pins.read(board.first), 0);
    });
  });
}
