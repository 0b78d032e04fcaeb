/*
 * Finding and running the real interpreter for one script.
 *
 * Input: ESPRUINO or ESPRUINO32, else the PATH. Output: what the script printed. Invariant: an absent
 * interpreter is "" and the test that needs it skips; nothing stands in for it.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { surroundings } from "../../tools/test_runner/surroundings";

/** Paths of the interpreters that are here, by name. */
export function interpreters(): { name: string; path: string }[] {
  return surroundings().filter((item) => ["ESPRUINO", "ESPRUINO32"].includes(item.variable)).map((item) => ({ name: item.name, path: item.found }));
}

/** Runs `code` in an empty folder and returns what it printed. @throws Error when it does not end in 60 s */
export function runScript(path: string, code: string): string {
  const folder = mkdtempSync(join(tmpdir(), "espruino-"));
  try {
    writeFileSync(join(folder, "script.js"), code, "latin1");
    const result = spawnSync(path, ["script.js"], { cwd: folder, encoding: "latin1", timeout: 60000, input: "" });
    if (result.error !== undefined) throw result.error;
    return result.stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
