/*
 * The passphrase of a signing key.
 *
 * Input: a file, SDC_PASSPHRASE, or what the user types. Output: the passphrase. Invariant: it is never a word of the
 * command line, which other users of a machine see, and is not shown while it is typed.
 */
import { readFileSync } from "node:fs";
import type { ReadStream } from "node:tty";
import { KeyError } from "./leaves";

const CTRL_C = "\x03";
const BACKSPACE = ["\x7f", "\b"];

async function typed(question: string): Promise<string> {
  const keys = process.stdin as ReadStream;
  process.stderr.write(question);
  keys.setRawMode(true);
  keys.setEncoding("utf8");
  let text = "";
  try {
    for await (const data of keys as AsyncIterable<string>) {
      for (const one of data) {
        if (one === CTRL_C) throw new KeyError("no passphrase was given");
        if (one === "\r" || one === "\n") return text;
        text = BACKSPACE.includes(one) ? text.slice(0, -1) : text + one;
      }
    }
    throw new KeyError("no passphrase was given");
  } finally {
    keys.setRawMode(false);
    keys.pause();
    process.stderr.write("\n");
  }
}

/** `file`: its first line is the passphrase; "" for none. `isNew`: it is asked for twice. @throws KeyError */
export async function passphraseOf(file: string, isNew: boolean): Promise<string> {
  if (file !== "") {
    try {
      return readFileSync(file, "utf8").split("\n")[0]!.trimEnd();
    } catch {
      throw new KeyError(`${file}: this file with the passphrase cannot be read`);
    }
  }
  const given = process.env.SDC_PASSPHRASE;
  if (given !== undefined && given !== "") return given;
  if (!process.stdin.isTTY) throw new KeyError("the key's passphrase is missing: name a file with --passphrase-file, or set SDC_PASSPHRASE");
  const first = await typed("passphrase: ");
  if (isNew && await typed("the same once more: ") !== first) throw new KeyError("the two passphrases differ; nothing was made");
  return first;
}
