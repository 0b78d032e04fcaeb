/*
 * The lines typed at a board's console for a document, against a scripted interpreter.
 *
 * Input: a line that answers the questions of provisionOver. Output: test results. Invariant: the same statements
 * run on the real interpreter in test/console/deploy.test.ts and test/web/board_link.test.ts; here stands what
 * would take minutes there.
 */
import { strict as assert } from "node:assert";
import { crc32 as ofNode } from "node:zlib";
import { BoardConsole } from "../../../console/board_console";
import { bytesOfText, crc32, textOfBytes } from "../../../console/bytes";
import { provisionOver } from "../../../console/provisioning";
import { atOnce, scripted } from "./scripted_line";

describe("a document over a console", () => {
  it("lets the board restart should the line end, before the first byte of the document leaves", async () => {
    const typed: string[] = [];
    let text = "";
    const document = bytesOfText(JSON.stringify({ name: "Jürgen €".repeat(100) }));
    const line = scripted(typed, (expression) => {
      const piece = /atob\("(.*)"\)/.exec(expression);
      if (piece !== null) text += atob(piece[1]!);
      if (expression === "1+1") return 2;
      if (expression.includes("process.memory")) return [5000, 500000];
      if (expression.startsWith("E.CRC32")) return crc32(text);
      return expression.includes("provisionDocument") ? "an error" : 0;
    });
    const parts: number[] = [];
    assert.equal(await atOnce(async () => provisionOver(await BoardConsole.over(line, ""), document, (done) => parts.push(done))), "an error");
    assert.equal(text, document);
    const timer = typed.findIndex((one) => one.includes(`setTimeout("load()",180000)`));
    assert.ok(timer > typed.findIndex((one) => one.includes("reset()")) && timer < typed.findIndex((one) => one.includes("atob")), typed.join("\n"));
    assert.deepEqual(parts, [384, 768, 1111]);
  });

  it("does not let the board judge a document that arrived damaged", async () => {
    const typed: string[] = [];
    const line = scripted(typed, (expression) => (expression === "1+1" ? 2 : expression.includes("process.memory") ? [5000, 500000] : expression.startsWith("E.CRC32") ? 1 : 0));
    await assert.rejects(atOnce(async () => provisionOver(await BoardConsole.over(line, ""), "{}")), /arrived damaged, the board keeps the one it had/);
    assert.ok(!typed.some((one) => one.includes("provisionDocument")));
  });

  it("counts bytes and check sums as the interpreter does", () => {
    const all = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join("");
    for (const bytes of ["", "123456789", all, bytesOfText("Jürgen Müller, 5 €")]) assert.equal(crc32(bytes), ofNode(Buffer.from(bytes, "latin1")));
    assert.equal(textOfBytes(bytesOfText("Jürgen Müller, 5 € 🚗")), "Jürgen Müller, 5 € 🚗");
  });
});
