/*
 * A configuration document read where field names are shortened and numbers have 32 bits.
 *
 * Input: none. Output: run…() functions that return "" or the first difference. Invariant: in the portable
 * subset; what it proves on Node it proves in the built bundle, on the interpreter and in Lua.
 */
import { configurationOf } from "../../firmware/configuration/compiled_read";
import { compiledBytes } from "../../firmware/configuration/compiled_write";
import { readConfiguration } from "../../firmware/configuration/reader";
import { redactSecrets, restoreSecrets } from "../../firmware/configuration/secrets";
import { hexOf } from "../../firmware/base/bytes";
import { difference } from "./check";

const RIGHT = "{\"version\":1,\"revision\":7,\"device\":{\"id\":\"g-1\",\"name\":\"J" + String.fromCharCode(195) + String.fromCharCode(188) + "\"},\"endpoint\":{\"url\":\"http://h\",\"keyId\":\"k\",\"key\":\"000102030405060708090a0b0c0d0e0f\"}," +
  "\"block\":{\"triggerDelayMs\":250,\"lateUid\":false,\"onPowerLoss\":\"close\"},\"table\":{\"id\":3,\"writeAt\":\"end\",\"columns\":[" +
  "{\"id\":9,\"name\":\"a\",\"type\":\"number\",\"content\":\"ci2\"},{\"id\":1,\"name\":\"b\",\"type\":\"text\",\"content\":\"user.email\",\"at\":\"start\"}," +
  "{\"id\":2,\"name\":\"c\",\"type\":\"number\",\"content\":\"constant\",\"value\":\"7.45\"},{\"id\":3,\"name\":\"d\",\"type\":\"integer\",\"content\":\"session.energy\"}]}," +
  "\"inputs\":{\"contact\":{\"pin\":26,\"pull\":\"up\",\"activeLevel\":0}},\"customInputs\":[{\"index\":2,\"type\":\"number\",\"source\":\"analog\",\"pin\":34,\"scaleLow\":\"-5\",\"scaleHigh\":\"20.5\"}]," +
  "\"meters\":[{\"pin\":25,\"pulsesPerKwh\":1000}],\"readers\":[{\"model\":\"rdm6300\",\"port\":2}]," +
  "\"tariff\":{\"utcOffsetMin\":-60,\"prices\":[{\"from\":\"00:00\",\"perKwh\":\"25.5\"},{\"from\":\"22:30\",\"perKwh\":0}]}}";

/** One error of each sort. */
const WRONG = "{\"version\":1,\"device\":{\"id\":\"g 1\"},\"nonsense\":1,\"table\":{\"id\":0,\"columns\":[{\"id\":1,\"name\":\"a\",\"type\":\"money\"}]}}";

export function runRightConfiguration(): string {
  const result = readConfiguration(RIGHT);
  const c = result.configuration;
  if (c === undefined) return result.errors[0]!.path + ": " + result.errors[0]!.what;
  const columns = c.columns;
  const wiring = c.hardware;
  if (wiring === undefined) return "no wiring";
  const analog = c.customInputs.analogs[0]!;
  const summary = c.revision + " " + c.deviceId + " " + hexOf(c.deviceName) + " " + c.url + " " + c.key.length + " " + c.triggerDelayMs + " " + (c.lateUid ? "late" : "fixed") + " " +
    c.onPowerLoss + " " + c.tableId + " " + (c.writeAt === 3 ? "se" : c.writeAt === 1 ? "s" : "e") + " " + columns.ids.length + " " + hexOf(columns.ids) + " " + hexOf(columns.contents) + " " +
    hexOf(columns.moments) + " " + hexOf(columns.constants[0]!) + " " + wiring.contact.pin + wiring.contact.pull + wiring.contact.activeLevel + "/" + wiring.contact.debounceMs + " " + wiring.sStart.pin + " " +
    c.customInputs.indexes.charCodeAt(0) + c.customInputs.sources + analog.scaleLow + "/" + analog.scaleHigh + "/" + analog.scaleDecimals + " " +
    wiring.meters[0]!.pulsesPerKwh + "/" + wiring.meters[0]!.filterMs + " " + c.boundMeter + " " + wiring.readers[0]!.model + wiring.readers[0]!.rearmDelayMs + " " + c.blockName + " " + c.ledPin;
  const fault = difference("the configuration", summary, "7 g-1 4AC3BC http://h 16 250 fixed close 3 e 4 09010203 663F3206 03010302 64372E3435 26up0/20 -1 2a-50/205/1 1000/10 0 rdm63005000 SDC -1");
  if (fault !== "" || c.tariff === undefined) return fault;
  return difference("the tariff", c.tariff.fromMin[1] + " " + c.tariff.pricePerKwhMilli[0] + " " + c.tariff.pricePerKwhMilli[1] + " " + c.tariff.utcOffsetMin, "1350 25500 0 -60");
}

export function runWrongConfiguration(): string {
  const errors = readConfiguration(WRONG).errors;
  let paths = "";
  for (let index = 0; index < errors.length; index++) paths += errors[index]!.path + " ";
  return difference("the errors", paths, "device.id nonsense table.id table.columns[0].type table.columns[0].content ");
}

export function runSecrets(): string {
  const shown = redactSecrets(RIGHT);
  if (shown.indexOf("000102030405060708090a0b0c0d0e0f") >= 0) return "the key is shown";
  if (shown.indexOf("\"key\":\"(secret)\"") < 0) return "the key's place is not shown";
  if (restoreSecrets(shown, RIGHT, undefined) !== RIGHT) return "the key does not come back";
  const two = "{\"endpoint\":{\"key\":\"0011\"},\"endpoint2\":{\"key\":\"2233\"}}";
  if (redactSecrets(two) !== "{\"endpoint\":{\"key\":\"(secret)\"},\"endpoint2\":{\"key\":\"(secret)\"}}") return "the key of a second endpoint is shown";
  if (restoreSecrets(redactSecrets(two), two, undefined) !== two) return "the key of a second endpoint does not come back as its own";
  if (redactSecrets("{\"endpoint\":{\"key\":\"0001") !== "") return "half a document is shown";
  return "";
}

export function runCompiledConfiguration(): string {
  const configuration = readConfiguration(RIGHT).configuration;
  if (configuration === undefined) return "no configuration";
  const bytes = compiledBytes(configuration);
  const again = configurationOf(bytes);
  if (again.lateUid || again.tariff === undefined || again.customInputs.analogs[0]!.scaleLow !== -50 || again.triggerDelayMs !== 250 || again.boundMeter !== 0) return "a field is another one";
  return difference("the record", hexOf(compiledBytes(again)), hexOf(bytes));
}
