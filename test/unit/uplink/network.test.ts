/*
 * Joining the Wi-Fi again, for ever, without keeping it busy: the network under a mock link.
 */
import assert from "node:assert/strict";
import type { Configuration } from "../../../firmware/configuration/configuration";
import { createNetwork, networkTick } from "../../../firmware/uplink/network";
import { createMockBoard } from "../../../hal/mock";
import { createMockFlash } from "../../../hal/mock/flash";

const HOUSE = { wifiSsid: "house", wifiPassword: "secret" } as Configuration;

function run(seconds: number, configuration: Configuration, prepare: (board: ReturnType<typeof createMockBoard>) => void) {
  const board = createMockBoard({ flash: createMockFlash(16384) });
  board.link.move("down");
  prepare(board);
  const network = createNetwork();
  const now = { ms: 0, s: 0 };
  for (let second = 0; second < seconds; second++) {
    board.clock.read(now);
    networkTick(network, board, configuration, now);
    board.clock.advance(1000);
  }
  return board;
}

describe("the network link", () => {
  it("is joined at once, and not again while it is up", () => {
    const board = run(600, HOUSE, () => undefined);
    assert.deepEqual(board.link.joins, ["house"]);
    assert.equal(board.link.state(), "up");
  });

  it("is tried again 30 s and a growing pause after each attempt while no access point answers, and never given up", () => {
    const attempts: number[] = [];
    run(7200, HOUSE, (fresh) => {
      fresh.link.reachable = false;
      // No jitter: each pause has its full length.
      fresh.crypto.random = (count) => "\0".repeat(count);
      fresh.link.join = () => { attempts.push(Math.floor(fresh.clock.worldMs / 1000)); };
    });
    const gaps = attempts.slice(1).map((second, index) => second - attempts[index]!);
    assert.deepEqual(gaps, [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900, 900, 900, 900].map((pauseS) => 30 + pauseS));
  });

  it("is left alone on a board without a configured Wi-Fi", () => {
    const board = run(60, { ...HOUSE, wifiSsid: "" }, () => undefined);
    assert.deepEqual(board.link.joins, []);
  });
});
