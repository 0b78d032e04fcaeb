/*
 * Keeps a compiled configuration in flash, behind the document that it was compiled from.
 *
 * Input: the blob of a document in force, and the record that record.ts made of it. Output: the record as bytes, in the
 * blank end of the document's half, for compiled_read.ts. Invariants: the document is the truth and stays untouched; where
 * there is no room nothing is written, and each start compiles the document again. Format: docs/STORAGE.md §8.1.
 */
import type { Bytes } from "../../hal/ports";
import { u16, u32, u8 } from "../base/bytes";
import type { Blob } from "../store/blob";
import { blank, padded, withCrc, writeChecked } from "../store/flash_page";
import { COMPILED_HEADER_BYTES, COMPILED_MAGIC, COMPILED_STEP_BYTES, compiledCrc, compiledEnd, compiledStart } from "./compiled";
import type { ColumnsConfiguration, Configuration, CustomInputsConfiguration, EndpointConfiguration, HardwareConfiguration, InputConfiguration, TariffConfiguration } from "./configuration";

function text(value: Bytes): Bytes {
  return u16(value.length) + value;
}

function number(value: number): Bytes {
  const digits = "" + value;
  return u8(digits.length) + digits;
}

function numbers(values: number[]): Bytes {
  let bytes = number(values.length);
  for (let index = 0; index < values.length; index++) bytes += number(values[index]!);
  return bytes;
}

function inputBytes(input: InputConfiguration): Bytes {
  return number(input.pin) + text(input.pull) + number(input.activeLevel) + number(input.debounceMs);
}

function endpointBytes(endpoint: EndpointConfiguration): Bytes {
  return text(endpoint.url) + text(endpoint.target) + text(endpoint.keyId) + text(endpoint.key);
}

function hardwareBytes(hardware: HardwareConfiguration): Bytes {
  let bytes = text(hardware.consolePassword) + number(hardware.apiPort) + inputBytes(hardware.sStart) + inputBytes(hardware.sEnd) + inputBytes(hardware.contact);
  bytes += number(hardware.levels.length);
  for (let index = 0; index < hardware.levels.length; index++) bytes += inputBytes(hardware.levels[index]!);
  bytes += numbers(hardware.levelPlaces) + number(hardware.meters.length);
  for (let index = 0; index < hardware.meters.length; index++) {
    const meter = hardware.meters[index]!;
    bytes += inputBytes(meter.input) + number(meter.pulsesPerKwh) + number(meter.filterMs) + number(meter.spacingMs) + number(meter.registerWh);
  }
  bytes += number(hardware.readers.length);
  for (let index = 0; index < hardware.readers.length; index++) {
    const reader = hardware.readers[index]!;
    bytes += text(reader.model) + number(reader.port) + number(reader.baud) + text(reader.uidFormat) + number(reader.presenceTimeoutMs);
    bytes += number(reader.rearmDelayMs) + number(reader.minHoldMs) + number(reader.minSightings);
  }
  bytes += text(hardware.whenFull) + number(hardware.furtherEndpoints.length);
  for (let index = 0; index < hardware.furtherEndpoints.length; index++) bytes += endpointBytes(hardware.furtherEndpoints[index]!);
  bytes += text(hardware.ntp);
  return bytes;
}

function columnsBytes(columns: ColumnsConfiguration): Bytes {
  let bytes = text(columns.ids) + text(columns.contents) + text(columns.moments) + text(columns.names) + number(columns.constants.length);
  for (let index = 0; index < columns.constants.length; index++) bytes += text(columns.constants[index]!);
  return bytes;
}

function customInputsBytes(inputs: CustomInputsConfiguration): Bytes {
  let bytes = text(inputs.indexes) + text(inputs.types) + text(inputs.latches) + text(inputs.sources) + number(inputs.analogs.length);
  for (let index = 0; index < inputs.analogs.length; index++) {
    const analog = inputs.analogs[index]!;
    bytes += number(analog.place) + number(analog.pin) + number(analog.scaleLow) + number(analog.scaleHigh) + number(analog.scaleDecimals);
  }
  return bytes;
}

function tariffBytes(tariff: TariffConfiguration): Bytes {
  return number(tariff.minorDigits) + number(tariff.utcOffsetMin) + text(tariff.daylightSaving) + numbers(tariff.fromMin) + numbers(tariff.pricePerKwhMilli) + number(tariff.feePerHourMilli);
}

/** The record as bytes. `configuration`: as compileConfiguration gave it. */
export function compiledBytes(configuration: Configuration): Bytes {
  const hardware = configuration.hardware;
  const tariff = configuration.tariff;
  let bytes = number(configuration.revision) + number(configuration.tableId) + number(configuration.writeAt) + number(configuration.triggerDelayMs);
  bytes += number(configuration.lateUid ? 1 : 0) + number(configuration.uidTimeoutS) + number(configuration.minDurationS) + number(configuration.minEnergyWh);
  bytes += number(configuration.pauseS) + number(configuration.boundMeter);
  bytes += number(configuration.ledPin) + number(configuration.ledActiveLevel) + number(configuration.relayPin) + number(configuration.relayActiveLevel);
  bytes += (hardware === undefined ? "" : hardwareBytes(hardware)) + text(configuration.deviceId) + text(configuration.deviceName);
  bytes += text(configuration.url) + text(configuration.target) + text(configuration.keyId) + text(configuration.key);
  bytes += text(configuration.apiToken) + text(configuration.wifiSsid) + text(configuration.wifiPassword);
  bytes += text(configuration.rowMode) + columnsBytes(configuration.columns);
  bytes += text(configuration.blockName) + text(configuration.onRestart) + text(configuration.onPowerLoss) + text(configuration.rfidTrigger);
  return bytes + customInputsBytes(configuration.customInputs) + (tariff === undefined ? number(0) : number(1) + tariffBytes(tariff)) + text(configuration.relayFollows);
}

/** Whether so many bytes from `at` on are blank. */
function isBlank(blob: Blob, at: number, bytes: number): boolean {
  for (let offset = 0; offset < bytes; offset += COMPILED_STEP_BYTES) {
    const size = bytes - offset < COMPILED_STEP_BYTES ? bytes - offset : COMPILED_STEP_BYTES;
    if (blob.flash.read(at + offset, size) !== blank(size)) return false;
  }
  return true;
}

/** Keeps `configuration` behind the document of `blob` that is in force. "noRoom" and "fault" leave the next start to compile it again. */
export function keepCompiled(blob: Blob, configuration: Configuration): "stored" | "noRoom" | "fault" {
  const bytes = compiledBytes(configuration);
  const content = padded(bytes);
  const end = compiledEnd(blob);
  let at = compiledStart(blob);
  // A record that a power cut tore, or of another format, keeps its place until the next document comes.
  while (at + COMPILED_HEADER_BYTES + content.length <= end && !isBlank(blob, at, COMPILED_HEADER_BYTES + content.length)) at += COMPILED_STEP_BYTES;
  if (at + COMPILED_HEADER_BYTES + content.length > end) return "noRoom";
  for (let offset = 0; offset < content.length; offset += COMPILED_STEP_BYTES) {
    if (!writeChecked(blob.flash, at + COMPILED_HEADER_BYTES + offset, content.substring(offset, offset + COMPILED_STEP_BYTES))) return "fault";
  }
  // Power cut before the header is whole: the next start compiles the document. After: it reads the record.
  const header = withCrc(blob.crypto, COMPILED_MAGIC + u32(bytes.length) + compiledCrc(blob, bytes));
  return writeChecked(blob.flash, at, header) ? "stored" : "fault";
}
