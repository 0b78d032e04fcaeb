/*
 * Asks test files, stage after stage, whether they notice a defect.
 *
 * Input: a copy of the project with the defect in it, stages. Output: the first stage that failed, "" when all passed. Invariants:
 * a stage that takes much longer than without a defect has noticed it; a process never outlives its stage.
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Stage } from "./tests_of";

const TEST_MS = 60000;
const mocha = join(dirname(createRequire(import.meta.url).resolve("mocha/package.json")), "bin/mocha.js");

/** Whether the stage's tests pass in `folder` within `limitMs`; and how long they took, ms. */
export function runStage(folder: string, stage: Stage, limitMs: number): Promise<{ passed: boolean; tookMs: number; output: string }> {
  const begunMs = performance.now();
  return new Promise((resolve) => {
    const words = ["--import", "tsx", mocha, "--no-config", "--bail", "--exit", "--timeout", String(TEST_MS), "--reporter", "dot", ...stage.files];
    const child = spawn(process.execPath, words, { cwd: folder, stdio: ["ignore", "pipe", "pipe"], detached: true });
    let output = "";
    const keep = (data: Buffer): void => { output = (output + data.toString("utf8")).slice(-4000); };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const end = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
    };
    const timer = setTimeout(end, limitMs);
    process.once("exit", end);
    child.on("close", (status) => {
      clearTimeout(timer);
      process.off("exit", end);
      end();
      resolve({ passed: status === 0, tookMs: performance.now() - begunMs, output });
    });
  });
}
