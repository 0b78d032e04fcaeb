/*
 * A key that the endpoint does not take slows the board down at once.
 *
 * Input: an endpoint that answers 401 or 403. Output: test results. Invariant: no jitter, so the moments of the requests
 * are exact.
 */
import assert from "node:assert/strict";
import { createUplinkTestBoard } from "../../boards/uplink_board";

describe("a board whose key is refused", () => {
  for (const status of [401, 403]) {
    it(`slows down to a request in 15 minutes, less the jitter, at the first ${String(status)}`, () => {
      const world = createUplinkTestBoard();
      world.board.crypto.random = (count) => "\0".repeat(count);
      world.endpoint.instead = () => ({ status, signed: false });
      world.add(1);
      world.run(60);
      assert.deepEqual([world.board.http.started, world.uploader.failures], [1, 9]);
      world.run(830);
      assert.equal(world.board.http.started, 1);
      world.run(30);
      assert.equal(world.board.http.started, 2);
      world.run(3600);
      assert.equal(world.board.http.started, 6);
    });
  }
});
