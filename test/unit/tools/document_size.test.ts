/* Whether a document fits into a board's flash: said by `sdc config check` before the board refuses it. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BOARDS } from "../../../boards/index";
import { openSettings, writeSettings } from "../../../firmware/configuration/store";
import { openLayout } from "../../../firmware/store/layout";
import { createHostCrypto } from "../../../hal/host/crypto";
import { createMockFlash } from "../../../hal/mock/flash";
import { checkConfiguration } from "../../../tools/board/configuration_check";
import { documentBytesMax, sizeErrors } from "../../../tools/board/document_size";
import { wallboxDocument } from "../../../tools/world/garage";

const board = BOARDS.find(({ name }) => name === "esp32_devkit")!;
const PC = BOARDS.find(({ name }) => name === "linux")!;

describe("the size of a document", () => {
  it("has the limit at which the board's own store says tooLong", () => {
    for (const { areas: [area] } of BOARDS) {
      const most = documentBytesMax(area!);
      const flash = createMockFlash(area!.bytes, { pageBytes: 4096 });
      const layout = openLayout([{ address: 0, bytes: area!.bytes }], 4096)!;
      const settings = openSettings(flash, createHostCrypto(), layout.settings);
      assert.deepEqual([writeSettings(settings, "x".repeat(most + 1)), writeSettings(settings, "x".repeat(most))], ["tooLong", "stored"]);
    }
    assert.equal(documentBytesMax(board.areas[0]!), 4016);
  });

  it("is an error with both figures and the remedies where no store holds it, a warning where the large one does", () => {
    const large = documentBytesMax(board.areas[1]!);
    assert.deepEqual(sizeErrors(board, "x".repeat(4016)), { error: "", warning: "" });
    assert.equal(sizeErrors(board, "x".repeat(4017)).warning, `the document: it has 4017 bytes, and a esp32_devkit holds 4016 unless it was deployed with --store large (then ${large}); else shorten the names of columns and inputs, or take columns away`);
    assert.equal(sizeErrors(board, "x".repeat(large + 1)).error, `the document: it has ${large + 1} bytes, and a esp32_devkit holds 4016, ${large} when it was deployed with --store large; shorten the names of columns and inputs, or take columns away`);
  });

  it("is told by the check, with what is left without indentation", () => {
    const folder = mkdtempSync(join(tmpdir(), "sdc-size-"));
    try {
      const file = join(folder, "box.json");
      const document = { ...wallboxDocument(), endpoint: { url: "http://192.168.1.20:8090", keyId: "garage.1", key: "00".repeat(32) } };
      writeFileSync(file, `${JSON.stringify(document)}${"\n".repeat(9000)}`);
      const compact = Buffer.byteLength(JSON.stringify(document));
      for (const [name, exitCode] of [["esp32_devkit", 1], [PC.name, 1], ["", 0]] as const) {
        const { lines, exitCode: code } = checkConfiguration(file, name);
        assert.equal(code, exitCode, lines.join("\n"));
        if (name !== "") assert.ok(lines.some((line) => line.startsWith(`${file}: the document: it has `) && line.includes(`(${compact} bytes are left)`)), lines.join("\n"));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
