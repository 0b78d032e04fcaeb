/* Records whose numbers lie in one array: what they become, that they mean the same, and what is refused. */
import assert from "node:assert/strict";
import { runInNewContext } from "node:vm";
import ts from "typescript";
import { packedRecords } from "../../../tools/build/packed_records";

const FILE = "/records.ts";
const OPTIONS: ts.CompilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, noLib: true, types: [], strict: true };
/** Enough of the language's own types for these texts. */
const LIBRARY = "interface Array<T> { push(value: T): number; [index: number]: T } interface Boolean {} interface Function {} interface IArguments {} " +
  "interface Number {} interface Object {} interface RegExp {} interface String {} interface CallableFunction {} interface NewableFunction {}\n";
const RECORDS = "/** @packed */ interface Meter { name: string; pulses: number; open: boolean; sinceMs: number; limit: number | undefined }\n" +
  "/** Where and when. @packed */ interface Moment { epochS: number; boot: number }\n" +
  "interface Plain { pulses: number }\ndeclare let result: unknown;\n";

/** The text with its packed records as arrays, as the build prints it. */
function packed(text: string): string {
  const host = ts.createCompilerHost(OPTIONS);
  const source = ts.createSourceFile(FILE, LIBRARY + RECORDS + text, ts.ScriptTarget.ES2022, true);
  host.getSourceFile = (name) => (name === FILE ? source : undefined);
  const program = ts.createProgram([FILE], OPTIONS, host);
  const result = ts.transform(source, [packedRecords(program)], OPTIONS);
  return ts.createPrinter().printFile(result.transformed[0]!);
}

/** The value of `result` after the text has run, as JSON has it. */
function run(text: string): unknown {
  const code = ts.transpileModule(text, { compilerOptions: { target: ts.ScriptTarget.ES5, ignoreDeprecations: "6.0" } }).outputText;
  const scope: { result?: unknown } = { result: undefined };
  runInNewContext(code, scope);
  return JSON.parse(JSON.stringify(scope.result)) as unknown;
}

describe("a record that is marked @packed", () => {
  it("keeps its numbers and truths in one array, and everything else as it is", () => {
    const text = packed("const m: Meter = { name: \"a\", pulses: 1, open: true, sinceMs: 2, limit: undefined };\nm.pulses = 3;\nm.name = \"b\";\nm.limit = 4;");
    assert.match(text, /\{ _: new Int32Array\(\[1, true, 2\]\), name: "a", limit: undefined \}/);
    assert.match(text, /m\._\[0\] = 3;\nm\.name = "b";\nm\.limit = 4;/);
  });

  it("is the array itself when it holds numbers alone", () => {
    const text = packed("const at: Moment = { epochS: 5, boot: 6 };\nresult = at.boot;");
    assert.match(text, /const at: Moment = new Int32Array\(\[5, 6\]\);\nresult = at\[1\];/);
  });

  it("leaves a field of the same name in another record alone", () => {
    assert.match(packed("const p: Plain = { pulses: 1 };\nresult = p.pulses;"), /\{ pulses: 1 \};\nresult = p\.pulses;/);
  });

  const same: [string, string][] = [
    ["counts, adds and subtracts", "const m: Meter = { name: \"a\", pulses: 1, open: false, sinceMs: 2147483640, limit: undefined };\nm.pulses++;\n--m.pulses;\nm.pulses += 40;\nm.sinceMs -= 2147483647;\nresult = [m.pulses++, m.pulses, m.sinceMs];"],
    ["gives a truth as true and false wherever it is not only asked for", "const m: Meter = { name: \"a\", pulses: 1, open: true, sinceMs: 2, limit: undefined };\nconst seen: boolean[] = [m.open, m.open === true, !m.open];\nm.open = m.pulses > 5;\nseen.push(m.open);\nif (!m.open) seen.push(m.open || m.pulses === 1);\nresult = seen;"],
    ["takes short forms, and values in the order of their effects among the numbers", "let calls = 0;\nconst next = (): number => { calls = calls + 1; return calls; };\nconst pulses = 7;\nconst m: Meter = { name: \"a\", open: calls > 0, limit: 9, pulses, sinceMs: next() };\nresult = [m.pulses, m.open, m.sinceMs, m.limit, m.name];"],
    ["is found through a list, a field, a parameter and a value that may be missing", "interface Holder { meters: Meter[]; at: Moment | undefined }\nconst h: Holder = { meters: [], at: undefined };\nh.meters.push({ name: \"a\", pulses: 1, open: true, sinceMs: 2, limit: undefined });\nh.at = { epochS: 1, boot: 2 };\nfunction twice(m: Meter): number { return m.pulses * 2; }\nresult = [h.meters[0].pulses, twice(h.meters[0]), h.at !== undefined ? h.at.boot : 0];"],
  ];
  for (const [title, text] of same) {
    it(title, () => {
      assert.deepEqual(run(packed(text)), run(RECORDS + text));
    });
  }

  it("is refused with file and line where a record is made without saying which", () => {
    assert.throws(() => packed("const at = { epochS: 1, boot: 2 };\nresult = at;"), /^Error: \/records\.ts:6: looks like a Moment, which is packed/);
  });

  it("is refused when a number of it is missing, inherited or may be missing", () => {
    assert.throws(() => packed("const at: Moment = { epochS: 1 } as Moment;"), /:6: the packed field boot is missing/);
    assert.throws(() => packed("/** @packed */ interface Loose { a?: number }\nconst l: Loose = {};"), /Loose cannot be packed/);
    assert.throws(() => packed("/** @packed */ interface Late extends Plain { a: number }\nresult = 1;"), /Late cannot be packed/);
    assert.throws(() => packed("/** @packed */ interface Text { a: string }\nresult = 1;"), /it has no field of type number or boolean/);
  });
});
