/*
 * The cost of an update of the shipped program on the wire, whole and after a change of one line.
 *
 * Input: two builds of the same sources, one with a line more. Output: requests and bytes, and the slot that comes out.
 * Invariant: the board's part and the endpoint's run as they ship, over a flash with the pages of an ESP32.
 */
import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { instructionsFrom } from "../../exosphere/releases/instructions";
import { imageDocument } from "../../exosphere/releases/release_file";
import { UPDATE_ANSWER_BYTES_LARGE } from "../../firmware/limits";
import { beginInstall } from "../../firmware/update/install";
import { PIECE_BYTES } from "../../firmware/update/manifest";
import { createMockFlash } from "../../hal/mock/flash";
import type { Ports } from "../../hal/ports";
import { buildEspruino } from "../../tools/build/espruino";
import { root } from "../../tools/root";
import { CRYPTO, KEY, signedImage, workerOf } from "../unit/update/update_world";

const PAGE_BYTES = 4096;
const PLACE_BYTES = 95 * PAGE_BYTES;
/** Asked for by a board with enough memory, and the endpoint's addition. */
const ANSWER_BYTES = UPDATE_ANSWER_BYTES_LARGE + 32;
/** Head of an answer as the endpoint gives it, and of the request for it, both with their signatures. */
const HEADS_BYTES = 460 + 350;
const CHANGED = join(root, "firmware", "sync", "users_download.ts");
const LINE = "  sync.piece = \"\";";

describe("an update of the shipped program", function () {
  this.timeout(600000);
  let running = Buffer.alloc(0);
  let after = Buffer.alloc(0);

  async function slotOf(release: number, extra: Record<string, string>): Promise<Buffer<ArrayBuffer>> {
    const folder = mkdtempSync(join(tmpdir(), "sdc-update-"));
    try {
      await buildEspruino(folder, { release, extra });
      return Buffer.from(readFileSync(join(folder, "espruino", "esp32_devkit.slot")));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  before(async () => {
    const text = readFileSync(CHANGED, "utf8");
    assert.ok(text.includes(LINE));
    running = await slotOf(1, {});
    after = await slotOf(2, { [CHANGED]: text.replace(LINE, `${LINE}\n  if (sync.bytes > 123456) return "failed";`) });
  });

  /** Requests and bytes of an update; the endpoint knows `known` of what runs. */
  function cost(known: Buffer): { requests: number; bytes: number } {
    const flash = createMockFlash(2 * PLACE_BYTES, { pageBytes: PAGE_BYTES });
    flash.bytes.set(running, 0);
    const image = signedImage(after);
    const document = imageDocument(image);
    const target = { board: "esp32_devkit", family: "ESP32", interpreter: 2029, release: 1, placeBytes: 0 };
    const install = beginInstall({ flash, crypto: CRYPTO } as unknown as Ports, { running: 0, runningBytes: running.length, other: PLACE_BYTES, otherBytes: PLACE_BYTES }, target, 1, KEY.toString("latin1"));
    let requests = 0;
    let bytes = 0;
    while (install.state !== "done" && install.state !== "refused") {
      const { what, from } = install.wanted;
      if (what !== "nothing") {
        const text = what === "document" ? document.subarray(from, from + ANSWER_BYTES) : instructionsFrom(after, PIECE_BYTES, from, known, ANSWER_BYTES);
        requests++;
        bytes += text.length + HEADS_BYTES;
        install.answer = text.toString("latin1");
        workerOf(install).installAnswer(install, what === "document" ? document.length : after.length);
      } else workerOf(install).installStep(install);
    }
    assert.equal(install.reason, "");
    assert.ok(Buffer.from(flash.bytes.subarray(PLACE_BYTES, PLACE_BYTES + after.length)).equals(after));
    return { requests, bytes };
  }

  it("takes 60 requests and 250 kB at most where the endpoint knows nothing of the one that runs", () => {
    const { requests, bytes } = cost(Buffer.alloc(0));
    console.log(`      ${String(requests)} requests, ${String(bytes)} bytes for a slot of ${String(after.length)}`);
    assert.ok(requests <= 60 && bytes <= 250000, `${String(requests)} requests, ${String(bytes)} bytes for a slot of ${String(after.length)}`);
  });

  it("takes 12 requests and 30 kB at most for a change of one line", () => {
    const { requests, bytes } = cost(running);
    console.log(`      ${String(requests)} requests, ${String(bytes)} bytes`);
    assert.ok(requests <= 12 && bytes <= 30000, `${String(requests)} requests, ${String(bytes)} bytes`);
  });
});
