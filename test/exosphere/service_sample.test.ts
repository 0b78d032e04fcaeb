/*
 * The samples that run the endpoint as a service and in a container, against what they name.
 *
 * Input: docs/samples/exosphere.service and Containerfile. Output: test results. Invariant: of the unit nothing but the
 * two paths of an installation is changed before systemd reads it.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../tools/root";

const read = (name: string): string => readFileSync(join(root, "docs", "samples", name), "utf8");
const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;

describe("the samples of a service", function () {
  this.timeout(60_000);

  (hasSystemd ? it : it.skip)("give systemd a unit in which it finds nothing to say", () => {
    const folder = mkdtempSync(join(tmpdir(), "unit-"));
    try {
      const file = join(folder, "exosphere.service");
      writeFileSync(file, read("exosphere.service").replace("/usr/bin/node", process.execPath).replace("WorkingDirectory=/srv/exosphere", `WorkingDirectory=${root}`).replace("User=exosphere", "User=root"));
      const { status, stdout, stderr } = spawnSync("systemd-analyze", ["verify", "--recursive-errors=no", file], { encoding: "utf8", env: { ...process.env, HOME: folder } });
      assert.deepEqual([status, stdout, stderr.split("\n").filter((line) => line.includes("exosphere.service")).join("\n")], [0, "", ""]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("start the program that npm run endpoint starts, with settings that ENDPOINT.md has", () => {
    const settings = new Set([...readFileSync(join(root, "docs", "ENDPOINT.md"), "utf8").matchAll(/`(EXOSPHERE_[A-Z_]+|DATABASE_URL)`/g)].map((match) => match[1]));
    for (const name of ["exosphere.service", "Containerfile"]) {
      const text = read(name);
      for (const [setting] of text.replace(/^#.*$/gm, "").matchAll(/EXOSPHERE_[A-Z_]+/g)) assert.ok(settings.has(setting), `${name}: ${setting}`);
      assert.ok(text.includes("exosphere/main.ts") && existsSync(join(root, "exosphere", "main.ts")), name);
    }
  });

  it("pin a Node.js that package.json allows", () => {
    const [, major, minor] = /^FROM node:(\d+)\.(\d+)\.\d+-/m.exec(read("Containerfile")) ?? [];
    assert.ok(Number(major) > 20 || (Number(major) === 20 && Number(minor) >= 15), "engines.node is >=20.15");
  });
});
