/*
 * Runs a program on the real interpreter, kills it at a random moment, and collects what it said.
 *
 * Input: a folder with its flash image, a script, a time. Output: the console's whole lines. Invariant: only
 * SIGKILL is used, so nothing is closed or flushed by the program.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Puts `code` into the image as the program that a start runs. */
export function install(interpreter: string, folder: string, code: string): void {
  writeFileSync(join(folder, "program.js"), code, "latin1");
  writeFileSync(join(folder, "install.js"), "require(\"Storage\").write(\".bootcde\",require(\"fs\").readFileSync(\"program.js\"));", "latin1");
  spawnSync(interpreter, ["install.js"], { cwd: folder, input: "", timeout: 20_000 });
}

/** The lines that a script prints which runs without the installed program. */
export function linesOf(interpreter: string, folder: string, code: string): string[] {
  writeFileSync(join(folder, "script.js"), code, "latin1");
  return spawnSync(interpreter, ["script.js"], { cwd: folder, input: "", timeout: 20_000, encoding: "latin1" }).stdout.split("\n").map((line) => line.trim());
}

/** Starts the installed program. Lines printed between the start and the kill, `afterMs` after the first of them. */
export function runAndKill(interpreter: string, folder: string, afterMs: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(interpreter, [], { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
    let text = "";
    let timer: NodeJS.Timeout | undefined;
    const late = setTimeout(() => child.kill("SIGKILL"), 20_000);
    child.stdout.setEncoding("latin1");
    child.stdout.on("data", (piece: string) => {
      text += piece;
      if (timer === undefined && /^[SP] \d+\r?$/m.test(text)) timer = setTimeout(() => child.kill("SIGKILL"), afterMs);
    });
    child.on("error", reject);
    child.on("close", () => {
      clearTimeout(late);
      clearTimeout(timer);
      // The last line may be half a line: it proves nothing.
      resolve(text.split("\n").slice(0, -1).map((line) => line.trim()));
    });
  });
}

/** The interpreter's flash image, empty while there is none. */
export function flashImage(folder: string): Uint8Array {
  const path = join(folder, "espruino.flash");
  return existsSync(path) ? new Uint8Array(readFileSync(path)) : new Uint8Array(0);
}

/** Numbers behind a letter, as "S 12". */
export function numbersOf(lines: string[], letter: string): number[] {
  return lines.filter((line) => line.startsWith(`${letter} `)).map((line) => Number(line.slice(2)));
}
