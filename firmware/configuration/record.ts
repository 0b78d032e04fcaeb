/*
 * From the settings of a configuration document to the record that the program keeps.
 *
 * Input: the text of text.ts, in which each single setting is valid. Output: a complete Configuration, or every
 * error of what settings say together. This module is loaded only to read a document, and dropped.
 * Invariant: a document is taken as a whole or not at all.
 */
import type { Bytes } from "../../hal/ports";
import { bytesOfHex } from "../base/bytes";
import type { Configuration, EndpointConfiguration, InputConfiguration, MeterConfiguration, ReaderConfiguration } from "./configuration";
import { compileColumns } from "./columns";
import { createFields, firstItem, addError, nextItem, numberOf, objectOf, textOf, booleanOf } from "./fields";
import type { Fields, ConfigurationError } from "./fields";
import { SECRET } from "./secrets";
import { ENDPOINTS_MAX } from "../limits";
import { claimPin, customInputsOf, inputOf, pinOf, tariffOf } from "./sources";
import type { Pins } from "./sources";

/** The object `name` of `from`, which is of the kind `name`, with its defaults when the document leaves it out. */
function part(from: Fields, name: string): Fields {
  const found = objectOf(from, name, name);
  return found === undefined ? createFields(name) : found;
}

/** Where rows go; `url` "" for an endpoint that the document leaves out. */
function endpointOf(fields: Fields | undefined, path: string, errors: ConfigurationError[]): EndpointConfiguration {
  if (fields === undefined) return { url: "", target: "exosphere", keyId: "", key: "" };
  const key = bytesOfHex(textOf(fields, "key"));
  const target = textOf(fields, "target") as "exosphere";
  if (target === "exosphere" && textOf(fields, "url").indexOf("?") >= 0) addError(errors, path + ".url", "an endpoint's address has no query", "remove it: paths are added to the address");
  return { url: textOf(fields, "url"), target: target, keyId: textOf(fields, "keyId"), key: key === undefined ? "" : key };
}

/** The endpoints behind the first, in their order. */
function furtherEndpointsOf(document: Fields, first: EndpointConfiguration, errors: ConfigurationError[]): EndpointConfiguration[] {
  const further: EndpointConfiguration[] = [];
  let before = first;
  for (let number = 2; number <= ENDPOINTS_MAX; number++) {
    const path = "endpoint" + number;
    const fields = objectOf(document, path, "endpoint");
    if (fields !== undefined) {
      const endpoint = endpointOf(fields, path, errors);
      if (before.url === "") addError(errors, path, "there is no endpoint before it", "write it as " + (number === 2 ? "endpoint" : "endpoint" + (number - 1)));
      if (endpoint.url === first.url || (number > 2 && endpoint.url === before.url)) addError(errors, path + ".url", "rows go to this address already", "write another one, or remove " + path);
      further.push(endpoint);
      before = endpoint;
    } else before = { url: "", target: "exosphere", keyId: "", key: "" };
  }
  return further;
}

/** The record; with errors in the list afterwards it is none to be used. `text`: of a document without errors. */
export function compileConfiguration(text: Bytes, errors: ConfigurationError[]): Configuration {
  const document: Fields = { object: "document", text: text, at: 0 };
  const pins: Pins = { numbers: [], paths: [] };
  const device = part(document, "device");
  const endpoint = objectOf(document, "endpoint", "endpoint");
  const first = endpointOf(endpoint, "endpoint", errors);
  const furtherEndpoints = furtherEndpointsOf(document, first, errors);
  const network = objectOf(document, "network", "network");
  const api = objectOf(document, "api", "api");
  const block = part(document, "block");
  const table = part(document, "table");
  const inputs = part(document, "inputs");
  const outputs = part(document, "outputs");
  const led = objectOf(outputs, "led", "led");
  const relay = objectOf(outputs, "relay", "relay");
  const tariff = tariffOf(objectOf(document, "tariff", "tariff"), errors);
  const sStart = inputOf(objectOf(inputs, "sStart", "input"), "inputs.sStart", pins, errors);
  const sEnd = inputOf(objectOf(inputs, "sEnd", "input"), "inputs.sEnd", pins, errors);
  const contact = inputOf(objectOf(inputs, "contact", "input"), "inputs.contact", pins, errors);
  const levels: InputConfiguration[] = [];
  const levelPlaces: number[] = [];
  const customInputs = customInputsOf(firstItem(document, "customInputs", "customInput"), tariff !== undefined, pins, errors);
  const declared = firstItem(document, "customInputs", "customInput");
  for (let place = 0; declared.at > 0; place++) {
    if (customInputs.sources.charAt(place) === "l") {
      levels.push(pinOf(declared));
      levelPlaces.push(place);
    }
    nextItem(declared);
  }
  const meters: MeterConfiguration[] = [];
  const meter = firstItem(document, "meters", "meter");
  for (let place = 0; meter.at > 0; place++) {
    meters.push({
      input: inputOf(meter, "meters[" + place + "]", pins, errors), pulsesPerKwh: numberOf(meter, "pulsesPerKwh"),
      filterMs: numberOf(meter, "filterMs"), spacingMs: numberOf(meter, "spacingMs"), registerWh: numberOf(meter, "registerWh"),
    });
    nextItem(meter);
  }
  const boundMeter = meters.length === 0 ? -1 : numberOf(block, "meter") - 1;
  if (boundMeter >= meters.length) addError(errors, "block.meter", "there is no meter " + (boundMeter + 1), "write 1, or add the meter to meters");
  const readers: ReaderConfiguration[] = [];
  const reader = firstItem(document, "readers", "reader");
  for (let place = 0; reader.at > 0; place++) {
    for (let other = 0; other < place; other++) {
      if (readers[other]!.port === numberOf(reader, "port")) addError(errors, "readers[" + place + "].port", "UART " + numberOf(reader, "port") + " is used by readers[" + other + "] too", "connect it to another UART");
    }
    readers.push({
      model: textOf(reader, "model"), port: numberOf(reader, "port"), baud: numberOf(reader, "baud"),
      uidFormat: textOf(reader, "uidFormat") as "hex", presenceTimeoutMs: numberOf(reader, "heldMs"), rearmDelayMs: numberOf(reader, "deadTimeMs"), minHoldMs: numberOf(reader, "holdMs"), minSightings: numberOf(reader, "minSightings"),
    });
    nextItem(reader);
  }
  if (textOf(block, "rfidTrigger") !== "none" && readers.length === 0) addError(errors, "block.rfidTrigger", "there is no reader whose cards could be triggers", "add one to readers, or write \"none\"");
  if (led !== undefined) claimPin(pins, numberOf(led, "pin"), "outputs.led", errors);
  if (relay !== undefined) claimPin(pins, numberOf(relay, "pin"), "outputs.relay", errors);
  const columns = compileColumns(firstItem(table, "columns", "column"), { customInputs, meters: meters.length, tariff: tariff !== undefined }, errors);
  if (textOf(network, "password") === SECRET) addError(errors, "network.password", "the board has no password to keep", "write the password of the Wi-Fi");
  if (textOf(device, "password") === SECRET) addError(errors, "device.password", "the board has no password to keep", "write the password of its console");
  return {
    hardware: {
      // Closed by default, with the beginning of the endpoint's key, which the owner of the document knows.
      consolePassword: textOf(device, "password") !== "" ? textOf(device, "password") : endpoint === undefined ? "" : textOf(endpoint, "key").substring(0, 20),
      apiPort: api === undefined ? 0 : numberOf(api, "port"), sStart, sEnd, contact, levels, levelPlaces, meters, readers,
      whenFull: textOf(part(document, "store"), "whenFull") as "refuseNew", furtherEndpoints, costUnitChanged: false,
    },
    revision: numberOf(document, "revision"), generation: 0, deviceId: textOf(device, "id"), deviceName: textOf(device, "name"),
    url: first.url, target: first.target, keyId: first.keyId, key: first.key,
    apiToken: api === undefined ? "" : textOf(api, "token"),
    wifiSsid: network === undefined ? "" : textOf(network, "ssid"), wifiPassword: network === undefined ? "" : textOf(network, "password"),
    tableId: numberOf(table, "id"), rowMode: textOf(table, "rowMode") as "session", writeAt: textOf(table, "writeAt") === "start" ? 1 : textOf(table, "writeAt") === "end" ? 2 : 3, columns, next: undefined,
    blockName: textOf(block, "name"), triggerDelayMs: numberOf(block, "triggerDelayMs"), onRestart: textOf(block, "onRestart") as "restart", lateUid: booleanOf(block, "lateUid") === true,
    uidTimeoutS: numberOf(block, "uidTimeoutS"), onPowerLoss: textOf(block, "onPowerLoss") as "resume", minDurationS: numberOf(block, "minDurationS"),
    minEnergyWh: numberOf(block, "minEnergyWh"), pauseS: numberOf(block, "pauseS"), rfidTrigger: textOf(block, "rfidTrigger") as "none", customInputs, boundMeter, tariff,
    ledPin: led === undefined ? -1 : numberOf(led, "pin"),
    ledActiveLevel: led === undefined ? 1 : numberOf(led, "activeLevel"), relayPin: relay === undefined ? -1 : numberOf(relay, "pin"),
    relayActiveLevel: relay === undefined ? 1 : numberOf(relay, "activeLevel"), relayFollows: relay === undefined ? "sa" : textOf(relay, "follows") as "sa",
  };
}
