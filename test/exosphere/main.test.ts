/*
 * The endpoint started by hand with settings that cannot work.
 *
 * Input: environment variables. Output: test results. Invariant: one line that names the variable, exit code 2,
 * never a stack trace; nothing keeps listening.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../tools/root";

describe("the endpoint started by hand", function () {
  this.timeout(90_000);
  let folder: string;

  before(() => { folder = mkdtempSync(join(tmpdir(), "exosphere-main-")); });
  after(() => { rmSync(folder, { recursive: true }); });

  for (const [title, variables, line] of [
    ["refuses a short password by the variable's name", { EXOSPHERE_PORT: "0", EXOSPHERE_ADMIN_PASSWORD: "short" }, "EXOSPHERE_ADMIN_PASSWORD: A password has at least 10 characters. Choose another one."],
    ["refuses a port that is none by the variable's name", { EXOSPHERE_PORT: "http" }, "EXOSPHERE_PORT must be 0 … 65535"],
  ] as const) {
    it(title, () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "exosphere/main.ts"],
        { cwd: root, encoding: "utf8", timeout: 80_000, env: { ...process.env, EXOSPHERE_DATA: join(folder, "data"), ...variables } });
      assert.deepEqual([status, stdout, stderr], [2, "", `exosphere: ${line}\n`]);
    });
  }
});
