/*
 * A build with a small program in its slot, so that the interpreter's flash has room for two.
 *
 * Input: a folder, the built loader, a word. Output: the files that `sdc deploy --from` reads. Invariant: the program
 * loads its module and confirms its slot as the shipped one does; its words tell which version runs.
 */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildBundle } from "../../tools/build/bundle";
import { slotOf } from "../../tools/build/slot";
import { root } from "../../tools/root";
import { LINUX_RELEASE } from "../boards/interpreter_board";

const ENTRY = join(root, "small_program.ts");

/** A program that prints "sdc runs <word>" if its module is whole; `more` runs before that. */
export async function smallSlot(word: string, more = ""): Promise<string> {
  const text = `import { system } from "./hal/espruino/system";
    declare const global: { mark?: number }; declare function print(text: string): void; declare function require(name: string): any;
    ${more}
    const part = system.load("part") as { word: string; all: string };
    print("sdc " + part.word + " ${word} " + part.all.length);
    if (global.mark !== undefined) { require("Flash").write([0, 0, 0, 0], global.mark); delete global.mark; }`;
  const program = await buildBundle(ENTRY, { kind: "program", minified: false, extra: { [ENTRY]: text } });
  return slotOf(LINUX_RELEASE, program, { part: `exports.word="runs";exports.all="${"\xff\x80~".repeat(700)}";` });
}

export async function smallBuild(folder: string, loader: string, word: string): Promise<void> {
  mkdirSync(join(folder, "espruino"), { recursive: true });
  copyFileSync(loader, join(folder, "espruino", "loader.js"));
  writeFileSync(join(folder, "espruino", "linux.slot"), await smallSlot(word), "latin1");
}
