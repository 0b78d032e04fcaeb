/*
 * The timer of the loop, and events that end its rest.
 *
 * Input: the events that the ports of this folder get from the interpreter. Output: the loop (boards/espruino_main.ts) runs
 * within a beat of an event, and at the end of its rest without one. Invariants: all that a tick could take from a port has set
 * `pending` first, but for edges, which pins.ts counts; a port that cannot tell sets it at every look.
 */
import { TICK_MS } from "../../firmware/limits";

export const wake = {
  /** Something but an edge has come since the last look: a whole tick is due. */
  pending: false,
  /** The timer stands for longer than a beat. */
  resting: false,
  timer: 0,
  loop: undefined as unknown as () => void,
};

/** The loop runs in `ms`. An event asks for a beat, so that one pass takes all edges of a contact that bounces. */
export function armLoop(ms: number): void {
  wake.resting = ms > TICK_MS;
  clearTimeout(wake.timer);
  wake.timer = setTimeout(wake.loop, ms) as unknown as number;
}
