/*
 * Which names a bundle may shorten.
 *
 * Input: the interfaces of the sources, and a small program. Output: test results. Invariant: a name that
 * means something to the interpreter is never touched.
 */
import { strict as assert } from "node:assert";
import { join } from "node:path";
import { buildBundle } from "../../../tools/build/bundle";
import { shortenedExports } from "../../../tools/build/espruino";
import { propertyNames } from "../../../tools/build/property_names";
import { root } from "../../../tools/root";

const path = join(root, "names_entry.ts");

async function built(source: string, names = propertyNames()): Promise<string> {
  return buildBundle(path, { kind: "program", minified: true, properties: names, extra: { [path]: source } });
}

describe("short field names", () => {
  it("replace the long names of our own records", async () => {
    const code = await built("const r = { pendingSinceS: Math.random(), uptimeS: Math.random() };\nprint(r.pendingSinceS, r.uptimeS, r);\n");
    assert.ok(!/pendingSinceS|uptimeS/.test(code), code);
  });

  it("leave the interpreter's, the language's and unknown names alone", async () => {
    const source = "setWatch(print, 1, { repeat: true, edge: \"both\", irq: true });\nprint(\"x\".repeat(Math.random()).length, \"a\".charCodeAt(0), (print as any).somethingElse);\n";
    const code = await built(`declare const setWatch: any;\n${source}`);
    for (const name of ["repeat", "edge", "irq", "length", "charCodeAt", "somethingElse"]) assert.ok(code.includes(name), `${name} in ${code}`);
  });

  it("leave texts and quoted names alone", async () => {
    const code = await built("const r: any = {};\nr[\"pendingSinceS\"] = 1;\nprint(\"pendingSinceS\", r);\n");
    assert.ok(code.includes("\"pendingSinceS\""), code);
  });

  it("are the same in all bundles of a build", async () => {
    const names = propertyNames();
    const first = await built("const r = { pendingSinceS: Math.random() };\nprint(r.pendingSinceS);\n", names);
    const second = await built("const r = { lostAtS: 1, pendingSinceS: Math.random() };\nprint(r.lostAtS, r.pendingSinceS, r);\n", names);
    const short = /\.(\w{1,4})\)/.exec(first);
    assert.ok(short !== null && second.includes(`.${short[1]},`), `${first} ${second}`);
  });

  it("are never a word of the language: behind a point the interpreter still takes it for one", async () => {
    const names = propertyNames();
    // As many fields as it takes to run through every name of one and two letters.
    const fields = Array.from({ length: 3500 }, (_, index) => `fieldNumber${String(index)}`);
    const pattern = new RegExp(`^(${fields.join("|")})$`);
    const code = await built(`declare const a: any;\nprint(${fields.map((field) => `a.${field}`).join(", ")});\n`, { ...names, pattern });
    const given = [...code.matchAll(/\ba\.(\w+)/g)].map(([, name]) => name);
    assert.equal(new Set(given).size, fields.length);
    for (const word of ["do", "if", "in", "of", "for", "var", "new", "try", "let"]) assert.ok(!given.includes(word), word);
  });

  it("never take a short name that a record of ours already has", () => {
    const { reserved, pattern } = propertyNames();
    assert.ok(reserved.includes("ms") && reserved.includes("s"), "Instant has ms and s");
    assert.ok(!pattern.test("ms"));
  });

  it("are never those of functions that a module exports, which its callers would not find", () => {
    const properties = propertyNames();
    assert.deepEqual(shortenedExports({ good: "exports.usersDownloadTick=function(){};", bad: "exports.triggerDelayMs=function(){};" }, properties).map((line) => line.split(",")[0]),
      ['module bad exports "triggerDelayMs"']);
    assert.deepEqual(shortenedExports({ bad: "exports.triggerDelayMs=1;" }, undefined), []);
  });
});
