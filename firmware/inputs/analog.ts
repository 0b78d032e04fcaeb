/*
 * Custom inputs that measure: read when a row is about to be written, and not before.
 *
 * Input: thousandths of the full scale of an analog pin. Output: the custom input as decimal text. Invariant:
 * exact in whole numbers.
 */
import type { Bytes, Ports } from "../../hal/ports";
import type { Connector } from "../session/connector";
import { readMeters } from "./meters";
import type { Meters } from "./meters";
import { restoreLatched } from "../session/latched";
import { setCustomInput } from "../session/pins";
import { KEY_LATCHED } from "../store/keys";
import { getValue } from "../store/key_value_store";
import type { KeyValueStore } from "../store/key_value_store";
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

/** The part of the device that is read at a trigger. */
export interface TriggerDevice {
  ports: Ports;
  configuration: Configuration;
  connector: Connector;
  meters: Meters;
  keyValues: KeyValueStore;
}

/**
 * When a trigger is handled, or a row is about to be written: reads the analog inputs, and the meters that have columns of
 * their own. @part input
 */
export function readTriggerInputs(device: TriggerDevice): void {
  const connector = device.connector;
  const inputs = device.configuration.customInputs.analogs;
  for (let index = 0; index < inputs.length; index++) setCustomInput(connector, inputs[index]!.place, analogText(inputs[index]!, device.ports.pins.read(inputs[index]!.pin)));
  readMeters(device.meters, connector);
}

/** Once after a start that goes on with a session or a row: reads, and takes what the latest trigger read from flash. @part restore */
export function restoreTriggerInputs(device: TriggerDevice): void {
  const keyValues = device.keyValues;
  readTriggerInputs(device);
  restoreLatched(device.connector, function (place: number): Bytes | undefined {
    return getValue(keyValues, KEY_LATCHED + place);
  });
}
