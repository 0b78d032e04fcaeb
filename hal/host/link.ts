/*
 * The computer's network, which the operating system manages: up, unless a script says otherwise.
 *
 * Input: `move`. Output: LinkPort. Invariant: joining succeeds at once; there is no set-up access point.
 */
import type { LinkPort } from "../ports";

export interface HostLink extends LinkPort {
  move(state: "down" | "up"): void;
}

export function createHostLink(): HostLink {
  let state: "down" | "up" = "up";
  return {
    move(to) {
      state = to;
    },
    state: () => state,
    join() {
      state = "up";
    },
    leave() {
      state = "down";
    },
    worn: () => false,
    openSetup: () => "absent",
  };
}
