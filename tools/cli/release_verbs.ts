/*
 * `sdc release build|sign|verify|show`: a version of the firmware as one file.
 *
 * Input: the command to add them to. Output: verbs over tools/release/. Invariant: a file is written whole or not at
 * all; what is wrong with one is one sentence, 1 when it was asked about, 2 when it was needed.
 */
import type { Command } from "commander";
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Outcome } from "./answer";
import { judged, KEYS_OPTION, PASSPHRASE_OPTION, wholeNumber } from "./keys_verbs";
import { readNamedFile } from "./named_file";

interface ReleaseWords {
  number: number;
  from: string;
  out: string;
  names: string[];
  keys: string;
  key: string;
  public: string[];
  passphraseFile: string;
}

function write(file: string, bytes: Buffer): void {
  writeFileSync(`${file}.part`, bytes);
  renameSync(`${file}.part`, file);
}

async function slotsOf(words: ReleaseWords): Promise<Buffer[]> {
  const { KeyError } = await import("../release/leaves");
  if ((words.from === "") === (words.number === 0)) throw new KeyError("give either --number N, and the firmware is built now, or --from FOLDER with the files of 'sdc build --release N'");
  const folder = words.from !== "" ? words.from : mkdtempSync(join(tmpdir(), "sdc-release-"));
  try {
    if (words.from === "") {
      const { buildEspruino } = await import("../build/espruino");
      await buildEspruino(folder, { release: words.number });
    }
    const files = readdirSync(join(folder, "espruino")).filter((name) => name.endsWith(".slot")).sort();
    return files.map((name) => readFileSync(join(folder, "espruino", name)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new KeyError(`${folder}: this folder holds no build; 'sdc build --release N --out FOLDER' fills one`);
  } finally {
    if (words.from === "") rmSync(folder, { recursive: true, force: true });
  }
}

/** The public keys that were named, by name or as text. @throws KeyError */
async function keysOf(words: ReleaseWords): Promise<Buffer[]> {
  const { KeyError } = await import("../release/leaves");
  const { keyFacts } = await import("../release/key_file");
  const texts = [...words.public, ...(words.key === "" ? [] : [keyFacts(words.keys, words.key).publicKey])];
  if (texts.length === 0) throw new KeyError("name a key: --key NAME, or --public HEX as 'sdc keys public' prints it");
  const wrong = texts.find((text) => !/^[0-9A-Fa-f]{112}$/.test(text));
  if (wrong !== undefined) throw new KeyError("a public key has 112 hexadecimal digits, as 'sdc keys public' prints it");
  return texts.map((text) => Buffer.from(text, "hex"));
}

function several(text: string, before: string[]): string[] {
  return [...before, text];
}

export function addReleaseVerbs(command: Command, outcome: Outcome): void {
  const release = command.command("release").description("versions of the firmware that boards fetch");
  release.command("build")
    .description("make a release of all boards, not signed yet")
    .requiredOption("--out <file>", "the file to write, such as garage-1.4.0.sdr")
    .option("--number <number>", "number of the release, above that of every earlier one; the firmware is built now", wholeNumber, 0)
    .option("--from <folder>", "files of 'sdc build --release N' instead", "")
    .option("--names <public key>", "a key that boards shall know once this release has proved itself, instead of those they know; twice at most", several, [])
    .action((words: ReleaseWords) => judged(outcome, async () => {
      const { buildRelease } = await import("../release/build_release");
      const { showRelease } = await import("../release/show_release");
      const bytes = buildRelease(await slotsOf(words), words.names.map((key) => key.toUpperCase()));
      write(words.out, bytes);
      return { lines: [...showRelease(bytes).lines, `${words.out}: written, not signed yet: sdc release sign ${words.out} --key NAME`], exitCode: 0 };
    }));
  release.command("sign")
    .description("sign every image of a release, each with a leaf of its own")
    .argument("<file>", "a release")
    .requiredOption("--key <name>", "a key of 'sdc keys list'")
    .option(...KEYS_OPTION)
    .option(...PASSPHRASE_OPTION)
    .action((file: string, words: ReleaseWords) => judged(outcome, async () => {
      const bytes = readNamedFile(file);
      if (typeof bytes === "string") return { lines: [bytes], exitCode: 2 };
      const { showRelease } = await import("../release/show_release");
      const shown = showRelease(bytes);
      if (shown.exitCode !== 0) return { lines: shown.lines.map((one) => `${file}: ${one}`), exitCode: 2 };
      const { signRelease } = await import("../release/build_release");
      const { passphraseOf } = await import("../release/passphrase");
      const signed = signRelease(bytes, words.keys, words.key, await passphraseOf(words.passphraseFile, false));
      write(file, signed.bytes);
      return { lines: [`${file}: signed with ${words.key}, leaves ${signed.leaves.join(", ")}`], exitCode: 0 };
    }));
  release.command("verify")
    .description("whether a release is whole and signed by a key; exit 1 when it is not")
    .argument("<file>", "a release")
    .option("--key <name>", "a key of 'sdc keys list'", "")
    .option("--public <public key>", "a public key, hexadecimal", several, [])
    .option(...KEYS_OPTION)
    .action((file: string, words: ReleaseWords) => judged(outcome, async () => {
      const bytes = readNamedFile(file);
      if (typeof bytes === "string") return { lines: [bytes], exitCode: 2 };
      const { verifyRelease } = await import("../release/show_release");
      return verifyRelease(bytes, await keysOf(words));
    }));
  release.command("show")
    .description("say what a file is: which release, for which boards, signed or not; exit 1 when it is none")
    .argument("<file>", "any file")
    .action((file: string) => judged(outcome, async () => {
      const bytes = readNamedFile(file);
      if (typeof bytes === "string") return { lines: [bytes], exitCode: 2 };
      const { showRelease } = await import("../release/show_release");
      return showRelease(bytes);
    }));
}
