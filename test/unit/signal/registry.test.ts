/* The list of reader models agrees with the driver files and with what a configuration may name. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { settingsOf } from "../../../firmware/block/configuration_spec";
import { READER_MODELS, readerModel } from "../../../firmware/signal/reader/registry";

describe("reader registry", () => {
  const names = READER_MODELS.map((model) => model.name).sort();

  it("has one model for each driver file", () => {
    const files = readdirSync(new URL("../../../firmware/signal/reader", import.meta.url)).map((file) => file.replace(".ts", ""));
    assert.deepEqual(files.filter((file) => file !== "frame" && file !== "registry").sort(), names);
  });

  it("has the models that a configuration may name", () => {
    const line = settingsOf("reader").split("\n").find((text) => text.startsWith("model|")) ?? "";
    assert.deepEqual(line.split("|")[2].split(",").sort(), names);
  });

  it("has nothing under other names", () => {
    for (const name of ["", "RDM6300", "frame", "registry", "toString"]) assert.equal(readerModel(name), undefined);
  });
});
