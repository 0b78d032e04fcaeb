/*
 * From the configuration document to the record that the program keeps.
 *
 * Input: the bytes of the JSON document (docs/CONFIGURATION.md). Output: a complete Configuration, or every
 * mistake with its path and remedy; never both. This module is loaded only to read a document, and dropped.
 * Invariants: no document makes it throw; a document is taken as a whole or not at all; documents of every
 * released version are read.
 */
import type { Bytes } from "../../hal/ports";
import { bytesOfHex } from "../bytes";
import type { Configuration, CustomInputConfiguration, InputConfiguration, MeterConfiguration, ReaderConfiguration, TariffConfiguration } from "../configuration";
import { decimalDigits } from "../text/decimal";
import { createJsonReader, nextJson, skipJson, wholeOf } from "../text/json_reader";
import { compileColumns } from "./configuration_columns";
import { fillDefaults, minutesOf, mistake, readFields } from "./configuration_fields";
import type { Fields, Mistake } from "./configuration_fields";
import { CONFIGURATION_VERSION, settingsOf } from "./configuration_spec";

/** Pins that are in use so far, with the path of each. */
interface Pins {
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

function claimPin(pins: Pins, pin: number, path: string, mistakes: Mistake[]): void {
  for (let index = 0; index < pins.numbers.length; index++) {
    if (pins.numbers[index] === pin) mistake(mistakes, path + ".pin", "pin " + pin + " is used by " + pins.paths[index] + " too", "connect it to another pin");
  }
  pins.numbers.push(pin);
  pins.paths.push(path);
}

/** The object `name` of `from`, with its defaults when the document leaves it out. */
function part(from: Fields, name: string, object: string): Fields {
  const found = from[name] as Fields | undefined;
  if (found !== undefined) return found;
  const fields: Fields = {};
  fillDefaults(fields, settingsOf(object), "", "", []);
  return fields;
}

function listOf(from: Fields, name: string): Fields[] {
  const list = from[name] as Fields[] | undefined;
  return list === undefined ? [] : list;
}

function inputOf(fields: Fields | undefined, path: string, pins: Pins, mistakes: Mistake[]): InputConfiguration {
  if (fields === undefined) return { pin: -1, pull: "none", activeLevel: 1, debounceMs: 20 };
  claimPin(pins, fields.pin as number, path, mistakes);
  return {
    pin: fields.pin as number, pull: fields.pull as "none", activeLevel: fields.activeLevel as number,
    debounceMs: fields.debounceMs === undefined ? 0 : fields.debounceMs as number,
  };
}

function customInputsOf(list: Fields[], tariff: boolean, pins: Pins, mistakes: Mistake[]): CustomInputConfiguration[] {
  const inputs: CustomInputConfiguration[] = [];
  let taken = "";
  for (let place = 0; place < list.length; place++) {
    const fields = list[place];
    const path = "customInputs[" + place + "]";
    const source = fields.source as "command";
    const type = fields.type as "number";
    const mark = "," + fields.index + ",";
    if (taken.indexOf(mark) >= 0) mistake(mistakes, path + ".index", "custom input " + fields.index + " is declared twice", "give every custom input its own index");
    taken += mark;
    const wired = source === ("level" as string) || source === ("analog" as string);
    const pin = fields.pin as number | undefined;
    if (wired && pin === undefined) mistake(mistakes, path + ".pin", "it is missing", "write the pin that the input is connected to");
    else if (wired && pin !== undefined) claimPin(pins, pin, path, mistakes);
    else if (pin !== undefined) mistake(mistakes, path + ".pin", "an input with source " + source + " has no pin", "remove it, or write \"level\" or \"analog\" as the source");
    if (source === ("level" as string) && (type as string) !== "boolean") mistake(mistakes, path + ".type", "a level is a boolean", "write \"boolean\"");
    if (source === ("analog" as string) && (type as string) !== "number" && (type as string) !== "integer") mistake(mistakes, path + ".type", "an analog value is a number", "write \"number\" or \"integer\"");
    if (source === ("tariff" as string)) {
      if ((type as string) !== "number" && (type as string) !== "integer") mistake(mistakes, path + ".type", "a cost is a number", "write \"number\" for major or \"integer\" for minor units");
      if (!tariff) mistake(mistakes, path + ".source", "there is no tariff", "add tariff, or write another source");
    }
    const low = decimalDigits(fields.scaleLow as string);
    const high = decimalDigits(fields.scaleHigh as string);
    const lowDigits = low === undefined ? 0 : low.fraction;
    const highDigits = high === undefined ? 0 : high.fraction;
    const decimals = (type as string) === "integer" ? 0 : lowDigits > highDigits ? lowDigits : highDigits;
    if ((type as string) === "integer" && lowDigits + highDigits > 0) mistake(mistakes, path + ".scaleLow", "an integer has no decimals", "write both ends of the scale without a point");
    inputs.push({
      index: fields.index as number, type, latchAtTrigger: fields.latch === "trigger", source, pin: wired && pin !== undefined ? pin : -1,
      pull: fields.pull as "none", activeLevel: fields.activeLevel as number, debounceMs: fields.debounceMs as number,
      scaleLow: scaled(fields.scaleLow as string, decimals), scaleHigh: scaled(fields.scaleHigh as string, decimals), scaleDecimals: decimals,
    });
  }
  return inputs;
}

function tariffOf(fields: Fields | undefined, mistakes: Mistake[]): TariffConfiguration | undefined {
  if (fields === undefined) return undefined;
  const prices = listOf(fields, "prices");
  const tariff: TariffConfiguration = {
    minorDigits: fields.minorDigits as number, utcOffsetMin: fields.utcOffsetMin as number, daylightSaving: fields.daylightSaving as "none",
    fromMin: [], pricePerKwhMilli: [], feePerHourMilli: scaled(fields.feePerHour as string, 3),
  };
  if (prices.length === 0) mistake(mistakes, "tariff.prices", "there is no price", "write at least one price, from \"00:00\" on");
  for (let place = 0; place < prices.length; place++) {
    const fromMin = minutesOf(prices[place].from as string);
    const path = "tariff.prices[" + place + "].from";
    if (place === 0 && fromMin !== 0) mistake(mistakes, path, "the day begins without a price", "let the first price begin at \"00:00\"");
    if (place > 0 && fromMin <= tariff.fromMin[place - 1]) mistake(mistakes, path, "it is not later than the price before", "put the prices in the order of the day");
    tariff.fromMin.push(fromMin);
    tariff.pricePerKwhMilli.push(scaled(prices[place].perKwh as string, 3));
  }
  return tariff;
}

function compile(document: Fields, mistakes: Mistake[]): Configuration {
  const pins: Pins = { numbers: [], paths: [] };
  const device = part(document, "device", "device");
  const endpoint = document.endpoint as Fields | undefined;
  const network = document.network as Fields | undefined;
  const api = document.api as Fields | undefined;
  const block = part(document, "block", "block");
  const table = part(document, "table", "table");
  const inputs = part(document, "inputs", "inputs");
  const outputs = part(document, "outputs", "outputs");
  const led = outputs.led as Fields | undefined;
  const relay = outputs.relay as Fields | undefined;
  const tariff = tariffOf(document.tariff as Fields | undefined, mistakes);
  const sStart = inputOf(inputs.sStart as Fields | undefined, "inputs.sStart", pins, mistakes);
  const sEnd = inputOf(inputs.sEnd as Fields | undefined, "inputs.sEnd", pins, mistakes);
  const contact = inputOf(inputs.contact as Fields | undefined, "inputs.contact", pins, mistakes);
  const declared = listOf(document, "customInputs");
  const customInputs = customInputsOf(declared, tariff !== undefined, pins, mistakes);
  const meters: MeterConfiguration[] = [];
  const meterList = listOf(document, "meters");
  for (let place = 0; place < meterList.length; place++) {
    const meter = meterList[place];
    meters.push({
      input: inputOf(meter, "meters[" + place + "]", pins, mistakes), pulsesPerKwh: meter.pulsesPerKwh as number,
      filterMs: meter.filterMs as number, spacingMs: meter.spacingMs as number, registerWh: meter.registerWh as number,
    });
  }
  const boundMeter = meters.length === 0 ? -1 : block.meter as number - 1;
  if (boundMeter >= meters.length) mistake(mistakes, "block.meter", "there is no meter " + block.meter, "write 1, or add the meter to meters");
  const readers: ReaderConfiguration[] = [];
  const readerList = listOf(document, "readers");
  for (let place = 0; place < readerList.length; place++) {
    const reader = readerList[place];
    for (let other = 0; other < place; other++) {
      if (readers[other].port === reader.port) mistake(mistakes, "readers[" + place + "].port", "UART " + reader.port + " is used by readers[" + other + "] too", "connect it to another UART");
    }
    readers.push({
      model: reader.model as string, port: reader.port as number, baud: reader.baud === undefined ? 0 : reader.baud as number,
      uidFormat: reader.uidFormat as "hex", heldMs: reader.heldMs as number, deadTimeMs: reader.deadTimeMs as number, holdMs: reader.holdMs as number,
    });
  }
  if (block.rfidTrigger !== "none" && readers.length === 0) mistake(mistakes, "block.rfidTrigger", "there is no reader whose cards could be triggers", "add one to readers, or write \"none\"");
  if (led !== undefined) claimPin(pins, led.pin as number, "outputs.led", mistakes);
  if (relay !== undefined) claimPin(pins, relay.pin as number, "outputs.relay", mistakes);
  const columns = compileColumns(listOf(table, "columns"), { customInputs: declared, meter: meters.length > 0, tariff: tariff !== undefined }, mistakes);
  const key = endpoint === undefined ? "" : bytesOfHex(endpoint.key as string);
  return {
    revision: document.revision as number, deviceId: device.id as string, deviceName: device.name as string,
    url: endpoint === undefined ? "" : endpoint.url as string, target: endpoint === undefined ? "exosphere" : endpoint.target as "exosphere",
    keyId: endpoint === undefined ? "" : endpoint.keyId as string, key: key === undefined ? "" : key,
    apiToken: api === undefined ? "" : api.token as string, apiPort: api === undefined ? 0 : api.port as number,
    wifiSsid: network === undefined ? "" : network.ssid as string, wifiPassword: network === undefined ? "" : network.password as string,
    tableId: table.id as number, rowMode: table.rowMode as "session", writeAtStart: table.writeAt !== "end", writeAtEnd: table.writeAt !== "start", columns,
    blockName: block.name as string, triggerDelayMs: block.triggerDelayMs as number, onRestart: block.onRestart as "restart", lateUid: block.lateUid as boolean,
    uidTimeoutS: block.uidTimeoutS as number, onPowerLoss: block.onPowerLoss as "resume", minDurationS: block.minDurationS as number,
    minEnergyWh: block.minEnergyWh as number, rfidTrigger: block.rfidTrigger as "none", sStart, sEnd, contact, customInputs, meters, readers, boundMeter, tariff,
    whenFull: part(document, "store", "store").whenFull as "refuseNew", ledPin: led === undefined ? -1 : led.pin as number,
    ledActiveLevel: led === undefined ? 1 : led.activeLevel as number, relayPin: relay === undefined ? -1 : relay.pin as number,
    relayActiveLevel: relay === undefined ? 1 : relay.activeLevel as number, relayFollows: relay === undefined ? "sa" : relay.follows as "sa",
  };
}

/** The version that the document says it has; 0 when it says none. */
function versionOf(bytes: Bytes): number {
  const reader = createJsonReader(bytes);
  if (nextJson(reader) !== "{") return 0;
  while (nextJson(reader) === "key") {
    const found = reader.value === "version";
    const token = nextJson(reader);
    if (found) return token === "number" ? wholeOf(reader.value) : 0;
    skipJson(reader);
  }
  return 0;
}

export interface ConfigurationResult {
  /** undefined when there are mistakes. */
  configuration: Configuration | undefined;
  mistakes: Mistake[];
}

/** Reads a whole document. */
export function readConfiguration(bytes: Bytes): ConfigurationResult {
  const mistakes: Mistake[] = [];
  const version = versionOf(bytes);
  if (version > CONFIGURATION_VERSION) {
    mistake(mistakes, "version", "the document is of version " + version + ", this firmware knows " + CONFIGURATION_VERSION, "update the firmware, or write the document for version " + CONFIGURATION_VERSION);
    return { configuration: undefined, mistakes };
  }
  const reader = createJsonReader(bytes);
  if (nextJson(reader) !== "{" && reader.problem === "") mistake(mistakes, "", "the document is not an object", "write { … }");
  else {
    const document = readFields({ reader, version, mistakes }, "document", "");
    if (reader.token !== "error") nextJson(reader);
    if (reader.token === "error") {
      const line = bytes.substring(0, reader.at).split("\n").length;
      mistake(mistakes, "", "it is not JSON: " + reader.problem + " at byte " + reader.at + ", line " + line, "mend the document there");
    }
    // What settings say together is judged only when each of them is right.
    if (mistakes.length === 0) {
      const configuration = compile(document, mistakes);
      if (mistakes.length === 0) return { configuration, mistakes };
    }
  }
  return { configuration: undefined, mistakes };
}
