/* Configuration documents: what is taken, and how each mistake is named. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readConfiguration } from "../../../firmware/block/configuration_reader";
import { utf8 } from "./fixture";

const example = readFileSync(new URL("../../../docs/examples/wallbox.json", import.meta.url), "latin1");

/** The mistakes of the example after `change`, as "path: what". */
function mistakesOf(change: (document: Record<string, never>) => void): string[] {
  const document = JSON.parse(Buffer.from(example, "latin1").toString("utf8")) as Record<string, never>;
  change(document);
  const result = readConfiguration(utf8(JSON.stringify(document)));
  assert.equal(result.configuration === undefined, result.mistakes.length > 0);
  for (const mistake of result.mistakes) assert.ok(mistake.remedy.length > 5);
  return result.mistakes.map((mistake) => mistake.path + ": " + mistake.what);
}

describe("the configuration reader", () => {
  it("takes the wallbox example as a whole", () => {
    const { configuration, mistakes } = readConfiguration(example);
    assert.deepEqual(mistakes, []);
    assert.equal(configuration?.deviceId, "garage-1");
    assert.equal(configuration?.columns.count, 8);
    assert.equal(configuration?.key.length, 32);
    assert.deepEqual(configuration?.tariff?.pricePerKwhMilli, [25500, 31900, 25500]);
    assert.deepEqual(configuration?.tariff?.fromMin, [0, 360, 1320]);
    assert.equal(configuration?.uidTimeoutS, 300);
  });

  it("refuses what is no JSON, with byte and line", () => {
    const result = readConfiguration(example.slice(0, 200));
    assert.equal(result.configuration, undefined);
    assert.match(result.mistakes[0].what, /^it is not JSON: .* at byte \d+, line \d+$/);
  });

  it("names every mistake of a document, not only the first", () => {
    assert.deepEqual(mistakesOf((document) => {
      Object.assign(document, { version: 1, revision: -1, surprise: true });
      Object.assign(document["block"], { triggerDelayMs: 600001, onRestart: "maybe" });
      (document["table"]["columns"] as unknown[]).push({ id: 9, name: "x", type: "money", content: "uid" });
    }), [
      "revision: the value does not fit", "block.triggerDelayMs: the value does not fit", "block.onRestart: the value does not fit",
      "table.columns[8].type: the value does not fit", "surprise: there is no such setting here",
    ]);
  });
});
