/*
 * A whole board on the interpreter's own build for the ESP32: installed over its line, configured, and in service.
 *
 * Input: the emulated ESP32 (docs/PLATFORMS.md section 8); the shipped files, a card reader at its second UART, a meter and a
 * contact at its pins. Output: what sdc says of it, and the rows in its flash at their real addresses. Invariant: the power is
 * cut by ending the machine; nothing is put into its flash but over the line.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ESP32_PAGE_BYTES, SMALL_AREA_ADDRESS, SMALL_AREA_BYTES } from "../../boards/espruino_flash";
import { openLayout } from "../../firmware/store/layout";
import { callBoard } from "../../tools/board/board_call";
import { boardStatus } from "../../tools/board/board_status";
import { deploy } from "../../tools/board/deploy";
import { openBoard } from "../../tools/board/open_board";
import { provisionBoard } from "../../tools/board/provisioning";
import { buildEspruino } from "../../tools/build/espruino";
import { rdm6300Frame } from "../../tools/emulator/rdm6300";
import { ringDump } from "../../tools/ring/image";
import type { DumpedPage } from "../../tools/ring/image";
import { root } from "../../tools/root";
import { CHIP, CHIP_MS, Chip, SLOWNESS } from "./chip";
import { CARD, wait } from "./driver";

const METER_PIN = 25;
const CONTACT_PIN = 26;
/** With Wi-Fi on and Bluetooth off. */
const VARIABLES = 5886;
/** Of the whole program; half of the variables stay for a session, its upload and a command. */
const BUDGET_IDLE = 2943;
/** Long enough for a chip that is twenty times slower than a real one. */
const LEVEL_MS = 3000;

const document = JSON.parse(readFileSync(join(root, "docs", "examples", "wallbox.json"), "utf8")) as { endpoint: { key: string }; api: { token: string } };
const KEY = document.endpoint.key.slice(0, 20);

describe("a board that is an emulated ESP32", function () {
  this.timeout(2 * CHIP_MS);
  const folder = mkdtempSync(join(tmpdir(), "sdc-chip-board-"));
  let chip: Chip;

  before(async function () {
    if (CHIP === "") this.skip();
    process.env.SDC_SLOWNESS = String(SLOWNESS);
    chip = new Chip();
    await buildEspruino(folder);
  });
  after(async () => {
    await (chip as Chip | undefined)?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The power is there, inputs at rest. */
  async function powered(): Promise<void> {
    await chip.start();
    for (const pin of [METER_PIN, CONTACT_PIN]) chip.setPin(pin, 1);
  }

  async function statusLines(): Promise<string> {
    return (await boardStatus(chip.port, KEY)).lines.join("\n");
  }

  async function call(chain: string): Promise<string> {
    return (await callBoard({ port: chip.port, password: KEY, token: document.api.token }, chain)).lines.join("\n");
  }

  function records(): DumpedPage["records"] {
    const area = { address: SMALL_AREA_ADDRESS, bytes: SMALL_AREA_BYTES };
    const { ring } = openLayout([area], ESP32_PAGE_BYTES)!;
    const dump = ringDump(chip.image, { pageBytes: ESP32_PAGE_BYTES, offset: ring.address, bytes: ring.bytes, json: true });
    return (JSON.parse(dump.lines[0]!) as { pages: DumpedPage[] }).pages.filter(({ page }) => page >= 0).flatMap((one) => one.records);
  }

  it("is installed over its line, and waits for its configuration", async () => {
    await powered();
    const lines = await deploy({ port: chip.port, board: "esp32_devkit", from: folder, release: "", unsigned: true, password: "", bluetooth: false, store: "small" }, () => undefined);
    assert.match(lines.join("\n"), /2 of 2 files sent, \d+ bytes, read back and equal \(board esp32_devkit, Espruino 2v\d+(\.\d+)?, slot a\)\n[^]*waits for its configuration/);
    assert.match((await boardStatus(chip.port, "")).lines.join("\n"), /board: esp32_devkit\n[^]*configuration: none/);
  });

  it("takes its configuration, runs within its memory, and closes its console", async () => {
    const file = join(folder, "garage.json");
    // Without a network: what joining one does is another test's.
    writeFileSync(file, JSON.stringify({ ...document, network: undefined }));
    const provisioned = await provisionBoard(chip.port, file, "");
    assert.equal(provisioned.exitCode, 0, provisioned.lines.join("\n"));
    await assert.rejects(boardStatus(chip.port, ""), /asks for its password/);
    assert.match(await statusLines(), /device: garage-1\nconfiguration: revision 1\n[^]*session: none\nring: 0 rows wait[^]*faults: none/);
    const board = await openBoard(chip.port, KEY);
    const { total, usage } = await board.ask("process.memory()") as { total: number; usage: number };
    await board.close();
    assert.equal(total, VARIABLES);
    console.log(`      ${String(usage)} of ${String(total)} variables taken, idle`);
    assert.ok(usage <= BUDGET_IDLE, String(usage));
  });

  it("counts a session by card, command and pulses, goes on with it after a power cut, and has its rows in flash", async () => {
    chip.send(rdm6300Frame(CARD) + rdm6300Frame(CARD));
    await wait(LEVEL_MS);
    assert.equal(await call("GETINPUT(SDC;Uid)"), CARD);
    assert.equal(await call("=SET(SDC;SStart;pulse)&WAIT(200)&GETOUTPUT(SDC;Sa)"), "ok\nok\n1");
    for (const level of [0, 1, 0, 1, 0, 1]) {
      chip.setPin(METER_PIN, level);
      await wait(LEVEL_MS);
    }
    // An answer proves that the last pulse had its second.
    assert.match(await statusLines(), /session: active\nring: 1 rows wait[^]*meter 1: 0\.003 kWh/);
    await chip.cut();
    assert.equal(records().length, 1);

    await powered();
    assert.match(await statusLines(), /session: active\nring: 1 rows wait[^]*meter 1: 0\.003 kWh/);
    assert.equal(await call("=SET(SDC;SEnd;pulse)&WAIT(500)&GETOUTPUT(SDC;Sa)"), "ok\nok\n0");
    assert.match(await statusLines(), /session: none\nring: 2 rows wait/);
    await chip.cut();
    assert.deepEqual(records().map(({ state }) => state), ["pending", "pending"]);
  });
});
