/* The JSON reader against JSON.parse: same verdict and same value for every document, whole or damaged. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { createJsonReader, createJsonStream, nextJson, skipJson, wholeOf } from "../../firmware/base/json_reader";
import type { JsonReader } from "../../firmware/base/json_reader";
import { JSON_DEPTH_MAX } from "../../firmware/limits";

function value(reader: JsonReader): unknown {
  const token = reader.token;
  if (token === "text") return Buffer.from(reader.value, "latin1").toString("utf8");
  if (token === "number") return Number(reader.value);
  if (token === "true" || token === "false") return token === "true";
  if (token === "null") return null;
  if (token === "[") {
    const list: unknown[] = [];
    while (nextJson(reader) !== "]") list.push(value(reader));
    return list;
  }
  if (token === "{") {
    const entries: [string, unknown][] = [];
    while (nextJson(reader) !== "}") {
      if (reader.token !== "key") throw new SyntaxError(reader.problem);
      const key = Buffer.from(reader.value, "latin1").toString("utf8");
      nextJson(reader);
      entries.push([key, value(reader)]);
    }
    return Object.fromEntries(entries);
  }
  throw new SyntaxError(reader.problem);
}

function parse(bytes: string): unknown {
  const reader = createJsonReader(bytes);
  nextJson(reader);
  const result = value(reader);
  if (nextJson(reader) !== "end") throw new SyntaxError(reader.problem);
  return result;
}

/** The platform's reading of the same bytes: the value, or undefined when it is not JSON that this reader takes. */
function expected(bytes: string): { value: unknown } | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(bytes, "latin1"));
    const parsed: unknown = JSON.parse(text);
    return { value: parsed };
  } catch {
    return undefined;
  }
}

function depth(item: unknown): number {
  if (typeof item !== "object" || item === null) return 0;
  return 1 + Math.max(0, ...Object.values(item).map(depth));
}

/** No surrogate without its partner. */
const paired = (text: string): boolean => Buffer.from(text, "utf8").toString("utf8") === text;

const wellFormed = (item: unknown): boolean => {
  if (typeof item === "string") return paired(item);
  if (typeof item !== "object" || item === null) return true;
  return Object.entries(item).every(([key, member]) => paired(key) && wellFormed(member));
};

function agree(bytes: string): void {
  const wanted = expected(bytes);
  let got: { value: unknown } | undefined;
  try {
    got = { value: parse(bytes) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (wanted !== undefined && (depth(wanted.value) > JSON_DEPTH_MAX || !wellFormed(wanted.value))) {
    assert.equal(got, undefined);
    return;
  }
  assert.deepEqual(got, wanted);
}

/** Every token with its value and the place behind it, and how it ended. */
function tokens(reader: JsonReader): unknown[] {
  const list: unknown[] = [];
  for (let token = nextJson(reader); ; token = nextJson(reader)) {
    list.push([token, reader.value, reader.base + reader.at]);
    if (token === "end" || token === "error") return [...list, reader.problem, reader.lines + reader.bytes.substring(0, reader.at).split("\n").length];
  }
}

const latin1 = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

describe("the JSON reader", () => {
  it("reads every document that JSON.parse reads, to the same value", () => {
    fc.assert(fc.property(fc.json({ stringUnit: "binary" }), fc.constantFrom(undefined, 1, "\t"), (text, space) => {
      agree(latin1(JSON.stringify(JSON.parse(text), null, space)));
    }), { numRuns: 400 });
  });

  it("gives the verdict of JSON.parse on damaged documents, and never throws", () => {
    const characters = "{}[]:,\"\\u0d8cafltrsenbE+-.19 \n\t\u0001";
    fc.assert(fc.property(fc.json(), fc.array(fc.tuple(fc.nat(), fc.nat({ max: 2 }), fc.nat()), { maxLength: 4 }), (text, damage) => {
      let bytes = latin1(text);
      for (const [where, how, what] of damage) {
        const at = where % (bytes.length + 1);
        const piece = how === 0 ? "" : how === 1 ? characters.charAt(what % characters.length) : String.fromCharCode(what % 256);
        bytes = bytes.slice(0, at) + piece + bytes.slice(at + (what % 2));
      }
      agree(bytes);
    }), { numRuns: 1500 });
  });

  it("reads a document in pieces of any size as it reads the whole, damaged ones too, and keeps no more than the current piece", () => {
    const sizes = fc.array(fc.constantFrom(1, 2, 63, 64, 65, 252), { minLength: 1, maxLength: 5 });
    const long = fc.array(fc.json({ stringUnit: "binary" }), { minLength: 8, maxLength: 60 }).map((list) => `[${list.join()}]`);
    fc.assert(fc.property(long, fc.constantFrom(undefined, 1, "\t", "\n  \n"), sizes, fc.nat(), fc.nat({ max: 3 }), (text, space, pieces, where, cut) => {
      const whole = latin1(JSON.stringify(JSON.parse(text), null, space));
      const at = where % (whole.length + 1);
      const bytes = cut === 0 ? whole : whole.slice(0, at) + whole.slice(at + cut);
      let asked = 0;
      const reader = createJsonStream((from) => bytes.substring(from, from + pieces[asked++ % pieces.length]!));
      assert.deepEqual(tokens(reader), tokens(createJsonReader(bytes)));
      const longest = Math.max(0, ...whole.split("\"").map((part) => part.length));
      assert.ok(reader.bytes.length <= 64 + 252 + (cut === 0 ? longest * 2 : whole.length), String(reader.bytes.length));
    }), { numRuns: 1000 });
  });

  it("gives the verdict of JSON.parse on arbitrary bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      agree(Buffer.from(bytes).toString("latin1"));
      agree("\"" + Buffer.from(bytes).toString("latin1") + "\"");
    }), { numRuns: 500 });
  });

  it("keeps a number as it was written", () => {
    for (const written of ["7.45", "0.1", "123456789.123", "9007199254740993", "-0.001", "1e21", "-0"]) {
      const reader = createJsonReader(written);
      assert.equal(nextJson(reader), "number");
      assert.equal(reader.value, written);
    }
  });

  it("joins surrogate pairs and refuses lone ones", () => {
    const reader = createJsonReader("\"\\ud83d\\ude00\"");
    nextJson(reader);
    assert.equal(reader.value, latin1("\u{1F600}"));
    for (const lone of ["\"\\ud83d\"", "\"\\ude00\"", "\"\\ud83dx\"", "\"\\ud83d\\u0041\""]) {
      assert.equal(nextJson(createJsonReader(lone)), "error");
    }
  });

  it("refuses nesting deeper than its bound and stays at the error", () => {
    const reader = createJsonReader("[".repeat(JSON_DEPTH_MAX + 1));
    let token = nextJson(reader);
    while (token === "[") token = nextJson(reader);
    assert.equal(token, "error");
    assert.equal(reader.at, JSON_DEPTH_MAX);
    assert.equal(nextJson(reader), "error");
  });

  it("steps over a whole value with any content", () => {
    const reader = createJsonReader("{\"a\":{\"b\":[1,{\"c\":2}]},\"d\":5}");
    nextJson(reader);
    nextJson(reader);
    nextJson(reader);
    assert.equal(skipJson(reader), "}");
    assert.equal(nextJson(reader), "key");
    assert.equal(reader.value, "d");
  });

  it("takes whole numbers up to 2^31 - 1 and nothing else", () => {
    assert.equal(wholeOf("2147483647"), 2147483647);
    assert.equal(wholeOf("0"), 0);
    for (const wrong of ["2147483648", "", "-1", "1.0", "007", "1e3", " 1", "99999999999"]) assert.equal(wholeOf(wrong), -1);
  });
});
