/*
 * One version, told in two places: package.json and firmware/version.ts must agree.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { VERSION } from "../../../firmware/version";

describe("the version", () => {
  it("is the same in the firmware and in package.json", () => {
    const manifest = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as { version: string };
    assert.equal(VERSION, manifest.version);
  });
});
