/*
 * Whether anything but an edge has come to a port since somebody last looked: so that a board with nothing to do does nothing.
 *
 * Input: the events that the ports of this folder get from the interpreter. Output: a mark, set here by the
 * ports and taken back by the loop (boards/espruino_main.ts); edges are counted by pins.ts. Invariant: whatever a tick could
 * take from a port has set the mark first; a port that cannot tell sets it at every look.
 */
export const wake = { pending: false };
