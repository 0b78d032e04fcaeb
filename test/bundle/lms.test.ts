/*
 * The check of a signature in the form that ships, with the interpreter's own hash.
 *
 * Input: a signature of RFC 8554. Output: test results. Invariant: the text that Node's own machine runs is the one
 * that the interpreter runs.
 */
import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { buildBundle } from "../../tools/build/bundle";
import { propertyNames } from "../../tools/build/property_names";
import { root } from "../../tools/root";
import { interpreters, runScript } from "./interpreter";

const ENTRY = join(root, "lms_entry.ts");
const TEXT = `
  import { bytesOfHex } from "./firmware/base/bytes";
  import { beginLms, lmsStep } from "./firmware/update/lms";
  import { CASE_2_KEY, CASE_2_SECOND_KEY, CASE_2_SIGNATURE } from "./test/vectors/lms_rfc8554";
  declare function require(name: string): { SHA256(text: string): unknown };
  declare const E: { toString(data: unknown): string };
  declare function print(text: string): void;
  const crypto = { sha256: function (text: string): string { return E.toString(require("crypto").SHA256(text)); } };
  function verdict(message: string): string {
    const check = beginLms(crypto as any, bytesOfHex(CASE_2_KEY) as string, message, bytesOfHex(CASE_2_SIGNATURE) as string, (bytesOfHex(CASE_2_SIGNATURE) as string).length);
    let word = "" + check;
    let steps = 0;
    if (typeof check !== "string") {
      word = "working";
      while (word === "working") { word = lmsStep(crypto as any, check); steps++; }
    }
    return word + " " + steps;
  }
  print("verdicts " + verdict(bytesOfHex(CASE_2_SECOND_KEY) as string) + ", " + verdict("another message"));
`;
const WANTED = /verdicts valid 69, invalid 69/;

describe("a signature in the built bundle", function () {
  this.timeout(120000);
  let code = "";
  before(async () => { code = await buildBundle(ENTRY, { kind: "program", minified: true, properties: propertyNames(), extra: { [ENTRY]: TEXT } }); });

  it("is accepted, and refused for another message, in a bare virtual machine", () => {
    const printed: string[] = [];
    const sha256 = (text: string): string => createHash("sha256").update(Buffer.from(text, "latin1")).digest().toString("latin1");
    runInNewContext(code, { print: (line: string) => printed.push(line), require: () => ({ SHA256: sha256 }), E: { toString: (data: string) => data } });
    assert.match(printed.join(), WANTED);
  });

  for (const { name, path } of interpreters().filter((one) => !one.name.includes("2,500"))) {
    it(`is accepted, and refused for another message, on the ${name}`, function () {
      if (path === "") this.skip();
      assert.match(runScript(path, code), WANTED);
    });
  }
});
