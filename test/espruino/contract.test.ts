/*
 * The contract suites against hal/espruino on the real interpreter, in both its forms.
 *
 * Input: the interpreters that this machine has. Output: test results; every call of a suite is
 * evaluated by the running program. Invariant: the ports are the shipped ones, built by the project's bundler;
 * without an interpreter the tests are skipped, which the test run says loudly.
 */
import { join } from "node:path";
import { buildBundle } from "../../tools/build/bundle";
import { root } from "../../tools/root";
import { callsContract } from "../contract/calls_contract";
import { clockContract } from "../contract/clock_contract";
import { cryptoContract } from "../contract/crypto_contract";
import { flashContract } from "../contract/flash_contract";
import { httpContract } from "../contract/http_contract";
import { ntpContract } from "../contract/ntp_contract";
import { linkContract } from "../contract/link_contract";
import { pinsContract } from "../contract/pins_contract";
import { serialContract } from "../contract/serial_contract";
import { systemContract } from "../contract/system_contract";
import { forms, Interpreter } from "./interpreter";
import { lineAbsence, openLine } from "./line";
import type { Line } from "./line";
import { openPeer } from "./peer";
import { freePort, portOf } from "./remote_port";

const AREA = 0x10030000;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

for (const { name, path } of forms()) {
  describe(`hal/espruino on ${name}`, () => {
    let code = "";
    let server = "";
    let client = "";
    let timeClient = "";
    let interim = "";
    let board: Interpreter;
    let lines: Line[] = [];

    before(async function () {
      if (path === "") this.skip();
      code = await buildBundle(join(root, "test/espruino/contract_entry.ts"), { kind: "program", minified: false });
      client = await buildBundle(join(root, "hal/espruino/http_client.ts"), { kind: "module", minified: false });
      interim = await buildBundle(join(root, "hal/espruino/interim_answer.ts"), { kind: "module", minified: false });
      timeClient = await buildBundle(join(root, "hal/espruino/ntp_client.ts"), { kind: "module", minified: false });
      server = await buildBundle(join(root, "hal/espruino/api_server.ts"), { kind: "module", minified: false });
    });
    afterEach(async () => {
      await board.close();
      for (const line of lines) line.close();
      lines = [];
    });

    /** A board with pins and a UART, whose ports wait for calls. `before` runs ahead of the program. */
    async function started(before = "", files: Record<string, string> = {}): Promise<Interpreter> {
      board = new Interpreter(path);
      board.wirePins([4, 5]);
      board.install({ ".bootcde": `${before}${code}`, sdc_http_client: client, sdc_interim_answer: interim, ...files });
      board.start();
      await board.printed("ports ready");
      return board;
    }

    clockContract(name, async () => {
      // A clock that starts at power-on as a chip's does, and that only the test moves.
      await started("var ahead=0,getTime=function(){return ahead;};");
      return {
        clock: portOf(board, "clock"),
        advance: (ms) => {
          for (let left = ms; left > 0; left -= 5000) board.ask(`(ahead+=${String(Math.min(left, 5000) / 1000)},ports.clock.wallS(),ports.clock.read({}))`);
        },
      };
    });

    pinsContract(name, async () => {
      await started();
      const clock = portOf(board, "clock");
      // A question may wait and an answer does not: the latest answer tells the offset best.
      let offsetMs = Infinity;
      for (let tries = 0; tries < 5; tries++) {
        const now = { ms: 0, s: 0 };
        clock.read(now);
        offsetMs = Math.min(offsetMs, performance.now() - now.ms);
      }
      return {
        pins: portOf(board, "pins"), set: async (gpio, level) => { board.setPin(gpio, level); await wait(5); }, advance: (ms) => wait(Math.max(ms, 50)),
        now: () => ({ ms: Math.round(performance.now() - offsetMs), s: 0 }),
        first: 4, second: 5, absent: 99,
        // Files change too slowly to fill the queue; test/bundle fills it.
        overflow: false,
      };
    });

    describe("with a serial line", () => {
      before(function () {
        if (lineAbsence() !== "") this.skip();
      });
      serialContract(name, async () => {
        await started();
        const line = await openLine(join(board.folder, "tty"));
        lines.push(line);
        return {
          serial: portOf(board, "serial"), absent: 7,
          arrive: async (bytes) => { line.send(bytes); await wait(300); },
          sent: async () => { await wait(300); return line.take(); },
        };
      });
    });

    flashContract(name, async () => ({ flash: portOf(await started(), "flash"), base: AREA }));
    cryptoContract(name, async () => portOf(await started(), "crypto"));
    linkContract(name, async () => ({ link: portOf(await started(), "link"), advance: () => undefined }));
    systemContract(name, async () => ({
      system: portOf(await started("", { sdc_present: "exports.here=1;" }), "system"),
      lines: () => board.log().split("\n").filter((line) => line !== "" && !line.startsWith("@@")),
    }));

    callsContract(name, async () => {
      await started("", { sdc_api_server: server });
      const calls = portOf(board, "calls");
      const peer = await openPeer();
      const port = await freePort();
      calls.open(port);
      return {
        calls,
        ask: (token, text) => peer.ask(port, "/api?" + encodeURIComponent(text), token),
        turn: () => wait(5),
        close: () => peer.close(),
      };
    });

    ntpContract(name, async () => {
      await started("", { sdc_ntp_client: timeClient });
      return { http: portOf(board, "http"), unknownHost: "timeout", close: () => undefined };
    });

    httpContract(name, async () => {
      await started();
      const peer = await openPeer();
      return {
        http: portOf(board, "http"), url: peer.url, refused: `http://127.0.0.1:${String(await freePort())}`,
        behave: (next) => { peer.behave(next); }, seen: () => peer.seen(), turn: () => wait(5), close: () => peer.close(), client: "espruino",
      };
    });
  });
}
