/*
 * A board's console as something to ask: expressions go in, values come back.
 *
 * Input: an open line, and the device password where the doors are closed. Output: values of expressions that
 * the interpreter computed. Invariants: one question at a time; an answer is known by a mark that the typed
 * line does not contain, so neither an echo nor a line of the program's Log can be taken for it.
 */
import { type Bytes, bytesOfText } from "./bytes";
import { ConsoleError, type ConsoleLine, LockedError, WrongPasswordError } from "./console_line";

/** Longest wait for one answer: a compaction of Storage takes seconds. */
export const ANSWER_MS = 20000;
/** A board that was reset by opening its port starts first, which takes up to 12 s on an ESP32, before it listens. */
const GREETING_MS = 1500;
const GREETINGS = 14;
/** Between a verdict on a greeting that came late and the one on the password. */
const LATE_MS = 8000;
/** Ends an echo for this one line. */
const NO_ECHO = "\x10";
/** The interpreter's prompt while its console is locked. */
const LOCKED = "password>";
const HERE = "@here@";
const UNLOCKED = "Logged in.";
const WRONG = "Invalid password";

export class BoardConsole {
  private text = "";
  private ended = "";
  private asked = 0;
  private wake: () => void = () => undefined;
  /** The doors were closed when this came, and are to be closed again when it goes. */
  private unlocked = false;
  private foundOpen = false;

  /** `slowness`: every wait is so many times as long; above 1 for a board that is emulated. */
  private constructor(private readonly line: ConsoleLine, private readonly slowness: number) {
    line.listen((bytes) => { this.text += bytes; this.wake(); }, (reason) => { this.ended = reason; this.wake(); });
  }

  /** Takes an open line and makes sure that an interpreter answers. `password` "" when none is known. @throws ConsoleError */
  static async over(line: ConsoleLine, password: string, slowness = 1): Promise<BoardConsole> {
    const board = new BoardConsole(line, slowness);
    try {
      await board.greet(password);
      return board;
    } catch (error) {
      await board.close();
      throw error;
    }
  }

  private async greet(password: string): Promise<void> {
    for (let tries = 0; tries < GREETINGS; tries++) {
      this.order('print("@h"+"ere@")');
      try {
        if (await this.printed([HERE, LOCKED], GREETING_MS) === HERE) {
          this.foundOpen = true;
          return;
        }
      } catch (error) {
        if (this.ended !== "") throw error;
        continue;
      }
      return this.logIn(password);
    }
    throw new ConsoleError(`${this.line.port}: no Espruino interpreter answers; check the port, press the board's reset button, and see docs/INSTALL.md`);
  }

  private async logIn(password: string): Promise<void> {
    if (password === "") throw new LockedError(`${this.line.port}: the board asks for its password: the device password of its configuration`);
    const isRefused = await this.greetingRefused();
    this.text = "";
    this.line.write(`${bytesOfText(password)}\n`);
    let verdict = await this.printed([UNLOCKED, WRONG], ANSWER_MS);
    while (verdict === WRONG) {
      this.text = this.text.slice(this.text.indexOf(WRONG) + WRONG.length);
      try {
        // A board that is slow may have spoken of a greeting only now; the verdict on the password comes behind it.
        verdict = await this.printed([UNLOCKED, WRONG], isRefused ? 0 : LATE_MS);
      } catch (error) {
        if (this.ended !== "") throw error;
        throw new WrongPasswordError(`${this.line.port}: this is not the board's password`);
      }
    }
    if (await this.ask("1+1") !== 2) throw new ConsoleError(`${this.line.port}: the board does not answer after its password`);
    this.unlocked = true;
  }

  /** The greeting was taken for a password: that verdict, which a slow line brings late, is not the one on ours. */
  private async greetingRefused(): Promise<boolean> {
    try {
      await this.printed([WRONG], GREETING_MS);
      return true;
    } catch (error) {
      // The interpreter had shown its prompt before the greeting came and swallowed that, or it is slow.
      if (this.ended !== "") throw error;
      return false;
    }
  }

  /** Waits until one of `words` has arrived. @throws ConsoleError */
  async printed(words: string[], patienceMs: number): Promise<string> {
    const endMs = Date.now() + patienceMs * this.slowness;
    for (;;) {
      const found = words.find((word) => this.text.includes(word));
      if (found !== undefined) return found;
      if (this.ended !== "") throw new ConsoleError(this.ended);
      const leftMs = endMs - Date.now();
      if (leftMs <= 0) throw new ConsoleError(`${this.line.port}: no answer within ${String((patienceMs * this.slowness) / 1000)} s; the board said last: ${this.said()}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.wake = () => { clearTimeout(timer); resolve(); };
      });
    }
  }

  /** The last words of the board, for a report of what went wrong. */
  private said(): string {

    const plain = Array.from(this.text.slice(-300)).filter((one) => one >= " " || one === "\n").join("");
    return plain.split("\n").map((line) => line.trim()).filter((line) => line !== "").slice(-3).join(" / ") || "nothing";
  }

  /** The value of an expression, as JSON carries it; undefined for undefined and null. @throws ConsoleError, also for what it throws on the board */
  async ask(expression: string, patienceMs = ANSWER_MS): Promise<unknown> {
    this.asked++;
    this.text = "";
    this.line.write(`${NO_ECHO}try{${this.printing(expression)}}catch(e){${this.printingError()}}\n`);
    return this.answer(patienceMs);
  }

  /**
   * As ask, for what comes later: `statement` is given the name of a function of one value, which it is to call with
   * the answer. The doors are closed in the very line that asks, so they are closed however the wait ends. Nothing
   * else can be asked afterwards. @throws ConsoleError
   */
  async askLocked(statement: (done: string) => string, patienceMs: number): Promise<unknown> {
    this.asked++;
    this.text = "";
    const lock = this.unlocked ? "E.lockConsole();" : "";
    this.line.write(`${NO_ECHO}${lock}try{(function(d){${statement("d")}})(function(v){${this.printing("v")}})}catch(e){${this.printingError()}}\n`);
    this.unlocked = false;
    return this.answer(patienceMs);
  }

  /** Prints a value between marks, which are put together on the board. */
  private printing(expression: string): string {
    return `print("@s"+"dc${String(this.asked)}:"+JSON.stringify([(${expression})])+":s"+"dc${String(this.asked)}@")`;
  }

  private printingError(): string {
    return `print("@s"+"dc${String(this.asked)}:!"+e+":s"+"dc${String(this.asked)}@")`;
  }

  private async answer(patienceMs: number): Promise<unknown> {
    const begin = `@sdc${String(this.asked)}:`;
    const end = `:sdc${String(this.asked)}@`;
    await this.printed([end], patienceMs);
    const answer = this.text.slice(this.text.indexOf(begin) + begin.length, this.text.indexOf(end));
    if (answer.startsWith("!")) throw new ConsoleError(`${this.line.port}: the board says ${answer.slice(1)}`);
    try {
      return (JSON.parse(answer) as unknown[])[0] ?? undefined;
    } catch {
      // A byte was lost or added on the way.
      throw new ConsoleError(`${this.line.port}: an answer arrived damaged; try again, with a shorter cable`);
    }
  }

  /** Types a line that has no answer of its own; then wait with `printed`. */
  order(statement: string): void {
    this.text = "";
    this.line.write(`${NO_ECHO}${statement}\n`);
  }

  /** Stops the program and frees its memory; files stay. Comes back when the interpreter is at its prompt. @throws ConsoleError */
  async stopProgram(): Promise<void> {
    this.order("reset()");
    for (let tries = 0; tries < GREETINGS; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      try {
        if (await this.ask("1+1", GREETING_MS) === 2) return;
      } catch (error) {
        if (this.ended !== "") throw error;
      }
    }
    throw new ConsoleError(`${this.line.port}: the board does not come back after a reset`);
  }

  /** Leaves the doors open until the next start; says whether they were closed. */
  leaveOpen(): boolean {
    const was = this.unlocked;
    this.unlocked = false;
    return was;
  }

  /** Whether the console answered without a password when this came. */
  get wasOpen(): boolean {
    return this.foundOpen;
  }

  /** Closes the doors; false where the board has no password to ask for. Nothing else can be asked afterwards. @throws ConsoleError */
  async lock(): Promise<boolean> {
    this.unlocked = false;
    this.order("E.lockConsole()");
    this.order('print("@h"+"ere@")');
    return await this.printed([HERE, LOCKED], ANSWER_MS) === LOCKED;
  }

  /** Waits for a board that starts anew. @throws ConsoleError */
  async returned(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, GREETING_MS * this.slowness));
    await this.greet("");
  }

  /** Starts what is in flash, and waits for its first words. @returns them @throws ConsoleError */
  async startProgram(words: string[]): Promise<string> {
    // The program locks the console when it starts.
    this.unlocked = false;
    this.order("load()");
    return this.printed(words, ANSWER_MS);
  }

  /** Closes the doors again where they were closed, then the line. */
  async close(): Promise<void> {
    try {
      if (this.unlocked && this.ended === "") await this.ask("E.lockConsole()");
    } finally {
      await this.line.close();
    }
  }
}

/** A text as the interpreter's source, every byte safe on the way. */
export function quoteForConsole(bytes: Bytes): string {
  return JSON.stringify(bytes).replace(/[\u007f-\u00ff]/g, (one) => "\\x" + one.charCodeAt(0).toString(16).padStart(2, "0"));
}
