/*
 * Does what a control asks for, and tells a failure in words beside it.
 *
 * Input: the element for the words, and the work. Output: whether the work was done. Invariant: no failure of
 * the server or of the network ends in the console alone.
 */
import { ProblemError } from "./api.js";

/** `place` is emptied first; it is to be announced (role="alert"). */
export async function attempt(place, work) {
  place.textContent = "";
  try {
    await work();
    return true;
  } catch (error) {
    place.textContent = error instanceof ProblemError ? error.message : `The server could not be asked: ${error.message}`;
    return false;
  }
}
