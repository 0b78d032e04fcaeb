/*
 * The readable texts of a build are the shipped programs before the minifier shortens their names.
 *
 * Input: a build of the firmware. Output: test results. Invariant: with the same short names as the build gave, in the
 * same order, each readable text becomes the shipped one byte for byte; so nothing else lies between them.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BOARDS } from "../../boards/index";
import { shortened } from "../../tools/build/bundle";
import { buildEspruino, type EspruinoBuild } from "../../tools/build/espruino";
import { unmapped } from "../../tools/build/mapped";
import { propertyNames } from "../../tools/build/property_names";
import { slotParts } from "../../tools/build/slot";
import { bracketTexts } from "../../tools/build/text_statements";

describe("the readable texts of a build", function () {
  this.timeout(240000);
  const folder = mkdtempSync(join(tmpdir(), "sdc-readable-"));
  let build: EspruinoBuild;

  before(async () => { build = await buildEspruino(folder); });
  after(() => { rmSync(folder, { recursive: true, force: true }); });

  it("are as many as the shipped ones, each with a source map beside that", () => {
    const under = (path: string, ending: string): string[] => readdirSync(join(folder, "espruino", path), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length)).sort();
    const shipped = under("", ".js").filter((name) => !name.startsWith("readable"));
    assert.ok(shipped.includes("linux") && shipped.includes("loader") && shipped.includes(join("modules", "device")));
    assert.deepEqual(under("readable", ".js"), shipped);
    assert.deepEqual(under("", ".js.map"), shipped);
  });

  it("become the shipped ones when their names are shortened", async () => {
    const properties = propertyNames();
    for (const { file } of [...Object.values(build.boards), ...Object.values(build.modules)]) {
      const name = file.replace(/^espruino\//, "");
      const readable = readFileSync(join(folder, "espruino", "readable", name), "utf8");
      assert.equal(bracketTexts(await shortened(unmapped(readable), properties)).code, readFileSync(join(folder, "espruino", name), "latin1"), name);
    }
  });

  it("have the names of the sources", () => {
    const text = readFileSync(join(folder, "espruino", "readable", "modules", "device.js"), "utf8");
    assert.match(text, /function countPulse\(meter\)/);
    assert.match(text, /part\("session"\)\.nextEffect\(/);
  });

  it("are the whole program for a board with room for it, and parts on demand for the others; the other form lies beside", () => {
    const names = (file: string): string[] => Object.keys(slotParts(readFileSync(join(folder, "espruino", file), "latin1")));
    const isInParts = (file: string): boolean => ["session", "judge", "append"].map((part) => names(file).includes(part)).includes(true);
    for (const { name, variables } of BOARDS) {
      const hasRoom = variables >= 4500;
      assert.equal(hasRoom, name !== "esp32c3_devkit", name);
      assert.equal(isInParts(`${name}.slot`), !hasRoom, name);
      assert.equal(isInParts(`${hasRoom ? "parts" : "whole"}/${name}.slot`), hasRoom, name);
    }
  });
});
