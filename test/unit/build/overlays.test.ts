/*
 * Which functions a small board fetches from flash when they are called, chosen by a tag in their comment.
 *
 * Input: small modules with tags, joined as the firmware is. Output: test results. Invariant: the split program
 * does what the whole one does; a tag that cannot be followed is refused with its place.
 */
import { strict as assert } from "node:assert";
import { join } from "node:path";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { buildBundle, mappedBundle } from "../../../tools/build/bundle";
import { partEntry, partFunctions, partsIn } from "../../../tools/build/overlays";
import type { Parts } from "../../../tools/build/overlays";
import { root } from "../../../tools/root";

const METER = `
const LIMIT = 1000;
function half(value: number): number { return value > LIMIT ? LIMIT : value / 2; }
function twice(value: number): number { return value * 2 + 100000; }
export function resident(value: number): number { return half(value) + 1; }
/** Works now and then. @part rare */
export function rare(value: number, more: number): number {
  const first = half(value);
  return first + twice(more);
}
export function last(value: number): number {
  return value + 400000;
}
`;
const OTHER = `
import { rare } from "./meter";
/**
 * Another function of the same part.
 * @part rare
 */
export function second(value: number): number { return value + 200000; }
/** Calls a function of another part. @part caller */
export function caller(value: number): number { return rare(value, 1) + 300000; }
`;
const ENTRY = `
import { rare, resident } from "./meter";
import { caller, second } from "./other";
export function all(value: number): number[] { return [resident(value), rare(value, 3), second(value), caller(value)]; }
`;

function sources(modules: { [name: string]: string }): Map<string, string> {
  return new Map(Object.entries(modules).map(([name, text]) => [join(root, name), text]));
}

function parsed(text: string): Parts {
  return partsIn(sources({ tagged: text }));
}

const world = sources({ meter: METER, other: OTHER, entry: ENTRY });

async function built(entry: string, text: string, parts?: Parts): Promise<string> {
  const extra = Object.fromEntries([...world, [join(root, entry), text] as const].map(([path, source]) => [`${path}.ts`, source]));
  return buildBundle(join(root, `${entry}.ts`), { kind: "module", minified: true, extra, ...(parts === undefined ? {} : { stubs: parts }) });
}

/** The exports of a module that runs with this `part`. */
function run(code: string, part: (name: string) => unknown): { [name: string]: (...values: number[]) => unknown } {
  const exports = {};
  (new Function("exports", "part", code) as (exports: object, part: unknown) => void)(exports, part);
  return exports;
}

describe("functions that are fetched when they are called", function () {
  this.timeout(60000);

  it("are found by their tag, in one line or in several, beside functions without one", () => {
    const parts = partsIn(world);
    assert.deepEqual([...parts.keys()], ["rare", "caller"]);
    assert.deepEqual([...parts.get("rare")!], [[join(root, "meter"), ["rare"]], [join(root, "other"), ["second"]]]);
    assert.deepEqual(partFunctions(parts), ["rare", "second", "caller"]);
    assert.equal(partEntry(parts, "rare"), 'export { rare } from "./meter";\nexport { second } from "./other";');
    assert.throws(() => partEntry(parts, "nothing"), /there is no part "nothing"/);
  });

  it("leave a stub, and take with them what only they call", async () => {
    const parts = partsIn(world);
    const resident = await built("entry", ENTRY, parts);
    for (const own of ["100000", "200000", "300000", "1e5", "2e5", "3e5"]) assert.ok(!resident.includes(own), `${own} in ${resident}`);
    assert.match(resident, /part\("rare"\)\.rare\(/);
    assert.match(resident, /part\("caller"\)\.caller\(/);
    // The helper of both is in both.
    assert.match(resident, /1e3/);
    const rare = await built("part_rare", partEntry(parts, "rare"));
    assert.match(rare, /1e3/);
    assert.match(rare, /1e5/);
    assert.ok(!rare.includes("3e5"), rare);
  });

  it("do what they do in a program that holds them all, each from a part that has been dropped before", async () => {
    const parts = partsIn(world);
    const texts: { [name: string]: string } = {};
    for (const name of parts.keys()) texts[name] = await built(`part_${name}`, partEntry(parts, name));
    const fetched: string[] = [];
    const fetch = (name: string): unknown => {
      fetched.push(name);
      return run(texts[name]!, () => assert.fail("a part fetches another one"));
    };
    const split = run(await built("entry", ENTRY, parts), fetch);
    const whole = run(await built("entry", ENTRY), () => assert.fail("the whole program fetches a part"));
    for (const value of [0, 7, 1000, 1001, -4]) assert.deepEqual(split.all!(value), whole.all!(value));
    assert.deepEqual(whole.all!(7), [4.5, 100009.5, 200007, 400005.5]);
    assert.deepEqual(fetched.slice(0, 3), ["rare", "rare", "caller"]);
  });

  it("leave the source map right for what comes after them", async () => {
    const extra = Object.fromEntries([...world].map(([path, source]) => [`${path}.ts`, source]));
    extra[join(root, "entry.ts")] = "import { last, rare } from './meter'; export function both(value: number): number { return rare(value, 1) + last(value); }";
    const { code, map } = await mappedBundle(join(root, "entry.ts"), { kind: "module", minified: true, stubs: partsIn(world), extra });
    const place = originalPositionFor(new TraceMap(map), { line: 1, column: code.indexOf("4e5") });
    assert.equal(place.source, "meter.ts");
    assert.match(METER.split("\n")[place.line! - 1]!, /return value \+ 400000/);
  });
});

describe("a tag that cannot be followed", () => {
  const refused: [string, string, RegExp][] = [
    ["a function that is not exported", "/** @part rare */\nfunction rare(): void {}\n", /tagged\.ts:1: rare is of part "rare" and must be exported/],
    ["a name that a slot cannot hold", "/** @part Rare */\nexport function rare(): void {}\n", /tagged\.ts:1: "@part Rare" names no part/],
    ["no name at all", "\n/** @part */\nexport function rare(): void {}\n", /tagged\.ts:2: "@part " names no part/],
    ["words behind the name", "/** @part rare and then some */\nexport function rare(): void {}\n", /names no part.*nothing behind it/],
    ["a constant", "/** @part rare */\nexport const rare = 1;\n", /tagged\.ts:1: only a function of the module itself/],
    ["a function inside another one", "export function outer(): void {\n  /** @part rare */\n  function rare(): void {}\n  rare();\n}\n", /tagged\.ts:2: only a function of the module itself/],
    ["a parameter with a default", "/** @part rare */\nexport function rare(value = 1): void {}\n", /rare is of part "rare" and may have plain parameters only/],
    ["a list of parameters", "/** @part rare */\nexport function rare(...values: number[]): void {}\n", /may have plain parameters only/],
    ["a comment that the compiler does not read", "/* @part rare */\nexport function rare(): void {}\n", /tagged\.ts: 1 of 1 "@part" are not in the comment/],
    ["a comment that belongs to nothing", "/** @part rare */\n\n/** Adds. */\nexport function rare(): void {}\n// @part rare\n", /of 2 "@part" are not in the comment/],
  ];
  for (const [what, text, reason] of refused) it(`is refused: ${what}`, () => assert.throws(() => parsed(text), reason));

  it("is refused when two functions of one part have the same name", () => {
    const text = "/** @part rare */\nexport function same(): void {}\n";
    assert.throws(() => partsIn(sources({ one: text, two: text })), /two\.ts:1: part "rare" has a function same already/);
  });
});
