/* The Log line: one format, unambiguous for all values. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { cborDecimal, cborInteger, cborText } from "../../../firmware/base/cbor";
import { logHead, logValues, quoteLogValue } from "../../../firmware/session/log";
import { momentCell } from "../../../firmware/session/row";
import { columnsOf, fromUtf8, utf8 } from "../../boards/connector_board";

const columns = columnsOf([{ name: "a", content: "ci1" }, { name: "zählt nicht", content: "ci2" }, { name: "c", content: "ci3" }]);
const values = (...cells: string[]): string => fromUtf8(logValues(columns, cells.map((cell, index) => cborInteger(index + 1) + cell).join(""), cells.length, 2));

/** Reads ` name=value` pairs back, as a program that watches the Log would. */
function readBack(line: string): string[] {
  const found: string[] = [];
  const pattern = / (?:"(?:[^"\\]|\\.)*"|[^ ="]+)=("(?:[^"\\]|\\.)*"|[^ "]*)/gy;
  for (let match = pattern.exec(line); match !== null; match = pattern.exec(line)) {
    const value = match[1]!;
    found.push(!value.startsWith("\"") ? value : value.slice(1, -1).replace(/\\(x..|.)/g, (_, escape: string) =>
      escape.startsWith("x") ? String.fromCharCode(parseInt(escape.slice(1), 16)) : { n: "\n", r: "\r", t: "\t" }[escape]! ?? escape));
  }
  return found;
}

describe("the Log line", () => {
  it("begins with time, device and session, the time as boot and uptime while it is unknown", () => {
    assert.equal(logHead({ epochS: 1780000000, boot: 3, uptimeS: 9 }, "garage-1", 17), "2026-05-28T20:26:40Z garage-1 17 ");
    assert.equal(logHead({ epochS: 0, boot: 3, uptimeS: 120 }, "garage-1", 17), "boot 3 +120 s garage-1 17 ");
  });

  it("names each value by its column, quoted where needed, and leaves unknown ones empty", () => {
    assert.equal(values(cborDecimal("7.45"), cborText(utf8("Jürgen Müller, 5 €")), "\xf6"), " a=7.45 \"zählt nicht\"=\"Jürgen Müller, 5 €\" c=");
    assert.equal(values("\xf5", "\xf4", cborInteger(-3)), " a=true \"zählt nicht\"=false c=-3");
    assert.equal(values("\x44\x04\xa1\xb2\xc3", cborText(""), cborText("=cmd")), " a=04A1B2C3 \"zählt nicht\"=\"\" c=\"=cmd\"");
    assert.equal(values(momentCell({ epochS: 1780000000, boot: 1, uptimeS: 2 }), momentCell({ epochS: 0, boot: 300, uptimeS: 70000 })), " a=2026-05-28T20:26:40Z \"zählt nicht\"=\"boot 300 +70000 s\"");
    assert.equal(values(cborText("a\"b\\c\n\r\t\x01\x7f")), " a=\"a\\\"b\\\\c\\n\\r\\t\\x01\\x7F\"");
  });

  it("is one line, and every text can be read back from it exactly", () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.string({ unit: "grapheme", maxLength: 20 }), fc.constantFrom("=cmd", "a,b", "\"", "\\", "\n", " ", "😀")), { minLength: 1, maxLength: 3 }), (texts) => {
      const line = values(...texts.map((text) => cborText(utf8(text))));
      assert.ok(!line.includes("\n") && !line.includes("\r"));
      assert.deepEqual(readBack(line), texts);
    }), { numRuns: 500 });
  });

  it("leaves plain words without quotes", () => {
    assert.equal(quoteLogValue("04A1B2C3"), "04A1B2C3");
    assert.equal(quoteLogValue(utf8("Jürgen")), utf8("Jürgen"));
  });
});
