/*
 * Which of many defects of one file the nearest tests notice, without starting them anew for each.
 *
 * Input: a copy of the project, the file with defects that can be switched, the test files. Output: numbers of the defects that were noticed.
 * Invariants: a defect after which the tests hang has been noticed; one that leaves something behind, or that is not noticed, is left for a
 * run of its own, which decides.
 */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Mutant } from "./mutants";
import { overlap, switched } from "./switched";

/** A worker that says nothing for so long hangs, on a busy machine too. */
const SILENCE_MS = 240_000;

interface Answer { sound?: boolean; number?: number; isNoticed?: boolean; isSound?: boolean }

/** One worker, until it ends; `numbers` loses what it has answered. */
function ask(folder: string, files: string[], numbers: number[], noticed: Set<number>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", "tsx", join("tools", "mutation", "worker.ts"), ...files.map((file) => join(folder, file))], { cwd: folder, stdio: ["pipe", "ignore", "ignore", "pipe"] });
    let rest = "";
    let begun = false;
    let timer: NodeJS.Timeout | undefined;
    const watch = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const hanging = begun ? numbers.shift() : undefined;
        if (hanging !== undefined) noticed.add(hanging);
        child.kill("SIGKILL");
      }, SILENCE_MS);
    };
    const next = (): void => {
      if (numbers.length > 0) child.stdin?.write(`${String(numbers[0])}\n`);
      else child.stdin?.end();
    };
    const hear = (answer: Answer): void => {
      if (answer.sound === false) return reject(new Error(`the tests fail without a defect: ${files.join(" ")}`));
      if (answer.number !== undefined) {
        numbers.shift();
        if (answer.isNoticed === true) noticed.add(answer.number);
      }
      begun = true;
      watch();
      if (answer.isSound !== false) next();
    };
    watch();
    child.stdin?.on("error", () => undefined);
    (child.stdio[3] as Readable).setEncoding("utf8").on("data", (data: string) => {
      const lines = (rest + data).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) hear(JSON.parse(line) as Answer);
    });
    child.on("close", () => {
      clearTimeout(timer);
      // A worker that was ended by the defect itself has noticed it.
      if (begun && numbers.length > 0 && child.exitCode !== 0 && child.signalCode !== "SIGKILL") noticed.add(numbers.shift() ?? 0);
      if (!begun) numbers.splice(0);
      resolve();
    });
  });
}

/** `mutants`: of the file `path` with this text. Returns those that were noticed. */
export async function quicklyNoticed(folder: string, path: string, text: string, mutants: Mutant[], files: string[]): Promise<Set<Mutant>> {
  const found = new Set<Mutant>();
  const numbered = mutants.map((mutant, index): [number, Mutant] => [index + 1, mutant]).filter(([, mutant]) => !mutant.isStatic);
  while (numbered.length > 0) {
    const round: [number, Mutant][] = [];
    for (const one of [...numbered]) {
      if (round.some(([, other]) => overlap(one[1], other))) continue;
      round.push(one);
      numbered.splice(numbered.indexOf(one), 1);
    }
    writeFileSync(join(folder, path), switched(text, round));
    const numbers = round.map(([number]) => number);
    const noticed = new Set<number>();
    try {
      while (numbers.length > 0) await ask(folder, files, numbers, noticed);
    } finally {
      writeFileSync(join(folder, path), text);
    }
    for (const [number, mutant] of round) if (noticed.has(number)) found.add(mutant);
  }
  return found;
}
