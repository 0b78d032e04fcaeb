/*
 * `sdc keys make|public|install|list|adopt`: the keys that sign releases.
 *
 * Input: the command to add them to. Output: verbs over tools/release/. Invariant: what is wrong with a key is one
 * sentence with its remedy, and 2; a seed or a passphrase is never printed.
 */
import { InvalidArgumentError } from "commander";
import type { Command } from "commander";
import { homedir } from "node:os";
import { join } from "node:path";
import { give } from "./answer";
import type { Answer, Outcome } from "./answer";
import { portOr } from "../board/ports";
import { passwordOption, portOption } from "./board_verbs";

export const KEYS_OPTION = ["--keys <folder>", "where the keys are", join(homedir(), ".sdc", "keys")] as const;
export const PASSPHRASE_OPTION = ["--passphrase-file <file>", "its first line is the passphrase; else SDC_PASSPHRASE, or it is asked for", ""] as const;

interface KeyWords {
  keys: string;
  passphraseFile: string;
  height: number;
  next: number;
}

/** A whole number of 0 or more. @throws InvalidArgumentError */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("give a whole number.");
  return Number(text);
}

/** Does the work; what is wrong with a key, a release or the line to a board is one sentence and 2. */
export async function judged(outcome: Outcome, work: () => Promise<Answer>): Promise<void> {
  const { KeyError } = await import("../release/leaves");
  const { ConsoleError } = await import("../../console/console_line");
  try {
    give(outcome, await work());
  } catch (error) {
    if (!(error instanceof KeyError) && !(error instanceof ConsoleError)) throw error;
    give(outcome, { lines: [error.message], exitCode: 2 });
  }
}

export function addKeysVerbs(command: Command, outcome: Outcome): void {
  const keys = command.command("keys").description("the keys that sign releases");
  keys.command("make")
    .description("make a key; its public half goes onto boards with 'sdc keys install'")
    .argument("<name>", "small letters and digits, such as garage2026")
    .option("--height <number>", "5, 10 or 15: 32, 1,024 or 32,768 signatures, one for each board's image of a release", wholeNumber, 10)
    .option(...KEYS_OPTION)
    .option(...PASSPHRASE_OPTION)
    .action((name: string, words: KeyWords) => judged(outcome, async () => {
      const { makeKey } = await import("../release/key_file");
      const { passphraseOf } = await import("../release/passphrase");
      const publicKey = makeKey(words.keys, name, await passphraseOf(words.passphraseFile, true), words.height);
      return { lines: [`${join(words.keys, `${name}.key`)}: made, ${String(2 ** words.height)} signatures`, `public key ${publicKey}`, "back up the key before its first signature; a copy made later signs nothing until 'sdc keys adopt'"], exitCode: 0 };
    }));
  keys.command("public")
    .description("print the public key, hexadecimal")
    .argument("<name>", "a key of 'sdc keys list'")
    .option(...KEYS_OPTION)
    .action((name: string, words: KeyWords) => judged(outcome, async () => {
      const { keyFacts } = await import("../release/key_file");
      return { lines: [keyFacts(words.keys, name).publicKey], exitCode: 0 };
    }));
  keys.command("install")
    .description("let a board trust one or two keys and no other; without a name: show those that it trusts")
    .argument("[names...]", "keys of 'sdc keys list'")
    .addOption(portOption())
    .addOption(passwordOption())
    .option(...KEYS_OPTION)
    .action((names: string[], words: KeyWords & { port: string; password: string }) => judged(outcome, async () => {
      const { keyFacts } = await import("../release/key_file");
      const { KeyError } = await import("../release/leaves");
      const { installKeys } = await import("../board/install_keys");
      if (names.length > 2) throw new KeyError("a board trusts two keys at most");
      return { lines: await installKeys(await portOr(words.port), names.map((name) => keyFacts(words.keys, name).publicKey), words.password), exitCode: 0 };
    }));
  keys.command("list")
    .description("all keys, and how many signatures are left; exit 1 when one of them cannot sign")
    .option(...KEYS_OPTION)
    .action((words: KeyWords) => judged(outcome, async () => {
      const { keyFacts, keyNames } = await import("../release/key_file");
      const all = keyNames(words.keys).map((name) => keyFacts(words.keys, name));
      if (all.length === 0) return { lines: [`${words.keys}: no keys; 'sdc keys make NAME' makes one`], exitCode: 0 };
      const lines = all.flatMap((one) => [
        `${one.name.padEnd(32)} ${String(one.used)} of ${String(2 ** one.height)} signatures used, identifier ${one.publicKey.slice(16, 48)}`,
        ...(one.problem === "" ? [] : [`  ${one.problem}`]),
      ]);
      return { lines, exitCode: all.some((one) => one.problem !== "") ? 1 : 0 };
    }));
  keys.command("adopt")
    .description("say that a moved or restored key is the only one, and which leaves it may not use any more")
    .argument("<name>", "a key of 'sdc keys list'")
    .requiredOption("--next <leaf>", "no leaf from this one on was ever used, by any copy", wholeNumber)
    .option(...KEYS_OPTION)
    .action((name: string, words: KeyWords) => judged(outcome, async () => {
      const { keyPlace } = await import("../release/key_file");
      const { adoptLeaves } = await import("../release/leaves");
      const { file, height } = keyPlace(words.keys, name);
      adoptLeaves(file, height, words.next);
      return { lines: [`${file}: signs with leaf ${String(words.next)} next; destroy every other copy`], exitCode: 0 };
    }));
}
