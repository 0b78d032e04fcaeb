/*
 * The language of the shipped programs: every construct in them does on the interpreter what it does on Node.
 *
 * Input: all files that a build makes for Espruino, and both forms of the interpreter. Output: test results, with
 * file and construct. Invariants: a construct without a probe fails, so no new one ships unproved; a probe contains
 * what it is listed under; without an interpreter the comparison is skipped, which the test run says.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { minify } from "terser";
import { buildEspruino } from "../../tools/build/espruino";
import { pretokenise } from "../../tools/build/pretokenise";
import { PROBES } from "./construct_probes";
import { constructsOf } from "./constructs";
import { interpreters, runScript } from "./interpreter";
import { nestingBody, NESTING_HELP } from "./nesting_probes";

/** A script lies in the interpreter's memory: this much of it fits the smallest beside what it does. */
const SCRIPT_BYTES = 6000;

interface Shipped {
  /** Construct or nesting to the first file that has it, and its text there. */
  constructs: Map<string, string>;
  nestings: Map<string, string>;
}

async function shipped(): Promise<Shipped> {
  const folder = mkdtempSync(join(tmpdir(), "sdc-language-"));
  const found: Shipped = { constructs: new Map(), nestings: new Map() };
  try {
    await buildEspruino(folder);
    for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js")).sort()) {
      const here = constructsOf(readFileSync(join(folder, file), "latin1"));
      for (const part of ["constructs", "nestings"] as const) {
        for (const [name, text] of here[part]) if (!found[part].has(name)) found[part].set(name, `${file}: ${text}`);
      }
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lines "number text" of each statement, on Node. */
function onNode(head: string, lines: string[]): string[] {
  const printed: string[] = [];
  const context = createContext({ print: (line: string) => printed.push(line) });
  runInContext(head, context);
  for (const line of lines) runInContext(line, context);
  return printed;
}

/** The same on the interpreter, in scripts that its memory holds. */
function onInterpreter(path: string, head: string, lines: string[]): string[] {
  const printed: string[] = [];
  for (let from = 0; from < lines.length;) {
    let script = head + "\n";
    for (let first = true; from < lines.length && (first || script.length + lines[from]!.length < SCRIPT_BYTES); from++, first = false) script += lines[from] + "\n";
    printed.push(...runScript(path, script).split("\n").map((line) => line.replace(/\r/g, "")).filter((line) => line.includes("@")).map((line) => line.slice(line.indexOf("@"))));
  }
  return printed;
}

/** Names of the lines whose answers differ, with both answers. */
function differences(names: string[], wanted: string[], got: string[]): string[] {
  const answer = (list: string[], index: number): string => list.find((line) => line.startsWith(`@${String(index)} `)) ?? "nothing";
  return names.flatMap((name, index) => (answer(wanted, index) === answer(got, index) ? [] : [`${name}: Node ${answer(wanted, index)}, here ${answer(got, index)}`]));
}

describe("the language of the shipped programs", () => {
  let all: Shipped;
  const probes = PROBES.map(([name]) => name);
  const lines = PROBES.map(([, body], index) => `print("@${String(index)} "+(function(){${body}})());`);
  let nestings: string[] = [];
  let nestingLines: string[] = [];

  before(async function () {
    this.timeout(600000);
    all = await shipped();
    nestings = [...all.nestings.keys()].sort();
    // As the build writes them: without a bracket that the language does not need.
    nestingLines = await Promise.all(nestings.map(async (name, index) => {
      const made = await minify(`print("@${String(index)} "+run(function(){${nestingBody(name)}}));`, { compress: false, mangle: false, format: { ecma: 5 } });
      const code = made.code ?? "";
      assert.ok(constructsOf(code).nestings.has(name), `the program made for "${name}" does not contain it: ${code}`);
      return code;
    }));
  });

  it("has a probe for every construct in them", () => {
    const unproved = [...all.constructs].filter(([name]) => !probes.includes(name)).map(([name, place]) => `${name} has no probe in construct_probes.ts; it is in ${place}`);
    assert.deepEqual(unproved, []);
  });

  it("has probes that contain what they are listed under", () => {
    const empty = PROBES.filter(([name, body]) => !constructsOf(`(function(){${body}})();`).constructs.has(name)).map(([name]) => name);
    assert.deepEqual(empty, []);
  });

  it("finds a construct and a nesting that were not there before", () => {
    const found = constructsOf("for(var a=1;;)switch(a<<=2){case ~a:b(a?1:2,a=3)}");
    for (const name of ["<<= to name", "~ before a name", "switch"]) assert.ok(found.constructs.has(name), name);
    for (const name of ["<<= as discriminant of SwitchStatement", "~ as test of SwitchCase", "= as arguments of CallExpression"]) assert.ok(found.nestings.has(name), name);
    assert.throws(() => nestingBody("YieldExpression as left of +"), /no program is known/);
  });

  for (const { name, path } of interpreters()) {
    // As the loader is, and as the programs in a slot are.
    for (const [form, write] of [["as text", (line: string) => line], ["with words as tokens", pretokenise]] as const) {
      it(`does on the ${name} what it does on Node, construct by construct, ${form}`, function () {
        if (path === "") this.skip();
        assert.deepEqual(differences(probes, onNode("", lines), onInterpreter(path, "", lines.map(write))), []);
      });
    }

    it(`does on the ${name} what it does on Node, for every expression that stands in another`, function () {
      if (path === "") this.skip();
      assert.deepEqual(differences(nestings, onNode(NESTING_HELP, nestingLines), onInterpreter(path, pretokenise(NESTING_HELP), nestingLines.map(pretokenise))), []);
    });
  }
});
