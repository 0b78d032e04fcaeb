/* Configuration documents: what is taken, and how each error is named. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { numberOf } from "../../../firmware/configuration/fields";
import type { ConfigurationError } from "../../../firmware/configuration/fields";
import { createJsonReader, nextJson } from "../../../firmware/base/json_reader";
import { readConfiguration } from "../../../firmware/configuration/reader";
import { readFields } from "../../../firmware/configuration/text";
import { utf8 } from "../../boards/connector_board";

const example = readFileSync(new URL("../../../docs/examples/wallbox.json", import.meta.url), "latin1");

/** The errors of the example after `change`, as "path: what". */
function errorsOf(change: (document: Record<string, never>) => void): string[] {
  const document = JSON.parse(Buffer.from(example, "latin1").toString("utf8")) as Record<string, never>;
  change(document);
  const result = readConfiguration(utf8(JSON.stringify(document)));
  assert.equal(result.configuration === undefined, result.errors.length > 0);
  for (const error of result.errors) assert.ok(error.remedy.length > 5);
  return result.errors.map((error) => error.path + ": " + error.what);
}

describe("the configuration reader", () => {
  it("takes a Wi-Fi password of 8 to 63 bytes or none, and says so of any other", () => {
    const given = (password: string): string[] => errorsOf((document: { network?: { password: string } }) => { document.network!.password = password; });
    for (const right of ["", "8 bytes.", "x".repeat(63), "müllerß"]) assert.deepEqual(given(right), [], right);
    for (const wrong of ["7 bytes", "x", "x".repeat(64), "8\nbytes."]) assert.deepEqual(given(wrong), ["network.password: the value does not fit"], wrong);
    const network = { ssid: "house", password: "short" };
    const { errors } = readConfiguration(utf8(JSON.stringify({ ...JSON.parse(example) as object, network })));
    assert.equal(errors[0]?.remedy, "write the 8 to 63 bytes of a WPA password in quotes, or leave it empty for an open Wi-Fi");
  });

  it("takes the wallbox example as a whole", () => {
    const { configuration, errors } = readConfiguration(example);
    assert.deepEqual(errors, []);
    assert.equal(configuration?.deviceId, "garage-1");
    assert.equal(configuration?.columns.ids.length, 8);
    assert.equal(configuration?.key.length, 32);
    assert.deepEqual(configuration?.tariff?.pricePerKwhMilli, [25500, 31900, 25500]);
    assert.deepEqual(configuration?.tariff?.fromMin, [0, 360, 1320]);
    assert.equal(configuration?.uidTimeoutS, 300);
  });

  it("refuses what is no JSON, with byte and line", () => {
    const result = readConfiguration(example.slice(0, 200));
    assert.equal(result.configuration, undefined);
    assert.match(result.errors[0]!.what, /^it is not JSON: .* at byte \d+, line \d+$/);
  });

  it("names every error of a document, not only the first", () => {
    assert.deepEqual(errorsOf((document) => {
      Object.assign(document, { version: 1, revision: -1, surprise: true });
      Object.assign(document["block"]!, { triggerDelayMs: 600001, onRestart: "maybe" });
      (document["table"]!["columns"] as unknown[]).push({ id: 9, name: "x", type: "money", content: "uid" });
    }), [
      "revision: the value does not fit", "block.triggerDelayMs: the value does not fit", "block.onRestart: the value does not fit",
      "table.columns[8].type: the value does not fit", "surprise: there is no such setting here",
    ]);
  });

  it("refuses a document of a newer version and says what to do", () => {
    const result = readConfiguration("{\"version\":2,\"colour\":\"red\"}");
    assert.deepEqual(result.errors.map(({ path, remedy }) => [path, remedy]), [["version", "update the firmware, or write the document for version 1"]]);
  });

  it("reads a setting of an older version under its old name, and of this version under its new one only", () => {
    const read = (version: number, text: string): { values: number[]; errors: ConfigurationError[] } => {
      const reader = createJsonReader(text);
      nextJson(reader);
      const errors: ConfigurationError[] = [];
      const reading = { reader, version, renamed: "1/led/gpio|pin\n1/led/on|activeLevel", errors, text: "" };
      readFields(reading, "led", "outputs.led");
      const fields = { object: "led", text: reading.text, at: 0 };
      return { values: [numberOf(fields, "pin"), numberOf(fields, "activeLevel")], errors };
    };
    assert.deepEqual(read(1, "{\"gpio\":4,\"on\":0}"), { values: [4, 0], errors: [] });
    assert.deepEqual(read(2, "{\"pin\":4,\"activeLevel\":0}"), { values: [4, 0], errors: [] });
    assert.deepEqual(read(2, "{\"gpio\":4}").errors.map(({ path }) => path), ["outputs.led.gpio", "outputs.led.pin"]);
  });

  it("judges what settings say together, each with its path", () => {
    const change = (edit: (document: never) => void): string[] => errorsOf(edit as (document: Record<string, never>) => void);
    type Any = Record<"block" | "device" | "network" | "outputs" | "table", { [name: string]: unknown }> & { meters?: unknown; tariff?: unknown; readers?: unknown };
    assert.deepEqual(change((document: Any) => { delete document.meters; }), ["table.columns[4].content: session.energy needs a meter"]);
    assert.deepEqual(change((document: Any) => { delete document.tariff; }), ["table.columns[6].content: session.cost needs a tariff"]);
    assert.deepEqual(change((document: Any) => { document.outputs.led = { pin: 26 }; }), ["outputs.led.pin: pin 26 is used by inputs.contact too"]);
    assert.deepEqual(change((document: Any) => { (document.table.columns as { id: number }[])[1]!.id = 1; }), ["table.columns[1].id: another column has id 1 too"]);
    assert.deepEqual(change((document: Any) => { (document.table.columns as { name: string }[])[1]!.name = "start"; }), ["table.columns[1].name: another column has this name too"]);
    assert.deepEqual(change((document: Any) => { (document.table.columns as { at: string }[])[1]!.at = "start"; }), ["table.columns[1].at: session.end is not known before the end"]);
    assert.deepEqual(change((document: Any) => { (document.table.columns as { content: string }[])[1]!.content = "session.stop"; }), ["table.columns[1].content: there is no such content"]);
    assert.deepEqual(change((document: Any) => { document.network.password = "(secret)"; }), ["network.password: the board has no password to keep"]);
    assert.deepEqual(change((document: Any) => { document.device.password = "(secret)"; }), ["device.password: the board has no password to keep"]);
    assert.deepEqual(change((document: Any) => { document.block.meter = 2; }), ["block.meter: there is no meter 2"]);
    assert.deepEqual(change((document: Any) => { document.block.rfidTrigger = "start"; delete document.readers; }), ["block.rfidTrigger: there is no reader whose cards could be triggers"]);
    assert.deepEqual(change((document: Any) => { (document as unknown as { tariff: { prices: { from: string }[] } }).tariff.prices[0]!.from = "01:00"; }), ["tariff.prices[0].from: the day begins without a price"]);
    assert.deepEqual(change((document: Any) => { (document as unknown as { tariff: { prices: object[] } }).tariff.prices = []; }), ["tariff.prices: there is no price"]);
  });

  it("locks the console with its own password, else with the start of the key, and leaves it open only without both", () => {
    const password = (change: (document: { device: { password?: string }; endpoint?: unknown }) => void): string | undefined => {
      const document = JSON.parse(Buffer.from(example, "latin1").toString("utf8")) as { device: { password?: string }; endpoint?: unknown };
      change(document);
      return readConfiguration(utf8(JSON.stringify(document))).configuration?.hardware?.consolePassword;
    };
    assert.equal(password((document) => { document.device.password = "garage door 7"; }), "garage door 7");
    assert.equal(password(() => undefined), "00010203040506070809");
    assert.equal(password((document) => { delete document.endpoint; }), "");
  });

  it("takes up to three endpoints in their order, each with its own address", () => {
    type Endpoint = { url: string; [name: string]: unknown };
    const read = (change: (document: { [name: string]: unknown; endpoint?: Endpoint }, first: Endpoint) => void): ReturnType<typeof readConfiguration> => {
      const document = JSON.parse(Buffer.from(example, "latin1").toString("utf8")) as { endpoint: Endpoint };
      change(document, document.endpoint);
      return readConfiguration(utf8(JSON.stringify(document)));
    };
    const other = (first: Endpoint, host: string): Endpoint => ({ ...first, url: `http://${host}:8090` });
    assert.deepEqual(read((document, first) => { document.endpoint3 = { ...other(first, "third"), target: "webhook", keyId: "hook" }; document.endpoint2 = other(first, "second"); })
      .configuration?.hardware?.furtherEndpoints.map(({ url, target, keyId, key }) => [url, target, keyId, key.length]), [["http://second:8090", "exosphere", "garage-1", 32], ["http://third:8090", "webhook", "hook", 32]]);
    assert.deepEqual(read(() => undefined).configuration?.hardware?.furtherEndpoints, []);
    const errors = (change: Parameters<typeof read>[0]): string[][] => read(change).errors.map(({ path, remedy }) => [path, remedy]);
    assert.deepEqual(errors((document, first) => { document.endpoint2 = { ...first }; }), [["endpoint2.url", "write another one, or remove endpoint2"]]);
    assert.deepEqual(errors((document, first) => { document.endpoint3 = other(first, "third"); }), [["endpoint3", "write it as endpoint2"]]);
    assert.deepEqual(errors((document, first) => { delete document.endpoint; document.endpoint2 = other(first, "second"); }), [["endpoint2", "write it as endpoint"]]);
    assert.deepEqual(errors((document, first) => { document.endpoint2 = { ...other(first, "second"), url: "http://second/rows?key=1" }; }), [["endpoint2.url", "remove it: paths are added to the address"]]);
  });

  it("has a table to import beside the wallbox example, with the same columns", () => {
    const table = JSON.parse(readFileSync(new URL("../../../docs/examples/tables/wallbox.json", import.meta.url), "utf8")) as { id: number; mode: string; currency: string; minorDigits: number; columns: unknown };
    const document = JSON.parse(Buffer.from(example, "latin1").toString("utf8")) as { tariff: { minorDigits: number }; table: { id: number; rowMode: string; columns: unknown } };
    assert.deepEqual([table.currency, table.minorDigits], ["EUR", document.tariff.minorDigits], "amounts without a currency cannot be billed");
    assert.deepEqual([table.id, table.mode, table.columns], [document.table.id, document.table.rowMode, document.table.columns]);
  });

  it("tells what settings say together beside a single wrong one, and nothing that follows from it", () => {
    type Document = { endpoint: { url: string }; outputs: { led: { pin: number } }; inputs: { contact: { pin: unknown } }; meters: { pin: number; pulsesPerKwh: unknown }[]; block: { [name: string]: unknown }; table: { columns: { [name: string]: unknown }[] }; customInputs: { [name: string]: unknown }[] };
    const paths = (change: (document: Document) => void): string[] => {
      const document = JSON.parse(example) as Document;
      change(document);
      return readConfiguration(JSON.stringify(document)).errors.map(({ path }) => path).sort();
    };
    const contact = (JSON.parse(example) as Document).inputs.contact.pin as number;
    assert.deepEqual(paths((document) => { document.meters[0]!.pulsesPerKwh = 0; document.outputs = { led: { pin: contact } }; document.table.columns[0]!.type = "boolean"; }), ["meters[0].pulsesPerKwh", "outputs.led.pin", "table.columns[0].type"]);
    assert.deepEqual(paths((document) => { document.endpoint.url = "nonsense"; document.outputs = { led: { pin: contact } }; document.table.columns[0]!.type = "boolean"; document.block.meter = 2; }), ["block.meter", "endpoint.url", "outputs.led.pin", "table.columns[0].type"]);
    assert.deepEqual(paths((document) => { document.inputs.contact.pin = "x"; document.outputs = { led: { pin: contact } }; }), ["inputs.contact.pin"], "no conflict with a pin that is not known");
    assert.deepEqual(paths((document) => { document.inputs.contact.pin = "x"; document.outputs = { led: { pin: 0 } }; }), ["inputs.contact.pin"], "nor with the pin 0 of a wrong one");
    assert.deepEqual(paths((document) => { document.table.columns[0]!.content = 7; document.table.columns[1]!.type = "boolean"; }), ["table.columns[0].content", "table.columns[1].type"]);
    assert.deepEqual(paths((document) => { document.customInputs = [{ index: 99, type: "number" }]; document.table.columns[0]!.content = "ci1"; }), ["customInputs[0].index"], "ci1 may be the one that is wrong");
    assert.equal(readConfiguration(example.replace("{", "")).draft, undefined);
  });

  /** Puts `value` at `path` of `document`; the objects on the way are there. */
  function put(document: unknown, path: string, value: unknown): void {
    const names = path.split(/[.[\]]+/).filter((name) => name !== "");
    const last = names.pop()!;
    const holder = names.reduce<unknown>((at, name) => (at as { [name: string]: unknown })[name], document);
    (holder as { [name: string]: unknown })[last] = value;
  }

  // One setting is wrong, and hides only what speaks of it.
  const WRONG: [path: string, value: unknown, hides?: string][] = [
    ["device.id", "a b"], ["endpoint.url", "nonsense"], ["network.password", "short"], ["table.id", 0], ["block.pauseS", -1], ["inputs.contact.activeLevel", 2], ["readers[0].model", "nonsense"],
    ["tariff.prices[0].perKwh", "0,32"], ["tariff.prices[1].perKwh", "0,32"], ["meters[0].pulsesPerKwh", 0], ["table.columns[0].name", ""], ["customInputs[0].name", 7],
    ["inputs.contact.pin", -1, "outputs.led.pin"], ["meters", "nonsense", "table.columns[5].content"], ["tariff.prices[1].from", "noon"], ["table.columns[0].content", "nonsense", "table.columns[0].type"],
    ["customInputs[0].type", "nonsense", "table.columns[4].content"],
  ];
  for (const [path, value, hides] of WRONG) {
    it(`tells every setting that does not fit beside a wrong ${path}`, () => {
      const document: unknown = JSON.parse(example);
      const pin = (document as { inputs: { contact: { pin: number } } }).inputs.contact.pin;
      const unfit: [path: string, value: unknown][] = [["outputs", { led: { pin } }], ["table.columns[0].type", "boolean"], ["table.columns[4].content", "ci9"], ["table.columns[5].content", "meter2.energy"], ["tariff.prices[1].from", "00:00"], [path, value]];
      for (const [at, given] of unfit) put(document, at, given);
      const expected = new Set([path, "outputs.led.pin", ...unfit.slice(1, 5).map(([at]) => at)].filter((one) => one !== hides));
      assert.deepEqual(readConfiguration(JSON.stringify(document)).errors.map((error) => error.path).sort(), [...expected].sort());
    });
  }
});
