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

/** Where rows go: the first endpoint, with `url` "" when the document leaves it out, and those behind it in their order. */
function endpointsOf(document: Fields, errors: ConfigurationError[]): EndpointConfiguration[] {
  const endpoints: EndpointConfiguration[] = [];
  for (let number = 1; number <= ENDPOINTS_MAX; number++) {
    const path = "endpoint" + (number === 1 ? "" : number);
    const fields = objectOf(document, path, "endpoint");
    if (fields !== undefined || number === 1) {
      const url = textOf(fields, "url");
      const target = fields === undefined ? "exosphere" : textOf(fields, "target") as "exosphere";
      const key = bytesOfHex(textOf(fields, "key"));
      if (number > 1 && (endpoints.length < number - 1 || endpoints[number - 2]!.url === "")) addError(errors, path, "there is no endpoint before it", "write it as " + (number === 2 ? "endpoint" : "endpoint" + (number - 1)));
      for (let other = 0; other < endpoints.length; other++) {
        if (endpoints[other]!.url === url) addError(errors, path + ".url", "rows go to this address already", "write another one, or remove " + path);
      }
      if (target === "exosphere" && url.indexOf("?") >= 0) addError(errors, path + ".url", "an endpoint's address has no query", "remove it: paths are added to the address");
      endpoints.push({ url, target, keyId: textOf(fields, "keyId"), key: key === undefined ? "" : key });
    }
  }
  return endpoints;
}

/** The record; with errors in the list afterwards it is none to be used. `text`: of a document without errors. */
export function compileConfiguration(text: Bytes, errors: ConfigurationError[]): Configuration {
  const document: Fields = { object: "document", text: text, at: 0 };
  const pins: Pins = { numbers: [], paths: [] };
  // One section of the document is looked at after the other in one variable: each of them in memory counts.
  let section = objectOf(document, "endpoint", "endpoint");
  // Closed by default, with the beginning of the endpoint's key, which the owner of the document knows.
  let consolePassword = section === undefined ? "" : textOf(section, "key").substring(0, 20);
  const furtherEndpoints = endpointsOf(document, errors);
  const first = furtherEndpoints.shift()!;
  section = part(document, "inputs");
  const tariff = tariffOf(objectOf(document, "tariff", "tariff"), errors);
  const sStart = inputOf(objectOf(section, "sStart", "input"), "inputs.sStart", pins, errors);
  const sEnd = inputOf(objectOf(section, "sEnd", "input"), "inputs.sEnd", pins, errors);
  const contact = inputOf(objectOf(section, "contact", "input"), "inputs.contact", pins, errors);
  const levels: InputConfiguration[] = [];
  const levelPlaces: number[] = [];
  const customInputs = customInputsOf(firstItem(document, "customInputs", "customInput"), tariff !== undefined, pins, errors);
  section = firstItem(document, "customInputs", "customInput");
  for (let place = 0; section.at > 0; place++) {
    if (customInputs.sources.charAt(place) === "l") {
      levels.push(pinOf(section));
      levelPlaces.push(place);
    }
    nextItem(section);
  }
  const meters: MeterConfiguration[] = [];
  section = firstItem(document, "meters", "meter");
  for (let place = 0; section.at > 0; place++) {
    meters.push({
      input: inputOf(section, "meters[" + place + "]", pins, errors), pulsesPerKwh: numberOf(section, "pulsesPerKwh"),
      filterMs: numberOf(section, "filterMs"), spacingMs: numberOf(section, "spacingMs"), registerWh: numberOf(section, "registerWh"),
    });
    nextItem(section);
  }
  const block = part(document, "block");
  const boundMeter = meters.length === 0 ? -1 : numberOf(block, "meter") - 1;
  if (boundMeter >= meters.length) addError(errors, "block.meter", "there is no meter " + (boundMeter + 1), "write 1, or add the meter to meters");
  const readers: ReaderConfiguration[] = [];
  section = firstItem(document, "readers", "reader");
  for (let place = 0; section.at > 0; place++) {
    for (let other = 0; other < place; other++) {
      if (readers[other]!.port === numberOf(section, "port")) addError(errors, "readers[" + place + "].port", "UART " + numberOf(section, "port") + " is used by readers[" + other + "] too", "connect it to another UART");
    }
    readers.push({
      model: textOf(section, "model"), port: numberOf(section, "port"), baud: numberOf(section, "baud"),
      uidFormat: textOf(section, "uidFormat") as "hex", presenceTimeoutMs: numberOf(section, "heldMs"), rearmDelayMs: numberOf(section, "deadTimeMs"), minHoldMs: numberOf(section, "holdMs"), minSightings: numberOf(section, "minSightings"),
    });
    nextItem(section);
  }
  if (textOf(block, "rfidTrigger") !== "none" && readers.length === 0) addError(errors, "block.rfidTrigger", "there is no reader whose cards could be triggers", "add one to readers, or write \"none\"");
  const outputs = part(document, "outputs");
  section = objectOf(outputs, "led", "led");
  const ledPin = section === undefined ? -1 : numberOf(section, "pin");
  const ledActiveLevel = section === undefined ? 1 : numberOf(section, "activeLevel");
  if (section !== undefined) claimPin(pins, ledPin, "outputs.led", errors);
  section = objectOf(outputs, "relay", "relay");
  const relayPin = section === undefined ? -1 : numberOf(section, "pin");
  const relayActiveLevel = section === undefined ? 1 : numberOf(section, "activeLevel");
  const relayFollows = section === undefined ? "sa" : textOf(section, "follows") as "sa";
  if (section !== undefined) claimPin(pins, relayPin, "outputs.relay", errors);
  const table = part(document, "table");
  const columns = compileColumns(firstItem(table, "columns", "column"), { customInputs, meters: meters.length, tariff: tariff !== undefined }, errors);
  section = objectOf(document, "network", "network");
  const wifiSsid = textOf(section, "ssid");
  const wifiPassword = textOf(section, "password");
  const ntp = textOf(section, "ntp");
  if (wifiPassword === SECRET) addError(errors, "network.password", "the board has no password to keep", "write the password of the Wi-Fi");
  section = objectOf(document, "api", "api");
  const apiPort = section === undefined ? 0 : numberOf(section, "port");
  const apiToken = textOf(section, "token");
  section = part(document, "device");
  const devicePassword = textOf(section, "password");
  if (devicePassword === SECRET) addError(errors, "device.password", "the board has no password to keep", "write the password of its console");
  if (devicePassword !== "") consolePassword = devicePassword;
  return {
    hardware: {
      consolePassword, apiPort, sStart, sEnd, contact, levels, levelPlaces, meters, readers,
      whenFull: textOf(part(document, "store"), "whenFull") as "refuseNew", furtherEndpoints, ntp, costUnitChanged: false,
    },
    revision: numberOf(document, "revision"), generation: 0, deviceId: textOf(section, "id"), deviceName: textOf(section, "name"),
    url: first.url, target: first.target, keyId: first.keyId, key: first.key,
    apiToken, wifiSsid, wifiPassword,
    tableId: numberOf(table, "id"), rowMode: textOf(table, "rowMode") as "session", writeAt: textOf(table, "writeAt") === "start" ? 1 : textOf(table, "writeAt") === "end" ? 2 : 3, columns, next: undefined,
    blockName: textOf(block, "name"), triggerDelayMs: numberOf(block, "triggerDelayMs"), onRestart: textOf(block, "onRestart") as "restart", lateUid: booleanOf(block, "lateUid") === true,
    uidTimeoutS: numberOf(block, "uidTimeoutS"), onPowerLoss: textOf(block, "onPowerLoss") as "resume", minDurationS: numberOf(block, "minDurationS"),
    minEnergyWh: numberOf(block, "minEnergyWh"), pauseS: numberOf(block, "pauseS"), rfidTrigger: textOf(block, "rfidTrigger") as "none", customInputs, boundMeter, tariff,
    ledPin, ledActiveLevel, relayPin, relayActiveLevel, relayFollows,
  };
}
