/*
 * The manifest of a build tells a build of these sources from one of others.
 *
 * Input: manifests in a folder. Output: test results.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EspruinoBuild } from "../../../tools/build/espruino";
import { isStale, manifestText } from "../../../tools/build/manifest";

describe("a build in a folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "sdc-manifest-"));
  after(() => { rmSync(folder, { recursive: true, force: true }); });
  const manifest = manifestText({} as EspruinoBuild, {});
  const isStaleWith = (text: string): boolean => {
    writeFileSync(join(folder, "manifest.json"), text);
    return isStale(folder);
  };

  it("is of these sources when its manifest says so", () => assert.equal(isStaleWith(manifest), false));

  it("is stale when a source has changed since", () => {
    const { sources } = JSON.parse(manifest) as { sources: string };
    assert.match(sources, /^[0-9a-f]{32}$/);
    assert.equal(isStaleWith(manifest.replace(sources, sources.replace(/^./, (digit) => (digit === "0" ? "1" : "0")))), true);
  });

  it("is not judged where it does not say what it was made from", () => {
    assert.equal(isStaleWith("{}"), false);
    rmSync(join(folder, "manifest.json"));
    assert.equal(isStale(folder), false);
  });
});
