/*
 * Looks up in a build the lines that a board prints of an error: forms of a line, wrong builds, wrong words.
 *
 * Input: a build of the clone's own sources, text as the interpreter prints it. Output: test results. Invariant: the
 * places are those of the built texts, found by what is there, so that the test holds when the firmware changes.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mappedBundle } from "../../../tools/build/bundle";
import { keepDebugFiles } from "../../../tools/build/debug_files";
import { pretokenise } from "../../../tools/build/pretokenise";
import { slotIndex, slotOf } from "../../../tools/build/slot";
import { root } from "../../../tools/root";
import { sdc } from "../tools/run_sdc";
import { isMarker, printedBuild, printedPlace } from "../../../tools/trace/printed";
import { trace } from "../../../tools/trace/trace";

const PROGRAM = `
import { half } from "./part";
declare function print(value: number): void;
declare const global: { handlers: unknown };

function first(list: number[]): number {
  if (list.length > 3) {
    print(1000 + list[0]);
  }
  return list[0] + 7000;
}

/** In a record, as the ports are. */
const port = {
  take: function (list: number[]): number {
    return first(list) +
      half(list[1]);
  },
};
global.handlers = port;
`;
const PART = `
export function half(value: number): number {
  const whole = value * 5000;
  return whole / 2;
}
`;

describe("an error that a board prints", function () {
  this.timeout(60000);
  const folder = mkdtempSync(join(tmpdir(), "sdc-trace-unit-"));
  let slot = "";
  let build = "";

  before(async () => {
    const extra = { [join(root, "program.ts")]: PROGRAM, [join(root, "part.ts")]: PART };
    mkdirSync(join(folder, "espruino", "modules"), { recursive: true });
    const texts: { [name: string]: string } = {};
    for (const [name, entry, kind] of [["desk", "program", "program"], ["modules/part", "part", "module"]] as const) {
      const bundle = await mappedBundle(join(root, `${entry}.ts`), { kind, minified: true, extra });
      keepDebugFiles(join(folder, "espruino"), name, bundle);
      writeFileSync(join(folder, "espruino", `${name}.js`), bundle.code, "latin1");
      texts[name] = pretokenise(bundle.code);
    }
    slot = slotOf({ family: "LINUX", board: "desk", version: "1.2.3", number: 4 }, texts.desk!, { another: "exports.a=1;", part: texts["modules/part"]! });
    writeFileSync(join(folder, "espruino", "desk.slot"), slot, "latin1");
    build = `build ${"1.2.3".padEnd(24)}${"desk".padEnd(24)}${String(slotIndex(slot)!.crc).padStart(10, "0")}`;
  });
  after(() => { rmSync(folder, { recursive: true, force: true }); });

  /** The place that the interpreter would name for the first `text` in the slot. */
  function place(text: string, file = "sdc_a"): string {
    const before = slot.slice(0, slot.indexOf(text)).split("\n");
    return `${file}:${String(before.length)}:${String(before[before.length - 1]!.length + 1)}`;
  }

  it("is found in the program, its callbacks and a part, with function and statement", () => {
    const text = [build, `    at f (${place("7e3")})`, "... return a[0]+7e3 ...", "             ^", `    at ${place("5e3", "sdc_b")}`, "", "  ^", "restart: Error: broken"].join("\r\n");
    assert.deepEqual(trace(text, folder, ""), {
      exitCode: 0,
      lines: [
        build, `    at f (${place("7e3")})`, "       program.ts:10:20 in first", "         return list[0] + 7000;",
        `    at ${place("5e3", "sdc_b")}`, "       part.ts:3:25 in half", "         const whole = value * 5000;",
        "restart: Error: broken",
      ],
    });
  });

  it("is found in a statement inside a condition, and in the condition, of which only the head is shown", () => {
    const found = (text: string): string[] => trace(`    at f (${place(text)})`, folder, "desk").lines.slice(1).map((line) => line.trim());
    assert.deepEqual(found("1e3"), ["program.ts:8:11 in first", "print(1000 + list[0]);"]);
    assert.deepEqual(found(">3"), ["program.ts:7:12 in first", "if (list.length > 3) {"]);
  });

  it("keeps what else was printed, also where the interpreter's own view of a place is missing", () => {
    const { lines } = trace(`before\n    at f (${place("7e3")})\nafter\n\nlast`, folder, "desk");
    assert.deepEqual([lines[0], ...lines.slice(4)], ["before", "after", "last"]);
  });

  it("is not looked up in another build, and it is said which", () => {
    const other = build.slice(0, -10) + "0000000007";
    const { lines, exitCode } = trace(`${other}\n    at f (${place("7e3")})`, folder, "");
    assert.equal(exitCode, 1);
    assert.match(lines[1]!, /^ {2}the board runs another build of 1\.2\.3 \(0000000007\) than the one in .* \(1\.2\.3, \d{10}\): build the same sources with the same --release, or name its folder with --build$/);
    assert.equal(lines[3]!.trim(), "not looked up");
    assert.match(trace(`${build.replace("desk ", "lamp ")}\n    at ${place("7e3")}`, folder, "").lines[1]!, /a build for lamp, which .* is not for/);
  });

  it("that is in no text of the build says so", () => {
    const reason = (where: string): string => trace(`    at f (${where})`, folder, "desk").lines[1]!.trim();
    assert.equal(reason(":1:20"), "not in flash: typed, or made by the interpreter");
    assert.equal(reason("sdc_a:1:20"), "in no text of the slot");
    assert.equal(reason("sdc_a:900:1"), "in no text of the slot");
    assert.equal(reason("sdc_a:2:3"), "in no text of the slot");
    assert.equal(reason("sdc_nothing:1:3"), "sdc_nothing is no file of this build");
    assert.equal(reason("mine.js:1:3"), "mine.js is no file of this build");
  });

  it("is refused with the remedy where something is missing", () => {
    const refused = (text: string, where: string, board = ""): string => {
      const { lines, exitCode } = trace(text, where, board);
      assert.equal(exitCode, 2);
      return lines.join("\n");
    };
    assert.match(refused("nothing at all", folder), /this text has no place of an error/);
    assert.match(refused(`    at ${place("7e3")}`, folder), /name the board with --board: desk$/);
    assert.match(refused(`    at ${place("7e3")}`, folder, "lamp"), /holds no build for the board lamp, only for desk/);
    assert.match(refused(`    at ${place("7e3")}`, join(folder, "nowhere")), /holds no build; make one with 'npm run build'/);
  });

  it("comes through the command line from a word, a file and standard input", async () => {
    const text = `${build}\n    at f (${place("7e3")})\n`;
    const file = join(folder, "printed.txt");
    writeFileSync(file, text);
    const run = async (...words: string[]): Promise<[number | null, string]> => {
      const { code, out, err } = await sdc("trace", "--build", folder, ...words);
      return [code, out + err];
    };
    const { status, stdout } = spawnSync(process.execPath, [join(root, "tools", "sdc.mjs"), "trace", "--build", folder], { encoding: "latin1", input: text });
    for (const [code, printed] of [await run("--text", text), await run(file), [status, stdout] as const]) {
      assert.equal(code, 0, printed);
      assert.match(printed, /program\.ts:10:20 in first\n +return list\[0\] \+ 7000;\n/);
    }
    assert.deepEqual(await run(join(folder, "absent")), [2, `sdc: ${join(folder, "absent")}: there is no such file\n`]);
    assert.deepEqual(await run(file, "--text", "x"), [2, "sdc: give a file or --text, not both\n"]);
  });

  it("has lines of one form only", () => {
    assert.deepEqual(printedPlace("    at f (sdc_a:65:499)"), { name: "f", file: "sdc_a", line: 65, column: 499 });
    assert.deepEqual(printedPlace("at :1:4"), { name: "", file: "", line: 1, column: 4 });
    assert.deepEqual(printedPlace("    at $ (.bootcde:1:30)"), { name: "$", file: ".bootcde", line: 1, column: 30 });
    for (const line of ["at noon", "look at f (sdc_a:1:2)", "    at f (sdc_a:1)", "    at f (sdc_a:1:2) again"]) assert.equal(printedPlace(line), undefined, line);
    assert.equal(printedBuild("build 1.2.3 desk 12"), undefined);
    assert.equal(isMarker("      ^"), true);
    assert.equal(isMarker("a ^ b"), false);
  });

  it("keeps the sources in its maps as they were", () => {
    const map = JSON.parse(readFileSync(join(folder, "espruino", "desk.js.map"), "utf8")) as { file: string; sources: string[]; sourcesContent: string[] };
    assert.equal(map.file, "desk.js");
    assert.deepEqual([...map.sources].sort(), ["part.ts", "program.ts"]);
    assert.ok(map.sourcesContent.includes(PROGRAM) && map.sourcesContent.includes(PART));
  });
});
