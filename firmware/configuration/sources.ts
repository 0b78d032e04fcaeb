/*
 * The sources of the document: pins, inputs, custom inputs, tariff.
 *
 * Input: records that configuration_fields has read without an error. Output: their parts of the
 * Configuration, and errors in what they say together. Invariant: no pin has two uses; decimals become
 * whole numbers of a stated unit here, and never a fraction.
 */
import type { Bytes } from "../../hal/ports";
import type { CustomInputsConfiguration, InputConfiguration, TariffConfiguration } from "./configuration";
import { decimalDigits } from "../base/decimal";
import { findText } from "../base/find";
import { wholeOf } from "../base/json_reader";
import { firstItem, isWritten, addError, nextItem, numberOf, textOf } from "./fields";
import type { Fields, ConfigurationError } from "./fields";
import { minutesOf } from "./values";

/** Pins that are in use so far, with the path of each. */
export interface Pins {
  numbers: number[];
  paths: string[];
}

/** A decimal as a whole number with `digits` decimals: "25.5" with 3 is 25500. At most 9 digits in all. */
function scaled(text: Bytes, digits: number): number {
  const negative = text.charAt(0) === "-";
  const point = text.indexOf(".");
  let whole = point < 0 ? text.substring(negative ? 1 : 0) : text.substring(negative ? 1 : 0, point) + text.substring(point + 1);
  for (let count = point < 0 ? 0 : text.length - point - 1; count < digits; count++) whole += "0";
  while (whole.length > 1 && whole.charAt(0) === "0") whole = whole.substring(1);
  return negative ? -wholeOf(whole) : wholeOf(whole);
}

/** Notes that `path` uses the pin; a pin used twice is an error. */
export function claimPin(pins: Pins, pin: number, path: string, errors: ConfigurationError[]): void {
  for (let index = 0; index < pins.numbers.length; index++) {
    if (pins.numbers[index] === pin) addError(errors, path + ".pin", "pin " + pin + " is used by " + pins.paths[index] + " too", "connect it to another pin");
  }
  pins.numbers.push(pin);
  pins.paths.push(path);
}

/** The input that a record with a pin describes. */
export function pinOf(fields: Fields): InputConfiguration {
  return { pin: isWritten(fields, "pin") ? numberOf(fields, "pin") : -1, pull: textOf(fields, "pull") as "none", activeLevel: numberOf(fields, "activeLevel"), debounceMs: numberOf(fields, "debounceMs") };
}

/** A debounced input, or a counted one; unwired when the document leaves it out. */
export function inputOf(fields: Fields | undefined, path: string, pins: Pins, errors: ConfigurationError[]): InputConfiguration {
  if (fields === undefined) return { pin: -1, pull: "none", activeLevel: 1, debounceMs: 20 };
  claimPin(pins, numberOf(fields, "pin"), path, errors);
  return pinOf(fields);
}

/** The custom inputs, in the order of the document; `fields` are those of the first. */
export function customInputsOf(fields: Fields, tariff: boolean, pins: Pins, errors: ConfigurationError[]): CustomInputsConfiguration {
  const inputs: CustomInputsConfiguration = { indexes: "", types: "", latches: "", sources: "", analogs: [] };
  let taken = "";
  for (; fields.at > 0; nextItem(fields)) {
    const place = inputs.indexes.length;
    const path = "customInputs[" + place + "]";
    const source = textOf(fields, "source");
    const type = textOf(fields, "type");
    const mark = "," + numberOf(fields, "index") + ",";
    if (findText(taken, mark) >= 0) addError(errors, path + ".index", "custom input " + numberOf(fields, "index") + " is declared twice", "give every custom input its own index");
    taken += mark;
    const wired = source === "level" || source === "analog";
    const pin = isWritten(fields, "pin") ? numberOf(fields, "pin") : undefined;
    if (wired && pin === undefined) addError(errors, path + ".pin", "an input with source " + source + " needs a pin", "write the pin that the input is connected to");
    else if (wired && pin !== undefined) claimPin(pins, pin, path, errors);
    else if (pin !== undefined) addError(errors, path + ".pin", "an input with source " + source + " has no pin", "remove it, or write \"level\" or \"analog\" as the source");
    if (source === "level" && type !== "boolean") addError(errors, path + ".type", "a level is a boolean", "write \"boolean\"");
    if (source === "analog" && type !== "number" && type !== "integer") addError(errors, path + ".type", "an analog value is a number", "write \"number\" or \"integer\"");
    if (source === "tariff") {
      if (type !== "number" && type !== "integer") addError(errors, path + ".type", "a cost is a number", "write \"number\" for major or \"integer\" for minor units");
      if (!tariff) addError(errors, path + ".source", "there is no tariff", "add tariff, or write another source");
    }
    const low = decimalDigits(textOf(fields, "scaleLow"));
    const high = decimalDigits(textOf(fields, "scaleHigh"));
    const lowDigits = low === undefined ? 0 : low.fraction;
    const highDigits = high === undefined ? 0 : high.fraction;
    const decimals = type === "integer" ? 0 : lowDigits > highDigits ? lowDigits : highDigits;
    if (type === "integer" && lowDigits + highDigits > 0) addError(errors, path + ".scaleLow", "an integer has no decimals", "write both ends of the scale without a point");
    inputs.indexes += String.fromCharCode(numberOf(fields, "index"));
    inputs.types += type.charAt(0);
    inputs.latches += textOf(fields, "latch") === "trigger" ? "1" : "0";
    inputs.sources += source.charAt(0);
    if (source === "analog" && pin !== undefined) {
      inputs.analogs.push({ place: place, pin: pin, scaleLow: scaled(textOf(fields, "scaleLow"), decimals), scaleHigh: scaled(textOf(fields, "scaleHigh"), decimals), scaleDecimals: decimals });
    }
  }
  return inputs;
}

/** The tariff, prices in thousandths of a minor unit. */
export function tariffOf(fields: Fields | undefined, errors: ConfigurationError[]): TariffConfiguration | undefined {
  if (fields === undefined) return undefined;
  const price = firstItem(fields, "prices", "price");
  const tariff: TariffConfiguration = {
    minorDigits: numberOf(fields, "minorDigits"), utcOffsetMin: numberOf(fields, "utcOffsetMin"), daylightSaving: textOf(fields, "daylightSaving") as "none",
    fromMin: [], pricePerKwhMilli: [], feePerHourMilli: scaled(textOf(fields, "feePerHour"), 3),
  };
  if (price.at === 0) addError(errors, "tariff.prices", "there is no price", "write at least one price, from \"00:00\" on");
  for (let place = 0; price.at > 0; place++) {
    const fromMin = minutesOf(textOf(price, "from"));
    const path = "tariff.prices[" + place + "].from";
    if (place === 0 && fromMin !== 0) addError(errors, path, "the day begins without a price", "let the first price begin at \"00:00\"");
    if (place > 0 && fromMin <= tariff.fromMin[place - 1]!) addError(errors, path, "it is not later than the price before", "put the prices in the order of the day");
    tariff.fromMin.push(fromMin);
    tariff.pricePerKwhMilli.push(scaled(textOf(price, "perKwh"), 3));
    nextItem(price);
  }
  return tariff;
}
