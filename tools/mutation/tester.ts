/*
 * A process that runs test files on request, and is replaced when a defect ends it.
 *
 * Input: the folder of the copy, requests. Output: answers. Invariants: a run that is silent for longer than its limit is ended,
 * and its answer is undefined; the process ends with `close`.
 */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { MUTANT_VARIABLE, REACHED_VARIABLE } from "./switched";
import type { Answer, Request } from "./worker";

export class Tester {
  private child: ChildProcess | undefined;
  private hear: (answer: Answer | undefined) => void = () => undefined;

  /** `mutant`: a defect that is there while the sources are loaded, 0 for none. */
  constructor(private readonly folder: string, private readonly mutant = 0) {}

  private start(): ChildProcess {
    const env = { ...process.env, [MUTANT_VARIABLE]: String(this.mutant), [REACHED_VARIABLE]: join(this.folder, "reached.txt") };
    const child = spawn(process.execPath, ["--import", "tsx", join("tools", "mutation", "worker.ts")], { cwd: this.folder, env, stdio: ["pipe", "ignore", process.env.SDC_DEBUG === "1" ? "inherit" : "ignore", "pipe"], detached: true });
    let rest = "";
    child.stdin?.on("error", () => undefined);
    (child.stdio[3] as Readable).setEncoding("utf8").on("data", (data: string) => {
      const lines = (rest + data).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.hear(JSON.parse(line) as Answer);
    });
    child.on("close", () => {
      if (this.child !== child) return;
      this.child = undefined;
      this.hear(undefined);
    });
    return child;
  }

  /** Ends the process and all that its tests have started. */
  restart(): void {
    const child = this.child;
    this.child = undefined;
    if (child?.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }

  /** Runs a file's tests; undefined when the process ended or took longer than `limitMs`. */
  ask(request: Request, limitMs: number): Promise<Answer | undefined> {
    const child = this.child ??= this.start();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.restart();
        this.hear(undefined);
      }, limitMs);
      this.hear = (answer) => {
        clearTimeout(timer);
        this.hear = () => undefined;
        resolve(answer);
      };
      child.stdin?.write(`${JSON.stringify(request)}\n`);
    });
  }

  close(): void {
    this.restart();
  }
}
