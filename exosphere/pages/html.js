/*
 * Elements as tagged templates: Preact with htm, each the one file of its package.
 *
 * Input: templates. Output: elements of Preact; pages draw them. Invariant: values become text or properties, never
 * markup; nothing is evaluated from text.
 */
import { h, render } from "/vendor/preact.js";
import htm from "/vendor/htm.js";

export const html = htm.bind(h);
export { render };

/**
 * A page whose state and drawing are apart: `change` merges into the state and draws anew, once for all changes of a
 * turn.
 * @template {Record<string, any>} State
 * @param {HTMLElement} place
 * @param {State} state
 * @param {(state: State) => any} view
 */
export function stage(place, state, view) {
  let isDue = false;
  const draw = () => {
    isDue = false;
    render(view(state), place);
  };
  /** @param {Partial<State>} part */
  const change = (part) => {
    Object.assign(state, part);
    if (!isDue) queueMicrotask(draw);
    isDue = true;
  };
  return { state, change };
}
