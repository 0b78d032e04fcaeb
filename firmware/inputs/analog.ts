/*
 * Custom inputs that measure: read when a row is about to be written, and not before.
 *
 * Input: thousandths of the full scale of an analog pin. Output: the custom input as decimal text. Invariant:
 * exact in whole numbers.
 */
import type { Ports } from "../../hal/ports";
import type { Connector } from "../session/connector";
import { setCustomInput } from "../session/pins";
import type { AnalogConfiguration, Configuration } from "../configuration/configuration";

/** The measured value as decimal text, exact in whole numbers: 0 … 1000 thousandths on the input's scale. */
export function analogText(input: AnalogConfiguration, thousandths: number): string {
  const span = input.scaleHigh - input.scaleLow;
  const width = span < 0 ? -span : span;
  // In two parts, because span × thousandths can exceed 2^31.
  const part = Math.floor(width / 1000) * thousandths + Math.floor(((width % 1000) * thousandths + 500) / 1000);
  const value = span < 0 ? input.scaleLow - part : input.scaleLow + part;
  let digits = "" + (value < 0 ? -value : value);
  if (input.scaleDecimals > 0) {
    while (digits.length <= input.scaleDecimals) digits = "0" + digits;
    const point = digits.length - input.scaleDecimals;
    digits = digits.substring(0, point) + "." + digits.substring(point);
  }
  return value < 0 ? "-" + digits : digits;
}

/** Reads the analog inputs, when a row is about to be written. @part input */
export function readAnalogInputs(ports: Ports, configuration: Configuration, connector: Connector): void {
  const inputs = configuration.customInputs.analogs;
  for (let index = 0; index < inputs.length; index++) setCustomInput(connector, inputs[index]!.place, analogText(inputs[index]!, ports.pins.read(inputs[index]!.pin)));
}
