/*
 * Firmware and configuration travel over the console of the real interpreter, exactly as over a serial port.
 *
 * Input: a blank interpreter that listens on its Telnet port, the built files, a line that damages bytes.
 * Output: what deploy, provision and status do and say. Invariant: skips with its reason where there is no
 * interpreter, or where its one port is taken.
 */
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConsoleError } from "../../console/console_line";
import { provisionOver } from "../../console/provisioning";
import { buildEspruino } from "../../tools/build/espruino";
import { giveAccess, newAccess } from "../../tools/board/access";
import { boardStatus } from "../../tools/board/board_status";
import { deploy } from "../../tools/board/deploy";
import { unlockBoard } from "../../tools/board/doors";
import { openBoard } from "../../tools/board/open_board";
import { provisionBoard } from "../../tools/board/provisioning";
import { openPty, ptyMaker } from "../../tools/emulator/pty";
import { root } from "../../tools/root";
import { LINUX_PINS } from "../boards/interpreter_board";
import { forms, Interpreter } from "../espruino/interpreter";
import { smallBuild } from "../espruino/small_build";
import { CONSOLE_PORT as PORT, startListening, TELNET, consoleTurn, TURN_MS } from "../espruino/telnet";

const EXAMPLE = join(root, "docs", "examples", "wallbox.json");
/** The password of a board that was given none of its own. */
const KEY = (JSON.parse(readFileSync(EXAMPLE, "utf8")) as { endpoint: { key: string } }).endpoint.key.slice(0, 20);

/** A line that passes everything, after `change` has looked at what goes to the board. */
function damagedLine(change: (text: string) => string): Promise<{ server: Server; port: string }> {
  const server = createServer((near: Socket) => {
    const far = connect(TELNET, "127.0.0.1");
    near.on("data", (data: Buffer) => far.write(Buffer.from(change(data.toString("latin1")), "latin1")));
    far.on("data", (data: Buffer) => near.write(data));
    for (const [one, other] of [[near, far], [far, near]] as const) one.on("error", () => other.destroy()).on("close", () => other.destroy());
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve({ server, port: `tcp://127.0.0.1:${String((server.address() as AddressInfo).port)}` }));
  });
}

/** The first letter of the bytes of a piece becomes another. */
function damage(text: string): string {
  return text.replace(/atob\("(.)/, (_all, letter: string) => `atob("${letter === "A" ? "B" : "A"}`);
}

function sdc(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(root, "tools", "sdc.mjs"), ...words], { encoding: "utf8", timeout: 60000 });
}

describe("a board is installed over its console", () => {
  const folder = mkdtempSync(join(tmpdir(), "sdc-install-"));
  const small = join(folder, "small");
  const quiet = (): void => undefined;
  let board: Interpreter | undefined;
  let giveBack: (() => void) | undefined;

  const blank = async (): Promise<Interpreter> => {
    await board?.close();
    board = new Interpreter(forms()[0]!.path);
    board.wirePins(LINUX_PINS);
    await startListening(board);
    return board;
  };

  before(async function () {
    this.timeout(TURN_MS + 100_000);
    giveBack = await consoleTurn();
    if (giveBack === undefined) this.skip();
    await buildEspruino(folder);
    await smallBuild(small, join(folder, "espruino", "loader.js"), "one");
  });

  after(async () => {
    await board?.close();
    giveBack?.();
    rmSync(folder, { recursive: true, force: true });
  });

  it("goes from a blank board to a running one, keeps the old configuration when a new one is wrong, tells its state, and its doors are closed", async () => {
    await blank();
    const deployed = await deploy({ port: PORT, board: "", from: folder, release: "", unsigned: true, password: "", bluetooth: false, store: "" }, quiet);
    assert.match(deployed.join("\n"), /read back and equal \(board linux.*\n.*waits for its configuration/);
    assert.match((await boardStatus(PORT, "")).lines.join("\n"), /^version: \d+\.\d+\.\d+\nboard: linux\n[^]*configuration: none/);

    const provisioned = await provisionBoard(PORT, EXAMPLE, "");
    assert.equal(provisioned.exitCode, 0, provisioned.lines.join("\n"));
    assert.match((await boardStatus(PORT, KEY)).lines.join("\n"), /device: garage-1\nconfiguration: revision 1\n[^]*ring: [^]*last contact: [^]*faults: none/);

    const document = JSON.parse(readFileSync(EXAMPLE, "utf8")) as { device: { id: string }; revision: number };
    const wrong = join(folder, "wrong.json");
    writeFileSync(wrong, JSON.stringify({ ...document, revision: 2, device: { id: "" }, block: { triggerDelayMs: -1 } }));
    const refused = await provisionBoard(PORT, wrong, KEY);
    assert.equal(refused.exitCode, 1);
    assert.match(refused.lines.join("\n"), /device\.id: [^]*block\.triggerDelayMs: /);
    // A pin that this board has not is refused before anything is sent.
    const absent = join(folder, "absent.json");
    writeFileSync(absent, JSON.stringify({ ...document, revision: 2, meters: [{ pin: 5, pulsesPerKwh: 1000 }] }));
    const unfit = await provisionBoard(PORT, absent, KEY);
    assert.equal(unfit.exitCode, 1);
    assert.match(unfit.lines.join("\n"), /linux: meters\[0\]\.pin on GPIO 5: the board has no such pin; see the table[^]*nothing was sent/);
    // The board does not rely on the PC's judgement.
    const desk = await openBoard(PORT, KEY);
    assert.match(await provisionOver(desk, readFileSync(wrong, "latin1")), /^device\.id: [^]*block\.triggerDelayMs: /);
    await desk.startProgram(["sdc runs"]);
    await desk.close();
    assert.match((await boardStatus(PORT, KEY)).lines.join("\n"), /device: garage-1\nconfiguration: revision 1\n/);

    // As the configuration page gives a document out again: the secrets are those that the board has.
    const kept = join(folder, "kept.json");
    const parts = document as unknown as { endpoint: object; api: object };
    writeFileSync(kept, JSON.stringify({ ...document, revision: 3, endpoint: { ...parts.endpoint, key: "(secret)" }, api: { ...parts.api, token: "(secret)" } }));
    const keeping = await provisionBoard(PORT, kept, KEY);
    assert.equal(keeping.exitCode, 0, keeping.lines.join("\n"));
    // A session is under way: nothing here holds the input of its start.
    assert.match((await boardStatus(PORT, KEY)).lines.join("\n"), /configuration: revision 3, its table and columns from the next session on\n/);
    writeFileSync(kept, JSON.stringify({ ...document, device: { ...document.device, password: "(secret)" } }));
    assert.match((await provisionBoard(PORT, kept, KEY)).lines.join("\n"), /device\.password: the board has no password to keep/);

    // Closed doors: no prompt without the password, and closed again behind everybody who had it.
    await assert.rejects(boardStatus(PORT, ""), /asks for its password/);
    await assert.rejects(boardStatus(PORT, "wrong"), /this is not the board's password; it is device\.password /);
    await assert.rejects(deploy({ port: PORT, board: "", from: folder, release: "", unsigned: true, password: "", bluetooth: false, store: "" }, quiet), /asks for its password/);
    assert.match((await unlockBoard(PORT, KEY)).lines.join("\n"), /open until the next start/);
    assert.match((await boardStatus(PORT, "")).lines.join("\n"), /faults: none/);
    await assert.rejects(boardStatus(PORT, ""), /asks for its password/); // That command found it open, and locked it.
    await unlockBoard(PORT, KEY);
    const again = await openBoard(PORT, "");
    await again.startProgram(["sdc runs"]);
    await again.close();
    await assert.rejects(boardStatus(PORT, ""), /asks for its password/);
    assert.match((await deploy({ port: PORT, board: "", from: folder, release: "", unsigned: true, password: KEY, bluetooth: false, store: "" }, quiet)).join("\n"), /0 of \d+ files sent[^]*the program runs$/);
    await assert.rejects(boardStatus(PORT, ""), /asks for its password/);
  });

  it("sends a file again that arrived damaged, and sends nothing that is there already", async () => {
    await blank();
    let damaged = 0;
    const line = await damagedLine((text) => (text.includes("atob(") && damaged++ === 0 ? damage(text) : text));
    try {
      assert.match((await deploy({ port: line.port, board: "linux", from: small, release: "", unsigned: true, password: "", bluetooth: false, store: "" }, quiet)).join("\n"), /2 of 2 files sent[^]*the program runs/);
      assert.ok(damaged > 1);
    } finally {
      line.server.close();
    }
    assert.match((await deploy({ port: PORT, board: "linux", from: small, release: "", unsigned: true, password: "", bluetooth: false, store: "" }, quiet)).join("\n"), /0 of 2 files sent, 0 bytes/);
  });

  it("does not start a program of which a file keeps arriving damaged, and says which", async () => {
    const running = await blank();
    const line = await damagedLine(damage);
    try {
      await assert.rejects(deploy({ port: line.port, board: "linux", from: small, release: "", unsigned: true, password: "", bluetooth: false, store: "" }, quiet),
        (error) => error instanceof ConsoleError && /^sdc_a: what the board reads back differs/.test(error.message));
    } finally {
      line.server.close();
    }
    await running.kill();
    await startListening(running);
    await assert.rejects(boardStatus(PORT, ""), /runs no firmware of ours/);
  });

  it("does over a serial port what it does over TCP", async function () {
    if (ptyMaker() === "") {
      process.stderr.write("SKIPPED: a pseudo terminal needs socat or python3\n");
      this.skip();
    }
    await blank();
    const far = connect(TELNET, "127.0.0.1");
    const path = join(folder, "tty");
    const pty = await openPty(path, (bytes) => far.write(Buffer.from(bytes, "latin1")));
    far.on("data", (data: Buffer) => pty.write(data.toString("latin1")));
    try {
      assert.match((await deploy({ port: path, board: "linux", from: small, release: "", unsigned: true, password: "", bluetooth: false, store: "" }, quiet)).join("\n"), /2 of 2 files sent[^]*the program runs/);
      await assert.rejects(boardStatus(path, ""), /runs no firmware of ours \(LINUX, Espruino 2v/);
    } finally {
      pty.close();
      far.destroy();
    }
  });

  it("leaves Bluetooth as it is asked to, and sends the program again where switching it has erased it", async () => {
    await blank();
    const asked = { port: PORT, board: "linux", from: small, release: "", unsigned: true, password: "" };
    await deploy({ ...asked, bluetooth: false, store: "" }, quiet);
    // This build has no Bluetooth: what a chip's interpreter says of it, until the next start.
    const hasBluetooth = async (): Promise<void> => {
      const desk = await openBoard(PORT, "");
      await desk.ask("global.ESP32={enableBLE:function(){},getState:function(){return{BLE:true}}},0");
      await desk.close();
    };
    await hasBluetooth();
    assert.match((await deploy({ ...asked, bluetooth: true, store: "" }, quiet)).join("\n"), /0 of 2 files sent/);
    await hasBluetooth();
    assert.match((await deploy({ ...asked, bluetooth: false, store: "" }, quiet)).join("\n"), /1 of 2 files sent[^]*the program runs/);
    await assert.rejects(deploy({ ...asked, bluetooth: true, store: "" }, quiet), /the interpreter has no Bluetooth; deploy without --bluetooth/);
  });

  it("gives a board the name and password of its set-up Wi-Fi once, and says the same ones ever after", async () => {
    await blank();
    const desk = await openBoard(PORT, "");
    try {
      const line = await giveAccess(desk);
      assert.match(line, /: sdc-[a-z2-9]{4}, password [a-z2-9]{12}; write it on a label$/);
      assert.equal(await giveAccess(desk), line);
      assert.notEqual(newAccess(), newAccess());
    } finally {
      await desk.close();
    }
  });

  it("refuses a board that does not fit, and leaves the one it has running", async () => {
    await blank();
    await deploy({ port: PORT, board: "linux", from: small, release: "", unsigned: true, password: "", bluetooth: false, store: "" }, quiet);
    await assert.rejects(deploy({ port: PORT, board: "esp32_devkit", from: small, release: "", unsigned: true, password: "", bluetooth: false, store: "" }, quiet), /built for LINUX, which does not run on esp32_devkit; --board linux would fit/);
    await assert.rejects(provisionBoard(PORT, EXAMPLE, ""), /runs no firmware of ours/);
    assert.match((await deploy({ port: PORT, board: "", from: small, release: "", unsigned: true, password: "", bluetooth: false, store: "" }, quiet)).join("\n"), /0 of 2 files/);
  });
});

describe("what cannot be installed is told in one line", () => {
  for (const [port, said] of [["tcp://127.0.0.1:1", /nothing listens there/], ["/dev/no-such-port", /no such port/], ["tcp://127.0.0.1", /write tcp:\/\/HOST:PORT/]] as const) {
    it(`a port that is none: ${port}`, () => {
      const result = sdc("status", "--port", port);
      assert.equal(result.status, 2);
      assert.equal(result.stdout, "");
      assert.equal(result.stderr.trim().split("\n").length, 1, result.stderr);
      assert.match(result.stderr, said);
    });
  }

  it("a configuration that is wrong is not even taken to the port", () => {
    const result = sdc("provision", "--port", "tcp://127.0.0.1:1", "--config", join(root, "package.json"));
    assert.equal(result.status, 1);
    assert.match(result.stdout, /package\.json: .*errors/);
  });
});
