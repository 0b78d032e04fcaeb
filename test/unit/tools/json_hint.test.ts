/* Documents out of word processors, chats and mails: the check names the character that is wrong, at the board's own place. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkConfiguration } from "../../../tools/board/configuration_check";

const EXAMPLE = readFileSync(new URL("../../../docs/examples/wallbox.json", import.meta.url), "utf8");
const PASTED: [name: string, from: string | RegExp, to: string, hint: RegExp | undefined][] = [
  ["quotes of a word processor around a value", "\"Garage left\"", "“Garage left”", /\(a typographic quote stands there; write the straight "\)/],
  ["German quotes around a value", "\"Garage left\"", "„Garage left“", /typographic quote/],
  ["quotes of a word processor around a name", "\"ssid\"", "“ssid”", /typographic quote/],
  ["single quotes", "\"house\"", "'house'", /\(a single quote stands there; write "\)/],
  ["no-break blanks", /^ {2}/gm, "\u00a0 ", /\(a no-break blank stands there; write a plain one\)/],
  ["a comment behind a line", "\"version\": 1,", "\"version\": 1, // our garage", /\(a comment stands there; JSON has none: remove it\)/],
  ["a comma too much", "\"port\": 80 }", "\"port\": 80, }", /\(a comma is too much before it; remove that\)/],
  ["a character without width before a name", "\"ssid\"", "\u200b\"ssid\"", /\(a character without width stands there; delete it\)/],
  ["a word without quotes", "\"house\"", "house", undefined],
];

describe("a pasted document", () => {
  for (const [name, from, to, hint] of PASTED) {
    it(`${hint === undefined ? "gets no hint for" : "has its error named:"} ${name}`, () => {
      const folder = mkdtempSync(join(tmpdir(), "sdc-pasted-"));
      try {
        const document = EXAMPLE.replace(from, to);
        assert.notEqual(document, EXAMPLE);
        writeFileSync(join(folder, "box.json"), document);
        const { lines, exitCode } = checkConfiguration(join(folder, "box.json"));
        assert.equal(exitCode, 1);
        assert.match(lines[0]!, /: the document: it is not JSON: .* at byte \d+, line \d+/);
        if (hint === undefined) assert.doesNotMatch(lines[0]!, /\(/);
        else assert.match(lines[0]!, hint);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }

  for (const [name, key, shown, hint] of [
    ["a character without width", "\u200burl", "endpoint.\\u200burl", "a character without width stands there; delete it"],
    ["a no-break blank", "url\u00a0", "endpoint.url\\u00a0", "a no-break blank stands there; write a plain one"],
    ["a typographic quote", "u“rl", "endpoint.u“rl", "a typographic quote stands there; write the straight \""],
  ] as const) {
    it(`has the name of a setting shown with ${name}`, () => {
      const folder = mkdtempSync(join(tmpdir(), "sdc-pasted-"));
      try {
        writeFileSync(join(folder, "box.json"), EXAMPLE.replace("\"url\"", `"${key}"`));
        const { lines } = checkConfiguration(join(folder, "box.json"));
        assert.ok(lines[0]!.endsWith(`: ${shown}: there is no such setting here (${hint}); remove it; known here are: url, target, keyId, key`), lines[0]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
