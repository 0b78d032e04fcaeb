/*
 * Makes the firmware once before the suites that need it start, so that they find it in the build's cache.
 *
 * Input: an environment. Output: "" or why it could not be built. Invariant: it is the same build as theirs, in a
 * process of its own, and all that it leaves is in the run's cache.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "../root";

const SCRIPT = "import { mkdtempSync, rmSync } from 'node:fs'; import { tmpdir } from 'node:os'; import { join } from 'node:path'; " +
  `import { buildEspruino } from ${JSON.stringify(join(root, "tools", "build", "espruino.ts"))}; ` +
  "const folder = mkdtempSync(join(tmpdir(), 'sdc-once-')); await buildEspruino(folder).finally(() => rmSync(folder, { recursive: true, force: true }));";

/** Never rejects. */
export function buildOnce(environment: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", SCRIPT], { cwd: root, env: environment, stdio: ["ignore", "ignore", "pipe"] });
    let complaints = "";
    child.stderr.setEncoding("utf8").on("data", (data: string) => { complaints = (complaints + data).slice(-2000); });
    child.on("error", (error) => { resolve(error.message); });
    child.on("close", (exitCode) => { resolve(exitCode === 0 ? "" : `exit code ${String(exitCode)}: ${complaints.trim()}`); });
  });
}
