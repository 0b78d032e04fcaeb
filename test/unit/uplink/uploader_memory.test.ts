/* The uploader on a board that has no memory for a hash: nothing unsigned goes out, nothing unchecked is believed. Virtual time. */
import assert from "node:assert/strict";
import { createUplinkTestBoard } from "../../boards/uplink_board";

describe("the uploader without memory for a hash", () => {
  it("sends nothing unsigned when there is no memory to sign it, says so, and goes on later", () => {
    const world = createUplinkTestBoard();
    const sign = world.board.crypto.hmacSha256;
    world.board.crypto.hmacSha256 = () => "";
    world.add(3);
    world.run(10);
    assert.deepEqual([world.board.http.started, world.ring.pending, world.uploader.uploadError], [0, 3, "memory"]);
    world.board.crypto.hmacSha256 = sign;
    world.drain(60);
    assert.equal(world.uploader.uploadError, "");
  });

  it("releases no row for an answer that it has no memory to check", () => {
    const world = createUplinkTestBoard();
    const { sha256 } = world.board.crypto;
    const http = world.board.http;
    const serve = http.serve;
    world.add(3);
    http.serve = (request) => {
      const answer = serve(request);
      world.board.crypto.sha256 = () => "";
      return answer;
    };
    world.run(5);
    assert.deepEqual([world.ring.pending, world.uploader.uploadError], [3, "unauthenticated"]);
    http.serve = serve;
    world.board.crypto.sha256 = sha256;
    world.drain(60);
  });
});
