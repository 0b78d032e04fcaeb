/*
 * A network link that the test moves up and down.
 *
 * Input: `move`, or a join that succeeds after `joinMs` while `reachable`. Output: the LinkPort of the
 * board. Invariant: the state is decided by virtual time alone.
 */
import type { LinkPort } from "../ports";
import type { MockClock } from "./clock";

export interface MockLink extends LinkPort {
  /** False: the access point is gone; the link is down and joins never end. */
  reachable: boolean;
  joinMs: number;
  /** Sets the state at once, without any join. */
  move(state: "down" | "up"): void;
  /** Names of the networks that were joined, oldest first, and of a set-up point that was opened. */
  readonly joins: string[];
  setup: string;
  /** The result of `worn`. */
  isWorn: boolean;
}

export function createMockLink(clock: MockClock): MockLink {
  let state: "down" | "joining" | "up" = "up";
  let joinedAtMs = 0;
  const link: MockLink = {
    reachable: true,
    joinMs: 1500,
    joins: [],
    setup: "",
    isWorn: false,
    move(to) {
      state = to;
    },
    state() {
      if (!link.reachable) return state === "joining" ? "joining" : "down";
      if (state === "joining" && clock.worldMs >= joinedAtMs) state = "up";
      return state;
    },
    join(ssid) {
      link.joins.push(ssid);
      state = "joining";
      joinedAtMs = clock.worldMs + link.joinMs;
    },
    leave() {
      state = "down";
    },
    worn: () => link.isWorn,
    openSetup(ssid) {
      link.setup = ssid;
      return "ok";
    },
  };
  return link;
}
