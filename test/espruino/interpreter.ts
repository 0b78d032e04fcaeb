/*
 * The real interpreter as a thing that a test can hold: a folder, a flash image, a process, its log.
 *
 * Input: the binaries named by ESPRUINO and ESPRUINO32 (else the PATH), programs and files for the flash.
 * Output: a running board whose console answers at once, and whose process can be killed and started again
 * on the same flash. Invariant: what is absent is said by name and its tests skip; the interpreter's own
 * files and processes end with the test that made them.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, readSync, renameSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LINUX_IMAGE_BYTES, LINUX_RAW_BYTES } from "../../boards/espruino_flash";
import { surroundings } from "../../tools/test_runner/surroundings";
import { patience } from "./patience";

export interface Form {
  name: string;
  /** "" when this machine has none. */
  path: string;
}

/** Run as a process of the computer; the emulated chip (chip.ts) does not. */
const LINUX_FORMS = ["ESPRUINO", "ESPRUINO32"];

/** Both Linux forms of the interpreter, found or not. */
export function forms(): Form[] {
  return surroundings().filter((item) => LINUX_FORMS.includes(item.variable)).map((item) => ({ name: item.variable, path: item.found }));
}

/** Longest wait on a quiet machine for the console, for a line of the log, for a process to end. */
const PATIENCE_MS = 20000;
/** A file is read in pieces: the small interpreter cannot hold a whole program in memory. */
const INSTALL = "var S=require('Storage'),f,d,o;FILES.forEach(function(n){f=E.openFile(n[1],'r');o=0;" +
  "while((d=f.read(512))!==undefined&&d.length){S.write(n[0],d,o,n[2]);o+=d.length;}f.close();});print('installed '+S.list());";

/**
 * Answers questions that lie in files "ask1", "ask2" …; runs before the program. The console itself takes
 * only slow typists: its two threads race for the same buffer when a long line comes in at once. On the device of the
 * log, because what is printed goes to the tool that is connected to the console. Without `try`: its `catch` would take
 * the error that another timer has left in the same pass (docs/PLATFORMS.md).
 */
const MAILBOX = "echo(0);(function(){var n=1,fs=require('fs');function m(){setTimeout(m,10);var t;if(fs.statSync('ask'+n)!==undefined){" +
  "t=fs.readFileSync('ask'+n);n++;USB.print('@@'+(n-1)+' '+JSON.stringify([eval(t)])+'@@\\r\\n');}}setTimeout(m,10);})();";

/** Bytes of the image that are Storage's; bytes of each file's head there, with the room to align it. */
const STORAGE_BYTES = LINUX_IMAGE_BYTES - LINUX_RAW_BYTES;
const FILE_HEAD_BYTES = 36;

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Text of an expression's value, made so that every byte survives the console. */
export function literal(value: unknown): string {
  return JSON.stringify(value).replace(/[\u007f-\u00ff]/g, (one) => "\\x" + one.charCodeAt(0).toString(16).padStart(2, "0"))
    .replace(/\\u00([0-9a-fA-F]{2})/g, "\\x$1");
}

export class Interpreter {
  readonly folder = mkdtempSync(join(tmpdir(), "sdc-espruino-"));
  private process: ChildProcess | undefined;
  private input = -1;
  private asked = 0;
  private starts = 0;

  /** `launcher`: a program and its words that starts the interpreter, as a profiler does; none by default. */
  constructor(private readonly path: string, private readonly launcher: string[] = []) {}

  /** The flash as a file: 256 pages of 1,024 bytes; made by the first install. */
  get image(): string {
    return join(this.folder, "espruino.flash");
  }

  /** Writes files into Storage, as an upload does. */
  install(files: Record<string, string>): void {
    const all = Object.entries({ ".boot0": MAILBOX, ...files });
    const bytes = all.reduce((sum, [, code]) => sum + FILE_HEAD_BYTES + code.length, 0);
    // The interpreter would write on into the area of our store, and the store later over these files.
    if (bytes > STORAGE_BYTES) throw new Error(`${String(bytes)} bytes of files do not fit the ${String(STORAGE_BYTES)} of Storage: leave modules out of the slot (desk.ts, smallerFiles)`);
    const list = all.map(([name, code], index) => {
      writeFileSync(join(this.folder, `file${String(index)}`), code, "latin1");
      return [name, `file${String(index)}`, code.length];
    });
    const result = spawnSync(this.path, ["-e", INSTALL.replace("FILES", JSON.stringify(list))], { cwd: this.folder, encoding: "latin1", input: "", timeout: patience(PATIENCE_MS) });
    if (!result.stdout.includes("installed ")) throw new Error(`the interpreter did not take the files: ${result.stdout}${result.stderr}`);
  }

  /** Makes the files that this interpreter takes for pins, low and unused. */
  wirePins(gpios: number[]): void {
    const base = join(this.folder, "gpio");
    for (const gpio of gpios) {
      mkdirSync(join(base, `gpio${String(gpio)}`), { recursive: true });
      writeFileSync(join(base, `gpio${String(gpio)}`, "direction"), "in");
      writeFileSync(join(base, `gpio${String(gpio)}`, "value"), "0");
    }
    for (const name of ["export", "unexport"]) writeFileSync(join(base, name), "");
  }

  /** One byte in place: a file made empty first would read as low in between. */
  setPin(gpio: number, level: number): void {
    const file = openSync(join(this.folder, "gpio", `gpio${String(gpio)}`, "value"), "r+");
    writeSync(file, String(level), 0);
    closeSync(file);
  }

  pinLevel(gpio: number): string {
    return readFileSync(join(this.folder, "gpio", `gpio${String(gpio)}`, "value"), "latin1").trim();
  }

  /** Starts from flash, with an empty log. The console stays open: its end would be read as input. */
  start(...words: string[]): void {
    this.launch(this.launcher, words);
  }

  /** The same, by another launcher this once. */
  launch(launcher: string[], words: string[] = []): void {
    const fifo = join(this.folder, "console");
    if (!existsSync(fifo)) execFileSync("mkfifo", [fifo]);
    for (; this.asked > 0; this.asked--) rmSync(join(this.folder, `ask${String(this.asked)}`), { force: true });
    this.starts++;
    const log = openSync(this.logPath(), "w");
    this.input = openSync(fifo, "r+");
    const [program, ...list] = [...launcher, this.path, ...words];
    this.process = spawn(program!, list, { cwd: this.folder, stdio: [this.input, log, log] });
    closeSync(log);
  }

  private logPath(): string {
    return join(this.folder, `log${String(this.starts)}`);
  }

  /** All that this start has printed, lines ended by \n. */
  log(): string {
    return readFileSync(this.logPath(), "latin1").replace(/\r/g, "");
  }

  /** The process of the latest start. @throws Error when there is none */
  processId(): number {
    if (this.process?.pid === undefined) throw new Error("no interpreter runs");
    return this.process.pid;
  }

  running(): boolean {
    return this.process !== undefined && this.process.exitCode === null && this.process.signalCode === null;
  }

  /** How the latest process ended: a signal's name, or its status. */
  ending(): string {
    return this.process === undefined ? "killed" : this.process.signalCode ?? `status ${String(this.process.exitCode)}`;
  }

  type(text: string): void {
    writeSync(this.input, Buffer.from(text, "latin1"));
  }

  /** The value of an expression, asked while this process waits; of a program started from flash. */
  ask(expression: string, patienceMs = patience(PATIENCE_MS)): unknown {
    this.asked++;
    const mark = `@@${String(this.asked)} `;
    writeFileSync(join(this.folder, "asking"), `(${expression})`, "latin1");
    renameSync(join(this.folder, "asking"), join(this.folder, `ask${String(this.asked)}`));
    const file = openSync(this.logPath(), "r");
    try {
      let text = "";
      const buffer = Buffer.alloc(65536);
      for (let waitedMs = 0; waitedMs < patienceMs; waitedMs++) {
        const count = readSync(file, buffer, 0, buffer.length, null);
        text += buffer.toString("latin1", 0, count);
        const begin = text.indexOf(mark);
        const end = text.indexOf("@@\r\n", begin + mark.length);
        if (begin >= 0 && end > 0) {
          const value: unknown = (JSON.parse(text.substring(begin + mark.length, end)) as unknown[])[0];
          return value === null ? undefined : value;
        }
        if (count === 0) pause(1);
      }
      throw new Error(`no answer to ${expression.slice(0, 200)}; the log ends: ${text.slice(-1000)}`);
    } finally {
      closeSync(file);
    }
  }

  /** Waits until the log of this start holds a whole line with `text`; `quietMs` on a quiet machine, longer on a busy one. */
  async printed(text: string, quietMs = PATIENCE_MS): Promise<void> {
    const patienceMs = patience(quietMs);
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += 5) {
      const runs = this.running();
      // The rest of a line may come in a later write: who asks for the log then gets half of it.
      const log = this.log();
      const at = log.indexOf(text);
      if (at >= 0 && log.includes("\n", at)) return;
      if (!runs) break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`"${text}" was not printed; the log ends: ${this.log().slice(-2000)}`);
  }

  /** Ends the process as a power cut does. */
  kill(): Promise<void> {
    const process = this.process;
    this.process = undefined;
    if (this.input >= 0) closeSync(this.input);
    this.input = -1;
    if (process === undefined || process.exitCode !== null || process.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      process.once("exit", () => resolve());
      process.kill("SIGKILL");
    });
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
