/*
 * Whether anything has come to a port since somebody last looked: so that a board with nothing to do does nothing.
 *
 * Input: the events that the ports of this folder get from the interpreter. Output: two marks, set here by the
 * ports and taken back by the loop (boards/espruino_main.ts). Invariant: whatever a tick could take from a port has set
 * a mark first; a port that cannot tell sets it at every look.
 */
export const stir = {
  /** Edges wait, or one was lost. */
  edges: false,
  /** Bytes, a request or anything else. */
  others: false,
};
