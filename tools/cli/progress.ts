/*
 * How far a long transfer is, on the terminal of the person who waits.
 *
 * Input: names and counts of bytes. Output: a bar that moves on a terminal, one line a file elsewhere; on stderr, so
 * that stdout keeps the findings alone. Invariant: after `end` the cursor is at the begin of a line, also when the
 * transfer was cut off.
 */

/** Letters of the bar. */
const BAR = 30;
const NAME_LETTERS = 32;

export interface Progress {
  show(name: string, done: number, total: number): void;
  /** Ends a bar that stands in the middle of its line. */
  end(): void;
}

export function createProgress(write: (text: string) => void, isTerminal: boolean): Progress {
  let last = "";
  let isOpen = false;
  return {
    show(name, done, total) {
      if (isTerminal) {
        const part = total === 0 ? 1 : done / total;
        const filled = Math.round(BAR * part);
        isOpen = done < total;
        write(`\r[${"#".repeat(filled)}${" ".repeat(BAR - filled)}] ${String(Math.floor(100 * part)).padStart(3)} % ${name.padEnd(NAME_LETTERS)}${isOpen ? "" : "\n"}`);
      } else if (name !== last) write(`${name}\n`);
      last = name;
    },
    end() {
      if (isOpen) write("\n");
      isOpen = false;
    },
  };
}
