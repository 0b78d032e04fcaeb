/*
 * Shorthand for pin tables.
 *
 * Input: a GPIO number, its label and a few words. Output: a BoardPin. Invariant: what is not said is the
 * common case: a pin with output, pulls and no caution.
 */
import type { BoardPin } from "./board";

export interface PinTraits {
  inputOnly?: boolean;
  analog?: boolean;
  /** The interpreter cannot watch it. */
  unwatched?: boolean;
  caution?: string;
}

export function pin(gpio: number, label: string, traits: PinTraits = {}): BoardPin {
  const inputOnly = traits.inputOnly === true;
  return { gpio, label, output: !inputOnly, pulls: !inputOnly, analog: traits.analog === true, watch: traits.unwatched !== true, caution: traits.caution ?? "" };
}
