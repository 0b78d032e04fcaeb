/*
 * The list of reader models agrees with the driver files, the configuration's choices and docs/READERS.md.
 *
 * Input: those three. Output: test results. Invariant: a model that is missing anywhere is named.
 */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { settingsOf } from "../../../firmware/configuration/spec";
import { READER_MODELS, readerModel } from "../../../firmware/inputs/reader/registry";

describe("reader registry", () => {
  const names = READER_MODELS.map((model) => model.name).sort();

  it("has one model for each driver file", () => {
    const files = readdirSync(new URL("../../../firmware/inputs/reader", import.meta.url)).map((file) => file.replace(".ts", ""));
    assert.deepEqual(files.filter((file) => file !== "frame" && file !== "registry").sort(), names);
  });

  it("has the models that a configuration may name", () => {
    const line = settingsOf("reader").split("\n").find((text) => text.startsWith("model|")) ?? "";
    assert.deepEqual(line.split("|")[2]!.split(",").sort(), names);
  });

  it("stands in the page for electricians as it is", () => {
    const page = readFileSync(new URL("../../../docs/READERS.md", import.meta.url), "utf8");
    const rows = page.split("\n").filter((line) => /^\| `/.test(line)).map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
    const models = rows.filter((cells) => cells.length === 6 && cells[0] !== "`model`").map((cells) => [cells[0], cells[1], cells[2], cells[4], cells[5]].join(" | "));
    assert.deepEqual(models, READER_MODELS.map((model) => [
      "`" + model.name + "`", model.driver.baud, model.driver.pollMs === 0 ? "sends unasked" : "asked every " + model.driver.pollMs + " ms", model.products, model.cards,
    ].join(" | ")));
    const verified = rows.filter((cells) => cells.length === 7 && cells[0] !== "`model`").map((cells) => cells[0]!.replaceAll("`", ""));
    assert.deepEqual(verified.sort(), names);
  });

  it("refuses random uids where cards of ISO/IEC 14443 can come, and never numbers of 125 kHz fobs or UHF tags", () => {
    const refusing = READER_MODELS.filter((model) => model.driver.refusesRandom).map((model) => model.name).sort();
    assert.deepEqual(refusing, ["7941e", "7941w", "linehex", "pn532", "sl032", "sm130", "twn4", "yhy502"]);
  });

  it("has nothing under other names", () => {
    for (const name of ["", "RDM6300", "frame", "registry", "toString"]) assert.equal(readerModel(name), undefined);
  });
});
