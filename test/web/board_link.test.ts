/*
 * A document from the page to a real board: the page's own code, from the button to the interpreter's flash.
 *
 * Input: the built firmware on the Linux interpreter, a page whose navigator.serial and navigator.bluetooth lead
 * to its console. Output: what the page says and what the board then is. Invariants: the board judges for itself;
 * a refused or interrupted document leaves the board with the one it had. Skips, by name, without interpreter or browser.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { changeDevice, createDevice } from "../../exosphere/devices/device_store";
import { type RunningServer, startServer } from "../../exosphere/start_server";
import { buildEspruino } from "../../tools/build/espruino";
import { boardStatus } from "../../tools/board/board_status";
import { deploy } from "../../tools/board/deploy";
import { root } from "../../tools/root";
import { LINUX_PINS } from "../boards/interpreter_board";
import { rest } from "../espruino/driver";
import { forms, Interpreter } from "../espruino/interpreter";
import { CONSOLE_PORT, startListening, telnetTurn, TURN_MS } from "../espruino/telnet";
import { wireBoard, type Wire } from "./board_wire";
import { browserFound, closePages, inPage, openBrowser, openPage } from "./browser";

const PASSWORD = "board-password";
/** A build with Bluetooth has this object; the Linux one has not. */
const BLUETOOTH = `NRF={sleep:function(){print("bluetooth sleeps")}};`;

/** A document that fits the board on the desk: no Wi-Fi, no reader. */
function document(name: string): Record<string, unknown> {
  const example = JSON.parse(readFileSync(join(root, "docs", "examples", "wallbox.json"), "utf8")) as Record<string, unknown> & { endpoint: object };
  for (const part of ["network", "api", "readers"]) delete example[part];
  return { ...example, device: { id: "desk", name, password: PASSWORD }, endpoint: { ...example.endpoint, keyId: "desk.1" } };
}

(browserFound ? describe : describe.skip)("a document goes from the page to a board", function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "sdc-page-"));
  const errors: string[] = [];
  let browser: Browser;
  let server: RunningServer;
  let board: Interpreter;
  let giveBack: (() => void) | undefined;

  const fresh = async (path = "/configuration.html"): Promise<[Page, Wire]> => {
    const page = await openPage(browser, server, errors, "/fleet.html");
    const wire = await wireBoard(page);
    await page.goto(server.url + path);
    await page.waitForSelector("#form details");
    await page.selectOption("#board", "linux");
    return [page, wire];
  };
  const take = async (page: Page, content: unknown): Promise<void> => {
    const file = join(folder, "document.json");
    writeFileSync(file, JSON.stringify(content));
    await page.setInputFiles("#open", file);
    await page.waitForFunction(inPage(`document.getElementById("verdict").textContent.includes("finds no error")`));
  };
  /** Presses a button and waits for the last word. */
  const send = async (page: Page, way: "usb" | "bluetooth"): Promise<{ done: string; error: string }> => {
    await page.click(`#${way}`);
    await page.waitForFunction(inPage(`!document.getElementById("${way}").disabled`), undefined, { timeout: 90_000 });
    return { done: await page.innerText("#sendDone"), error: await page.innerText("#sendError") };
  };
  const status = async (password: string): Promise<string> => (await boardStatus(CONSOLE_PORT, password)).lines.join("\n");
  const restart = async (): Promise<void> => {
    await board.kill();
    await startListening(board);
    await board.printed("sdc ");
  };

  before(async function () {
    this.timeout(TURN_MS + 100_000);
    const { name, path } = forms()[0]!;
    giveBack = path === "" ? undefined : await telnetTurn();
    if (giveBack === undefined) {
      process.stderr.write(path === "" ? `SKIPPED: set ${name} to Espruino's Linux interpreter\n` : "SKIPPED: the interpreter's TCP port is taken\n");
      this.skip();
    }
    await buildEspruino(folder);
    board = new Interpreter(path);
    board.wirePins(LINUX_PINS);
    // Contact open, meter at rest: no session is active, so a new table holds at once.
    rest(board);
    board.install({ ".boot0": BLUETOOTH });
    await startListening(board);
    await deploy({ port: CONSOLE_PORT, board: "", from: folder, release: "", unsigned: true, password: "", bluetooth: false, store: "" }, () => undefined);
    server = await startServer({ port: 0, limits: { pageRequestsPerMinute: 1e6, loginsPerMinute: 1e6 } });
    await createDevice(server.database, server.secret, "desk", "Desk", "test");
    await changeDevice(server.database, server.secret, "desk", { configuration: document("From the endpoint") }, "test");
    browser = await openBrowser();
  });
  after(async () => {
    await closePages();
    await server?.close();
    await board?.close();
    giveBack?.();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => { assert.deepEqual(errors.splice(0), []); });

  it("shows what the board itself refuses, with paths, and leaves it untouched", async () => {
    // The endpoint's secrets are not in the page, and a blank board has none to keep.
    const [page] = await fresh("/configuration.html?device=desk");
    const { done, error } = await send(page, "usb");
    assert.equal(done, "");
    assert.match(error, /^The board refuses the document and keeps the configuration it had\. endpoint\.key: the value does not fit; write 16 to 64 bytes as hexadecimal/);
    assert.match(await page.innerText("#errors"), /^endpoint\.key: the value does not fit/);
    assert.match(await page.innerText("[id='at-endpoint.key-error']"), /the value does not fit/);
    assert.match(await status(""), /configuration: none/);
    await page.context().close();
  });

  it("sends nothing while the page's own check finds an error", async () => {
    const [page, wire] = await fresh();
    await take(page, document("Wrong"));
    await page.selectOption("[id='at-table.columns[0].type']", "text");
    await page.selectOption("[id='at-table.columns[0].content']", "uid");
    await page.fill("[id='at-table.columns[0].id']", "2");
    await page.click("#usb");
    assert.match(await page.innerText("#errors"), /table\.columns\[1\]\.id: another column has id 2 too/);
    assert.equal(wire.sentBytes, 0);
    assert.match(await status(""), /configuration: none/);
    await page.context().close();
  });

  it("provisions a new board over Bluetooth, in packets of 20 bytes, and its Bluetooth sleeps from then on", async () => {
    const [page, wire] = await fresh();
    await take(page, document("Garage, lower level – Jürgen's"));
    wire.sleepsAt = "bluetooth sleeps";
    const { done, error } = await send(page, "bluetooth");
    assert.deepEqual([error, done], ["", "The board took the document and starts; its Bluetooth sleeps from now on."]);
    assert.match(await status(PASSWORD), /device: desk\nconfiguration: revision 1\n/);
    await restart();
    assert.match(board.log(), /bluetooth sleeps/);
    await page.context().close();
  });

  it("asks for the password of a board that is configured, says when it is the wrong one, and opens the doors with the right one", async () => {
    const [page] = await fresh();
    await take(page, { ...document("Second"), revision: 2 });
    assert.match((await send(page, "usb")).error, /^The board is configured and asks for its password: [^]*The board is as it was\.$/);
    await page.fill("#password", "not this one");
    assert.equal((await send(page, "usb")).error, "USB: this is not the board's password. The board is as it was.");
    assert.match(await status(PASSWORD), /configuration: revision 1\n/);
    await page.fill("#password", PASSWORD);
    const { done, error } = await send(page, "usb");
    assert.deepEqual([error, done], ["", "The board took the document and runs with it. Its console is locked from now on."]);
    assert.match(await status(PASSWORD), /configuration: revision 2\n/);
    await page.context().close();
  });

  for (const way of ["usb", "bluetooth"] as const) {
    it(`says what the board has when the line over ${way} is lost half way, and the board has it`, async () => {
      const [page, wire] = await fresh();
      await take(page, { ...document("Third"), revision: 3 });
      await page.fill("#password", PASSWORD);
      wire.breaksAfterBytes = 2500;
      const { done, error } = await send(page, way);
      assert.equal(done, "");
      assert.match(error, /^(USB|Bluetooth): the connection was lost[^]*\. The board keeps the configuration it had\. It restarts its program within three minutes/);
      await restart();
      assert.match(await status(PASSWORD), /configuration: revision 2\n/);
      await page.context().close();
    });
  }
});
