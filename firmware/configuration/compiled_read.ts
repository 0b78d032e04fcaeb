/*
 * Reads the compiled configuration that compiled_write.ts kept behind a document: a start takes a tenth of the time
 * that reading and checking the document takes.
 *
 * Input: the blob of the document in force. Output: the record that compileConfiguration gave for it, or undefined when
 * there is none of this format that is whole. This module is loaded only for a start, and dropped.
 */
import type { Bytes } from "../../hal/ports";
import { readU16, readU32 } from "../base/bytes";
import { wholeOf } from "../base/json_reader";
import type { Blob } from "../store/blob";
import { crcMatches } from "../store/flash_page";
import { COMPILED_HEADER_BYTES, COMPILED_MAGIC, COMPILED_STEP_BYTES, compiledCrc, compiledEnd, compiledStart } from "./compiled";
import type { AnalogConfiguration, ColumnsConfiguration, Configuration, CustomInputsConfiguration, EndpointConfiguration, HardwareConfiguration, InputConfiguration, MeterConfiguration, ReaderConfiguration, TariffConfiguration } from "./configuration";

/** The bytes that are left: `at` moves behind what was taken. */
interface Source {
  bytes: Bytes;
  at: number;
}

function takeText(source: Source): Bytes {
  const start = source.at + 2;
  source.at = start + readU16(source.bytes, source.at);
  return source.bytes.substring(start, source.at);
}

function takeNumber(source: Source): number {
  const start = source.at + 1;
  source.at = start + source.bytes.charCodeAt(source.at);
  const digits = source.bytes.substring(start, source.at);
  return digits.charAt(0) === "-" ? -wholeOf(digits.substring(1)) : wholeOf(digits);
}

function takeNumbers(source: Source): number[] {
  const values: number[] = [];
  for (let left = takeNumber(source); left > 0; left--) values.push(takeNumber(source));
  return values;
}

function takeInput(source: Source): InputConfiguration {
  const pin = takeNumber(source);
  const pull = takeText(source) as "up";
  const activeLevel = takeNumber(source);
  return { pin, pull, activeLevel, debounceMs: takeNumber(source) };
}

function takeEndpoint(source: Source): EndpointConfiguration {
  const url = takeText(source);
  const target = takeText(source) as "exosphere";
  const keyId = takeText(source);
  return { url, target, keyId, key: takeText(source) };
}

function takeMeter(source: Source): MeterConfiguration {
  const input = takeInput(source);
  const pulsesPerKwh = takeNumber(source);
  const filterMs = takeNumber(source);
  const spacingMs = takeNumber(source);
  return { input, pulsesPerKwh, filterMs, spacingMs, registerWh: takeNumber(source) };
}

function takeReader(source: Source): ReaderConfiguration {
  const model = takeText(source);
  const port = takeNumber(source);
  const baud = takeNumber(source);
  const uidFormat = takeText(source) as "hex";
  const presenceTimeoutMs = takeNumber(source);
  const rearmDelayMs = takeNumber(source);
  const minHoldMs = takeNumber(source);
  return { model, port, baud, uidFormat, presenceTimeoutMs, rearmDelayMs, minHoldMs, minSightings: takeNumber(source) };
}

function takeHardware(source: Source): HardwareConfiguration {
  const consolePassword = takeText(source);
  const apiPort = takeNumber(source);
  const sStart = takeInput(source);
  const sEnd = takeInput(source);
  const contact = takeInput(source);
  const levels: InputConfiguration[] = [];
  for (let left = takeNumber(source); left > 0; left--) levels.push(takeInput(source));
  const levelPlaces = takeNumbers(source);
  const meters: MeterConfiguration[] = [];
  for (let left = takeNumber(source); left > 0; left--) meters.push(takeMeter(source));
  const readers: ReaderConfiguration[] = [];
  for (let left = takeNumber(source); left > 0; left--) readers.push(takeReader(source));
  const whenFull = takeText(source) as "refuseNew";
  const furtherEndpoints: EndpointConfiguration[] = [];
  for (let left = takeNumber(source); left > 0; left--) furtherEndpoints.push(takeEndpoint(source));
  return { consolePassword, apiPort, sStart, sEnd, contact, levels, levelPlaces, meters, readers, whenFull, furtherEndpoints, ntp: takeText(source), costUnitChanged: false };
}

function takeColumns(source: Source): ColumnsConfiguration {
  const ids = takeText(source);
  const contents = takeText(source);
  const moments = takeText(source);
  const names = takeText(source);
  const constants: Bytes[] = [];
  for (let left = takeNumber(source); left > 0; left--) constants.push(takeText(source));
  return { ids, contents, moments, names, constants };
}

function takeCustomInputs(source: Source): CustomInputsConfiguration {
  const indexes = takeText(source);
  const types = takeText(source);
  const latches = takeText(source);
  const sources = takeText(source);
  const analogs: AnalogConfiguration[] = [];
  for (let left = takeNumber(source); left > 0; left--) {
    const place = takeNumber(source);
    const pin = takeNumber(source);
    const scaleLow = takeNumber(source);
    const scaleHigh = takeNumber(source);
    analogs.push({ place, pin, scaleLow, scaleHigh, scaleDecimals: takeNumber(source) });
  }
  return { indexes, types, latches, sources, analogs };
}

function takeTariff(source: Source): TariffConfiguration {
  const minorDigits = takeNumber(source);
  const utcOffsetMin = takeNumber(source);
  const daylightSaving = takeText(source) as "eu";
  const fromMin = takeNumbers(source);
  const pricePerKwhMilli = takeNumbers(source);
  return { minorDigits, utcOffsetMin, daylightSaving, fromMin, pricePerKwhMilli, feePerHourMilli: takeNumber(source) };
}

/** The record that compiledBytes made into `bytes`. */
export function configurationOf(bytes: Bytes): Configuration {
  const source: Source = { bytes, at: 0 };
  // In the order in which they were written: numbers first, as the build for the interpreter makes packed records.
  return {
    revision: takeNumber(source), generation: 0, tableId: takeNumber(source), writeAt: takeNumber(source), triggerDelayMs: takeNumber(source), lateUid: takeNumber(source) === 1,
    uidTimeoutS: takeNumber(source), minDurationS: takeNumber(source), minEnergyWh: takeNumber(source), pauseS: takeNumber(source), boundMeter: takeNumber(source),
    ledPin: takeNumber(source), ledActiveLevel: takeNumber(source), relayPin: takeNumber(source), relayActiveLevel: takeNumber(source),
    hardware: takeHardware(source), deviceId: takeText(source), deviceName: takeText(source),
    url: takeText(source), target: takeText(source) as "exosphere", keyId: takeText(source), key: takeText(source),
    apiToken: takeText(source), wifiSsid: takeText(source), wifiPassword: takeText(source),
    rowMode: takeText(source) as "session", columns: takeColumns(source), next: undefined,
    blockName: takeText(source), onRestart: takeText(source) as "restart", onPowerLoss: takeText(source) as "resume", rfidTrigger: takeText(source) as "none",
    customInputs: takeCustomInputs(source), tariff: takeNumber(source) === 1 ? takeTariff(source) : undefined, relayFollows: takeText(source) as "sa",
  };
}

/** The record that is kept behind the document of `blob` in force; undefined when there is none of this format. */
export function readCompiled(blob: Blob): Configuration | undefined {
  const end = compiledEnd(blob);
  for (let at = compiledStart(blob); at + COMPILED_HEADER_BYTES <= end; at += COMPILED_STEP_BYTES) {
    const header = blob.flash.read(at, COMPILED_HEADER_BYTES);
    if (header.substring(0, 4) !== COMPILED_MAGIC || !crcMatches(blob.crypto, header)) continue;
    const bytes = readU32(header, 4);
    if (bytes < 0 || at + COMPILED_HEADER_BYTES + bytes > end) continue;
    const content = blob.flash.read(at + COMPILED_HEADER_BYTES, bytes);
    if (compiledCrc(blob, content) === header.substring(8, 12)) return configurationOf(content);
  }
  return undefined;
}
