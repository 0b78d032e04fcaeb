/*
 * Whether anything but an edge has come to a port since the last look, so that an idle loop can skip ticks.
 *
 * Input: the events that the ports of this folder get from the interpreter. Output: a mark, set here by the
 * ports and taken back by the loop (boards/espruino_main.ts); edges are counted by pins.ts. Invariant: all that a tick could
 * take from a port has set the mark first; a port that cannot tell sets it at every look.
 */
export const wake = { pending: false };
