/*
 * A blank board takes its configuration over HTTP, on the real interpreter in both its forms.
 *
 * Input: the shipped files with an access text, and requests as browsers, tools and vandals send them. Output: what
 * the board answers and whether it runs afterwards. Invariant: the interpreter on a PC has no Wi-Fi of its own, so
 * its page lies behind the password; its image has room for the set-up only without the update and most card readers.
 */
import { strict as assert } from "node:assert";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ACCESS_FILE } from "../../boards/espruino_files";
import { root } from "../../tools/root";
import { LINUX_PINS, shippedFiles, wirelessFiles } from "../boards/interpreter_board";
import { forms, Interpreter } from "./interpreter";

const DOCUMENT = readFileSync(join(root, "docs", "examples", "wallbox.json"), "latin1");
const PASSWORD = "k7m2x9p4q8ab";

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

for (const { name, path } of forms()) {
  describe(`set-up mode on ${name}`, () => {
    let board: Interpreter;
    let port = 0;

    before(async function () {
      if (path === "") this.skip();
      await shippedFiles();
    });
    beforeEach(async () => {
      port = await freePort();
      board = new Interpreter(path);
      board.wirePins(LINUX_PINS);
      board.install({ ...await wirelessFiles(), [ACCESS_FILE]: `sdc-test\n${PASSWORD}\n${String(port)}` });
      board.start();
      await board.printed("set-up: open ");
    });
    afterEach(() => board?.close());

    /** Sends bytes; the answer, "" when the board gives none. `leave`: hangs up after them. */
    function send(text: string, leave = false): Promise<string> {
      return new Promise((resolve) => {
        const socket = connect(port, "127.0.0.1");
        let answer = "";
        socket.on("data", (data: Buffer) => { answer += data.toString("latin1"); });
        socket.on("close", () => resolve(answer));
        socket.on("error", () => resolve(answer));
        if (leave) socket.end(text, "latin1", () => socket.destroy());
        else socket.write(text, "latin1");
      });
    }
    const head = (method: string, at: string, more = ""): string => `${method} ${at} HTTP/1.1\r\nHost: board\r\n${more}\r\n`;
    const post = (body: string, more = ""): string => head("POST", `/${PASSWORD}`, `${more}Content-Length: ${String(body.length)}\r\n`) + body;

    /** Until the process has ended itself, as a board that restarts does. */
    async function left(): Promise<void> {
      for (let tries = 0; board.running(); tries++) {
        assert.ok(tries < 1200, `the board does not restart: ${board.log().slice(-500)}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }

    /** Starts again until the board waits or runs, as often as it asks for it. */
    async function restarted(word: string): Promise<void> {
      for (let tries = 0; tries < 3; tries++) {
        await left();
        board.start();
        try {
          return await board.printed(word);
        } catch (error) {
          if (board.running()) throw error;
        }
      }
      assert.fail(`no "${word}": ${board.log().slice(-500)}`);
    }

    it("shows its page behind the password alone, takes a form's document, restarts with it, and the page is gone", async () => {
      assert.match(await send(head("GET", "/")), /^HTTP\/1\.1 404 /);
      assert.match(await send(head("GET", "/wrong")), /^HTTP\/1\.1 404 /);
      assert.match(await send(head("GET", `/${PASSWORD}`)), /^HTTP\/1\.1 200 [^]*<form method=post enctype=text\/plain>/);
      assert.match(await send(post(`document=${DOCUMENT}\r\n`, "Origin: http://board\r\n")), /^HTTP\/1\.1 20[02] [^]*the board restarts/);
      await restarted("sdc runs");
      assert.equal(await send(head("GET", `/${PASSWORD}`)), "");
    });

    it("stores nothing of an upload that is cut, names every error of the next, and takes the corrected document", async () => {
      assert.equal(await send(post(DOCUMENT).slice(0, 900), true), "");
      const wrong = DOCUMENT.replace('"revision": 1', '"revision": 1, "revisoin": 2').replace('"triggerDelayMs": ', '"triggerDelayMs": -');
      const answer = await send(post(wrong));
      if (answer.startsWith("HTTP/1.1 202 ")) await restarted("set-up: open ");
      const said = answer.startsWith("HTTP/1.1 202 ") ? await send(head("GET", `/${PASSWORD}`)) : answer;
      assert.match(said, /revisoin: there is no such setting here/);
      assert.match(said, /stored/);
      assert.match(await send(post(DOCUMENT)), /^HTTP\/1\.1 20[02] /);
      await restarted("sdc runs");
    });

    it("waits again after a power cut in the middle of an upload", async () => {
      void send(post(DOCUMENT).slice(0, 900));
      await board.kill();
      board.start();
      await board.printed("set-up: open ");
      assert.match(await send(head("GET", `/${PASSWORD}`)), /^HTTP\/1\.1 200 /);
    });

    it("refuses in words what is no upload of its own, and stays as it is", async () => {
      const used = (): number => board.ask("process.memory().usage") as number;
      assert.match(await send(head("GET", `/${PASSWORD}`)), /^HTTP\/1\.1 200 /);
      const before = used();
      assert.match(await send("\x00\xff garbage\r\n\r\n"), /^HTTP\/1\.1 404 /);
      assert.match(await send(head("POST", `/${PASSWORD}`)), /^HTTP\/1\.1 411 [^]*length of the body is missing/);
      assert.match(await send(head("DELETE", `/${PASSWORD}`)), /^HTTP\/1\.1 405 /);
      assert.match(await send(post("x".repeat(100000))), /^HTTP\/1\.1 413 [^]*100000 bytes, at most \d+ fit/);
      assert.match(await send(post(DOCUMENT, "Origin: http://elsewhere\r\n")), /^HTTP\/1\.1 403 /);
      // A page elsewhere whose name was made to lead to the board.
      const rebound = post(DOCUMENT, "Origin: http://evil.example\r\n").replace("Host: board", "Host: evil.example");
      assert.match(await send(rebound), /^HTTP\/1\.1 421 [^]*by the address that the console shows/);
      for (const host of ["192.168.4.1", `127.0.0.1:${String(port)}`, "Board.local"]) assert.match(await send(head("GET", `/${PASSWORD}`).replace("Host: board", `Host: ${host}`)), /^HTTP\/1\.1 200 /);
      // A scan of the port, a head and a body that never end: their connections are closed by the board.
      for (const part of ["", "GET /part", post(DOCUMENT).slice(0, 300)]) void send(part, true);
      const open = (): number => board.ask('(global["\\xff"].HttpSC||[]).length') as number;
      for (let tries = 0; open() > 0 || tries === 0; tries++) {
        assert.ok(tries < 300, "connections stay open");
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      assert.ok(used() <= before + 20, `${String(before)} variables became ${String(used())}`);
      assert.match(await send(head("GET", `/${PASSWORD}`)), /^HTTP\/1\.1 200 /);
    });
  });
}
