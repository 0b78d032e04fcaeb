/*
 * What a card does to the session, by the setting `rfidTrigger`.
 *
 * Input: the setting, whether a session is active, and whether the card belongs to that session's user.
 * Output: the pulse that the card makes. Invariant: a card of anybody else, or of a session without a
 * user, never ends it; a card during a session never starts another.
 */

/** `sameUser` is false while the session has no user: then the card fills it in (`lateUid`) and ends nothing. */
export function cardTrigger(mode: "none" | "start" | "startEnd", sessionActive: boolean, sameUser: boolean): "none" | "start" | "end" {
  if (mode === "none") return "none";
  if (!sessionActive) return "start";
  if (mode === "startEnd" && sameUser) return "end";
  return "none";
}
