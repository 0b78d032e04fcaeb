/*
 * Set-up mode on mocks: who reaches the page, what happens to a document, and when the board leaves.
 *
 * Input: requests put to a fake server. Output: its answers, flash and restarts of the mock board. Invariant: the
 * document goes through the shipped provisioning.
 */
import assert from "node:assert/strict";
import { createDevice } from "../../../firmware/boot";
import { openSetup, setupTick, type Setup } from "../../../firmware/configuration/setup_page";
import type { Ports, SetupPort } from "../../../hal/ports";
import { createBlankTestBoard, bytesOf, exampleDocument } from "../../boards/device_board";

interface DeviceTestBoard {
  setup: Setup | undefined;
  blank: ReturnType<typeof createBlankTestBoard>;
  bodyBytesMax: number;
  port: number;
  restarts: string[];
  /** The answer to a request: status, type, body. */
  ask(method: string, path: string, body?: string): [number, string, string];
  wait(ms: number): void;
}

function openDesk(access = "sdc-7f3a\nsecretsecret", wireless = true, bytesMax = 0): DeviceTestBoard {
  const blank = createBlankTestBoard();
  let waiting: { method: string; path: string; body: string } | undefined;
  let answered: [number, string, string] | undefined;
  const desk: DeviceTestBoard = {
    setup: undefined, blank, bodyBytesMax: 0, port: 0, restarts: [],
    ask(method, path, body = "") {
      waiting = { method, path, body };
      answered = undefined;
      desk.wait(50);
      assert.ok(answered !== undefined, "no answer");
      return answered;
    },
    wait(ms) {
      for (let passed = 0; passed < ms; passed += 50) {
        blank.board.clock.advance(50);
        if (desk.setup !== undefined) setupTick(desk.setup);
      }
    },
  };
  const server: SetupPort = {
    open(port, bodyBytesMax) { desk.port = port; desk.bodyBytesMax = bodyBytesMax; return "ok"; },
    take(request) {
      if (waiting === undefined) return false;
      Object.assign(request, waiting);
      waiting = undefined;
      return true;
    },
    answer(status, type, body) { answered = [status, type, body]; },
  };
  const ports: Ports = {
    ...blank.board,
    link: { ...blank.board.link, openSetup: (ssid, password) => (wireless ? blank.board.link.openSetup(ssid, password) : "absent") },
    system: { ...blank.board.system, restart: (reason) => { desk.restarts.push(reason); } },
  };
  desk.setup = openSetup(ports, blank.description, server, access, bytesMax);
  return desk;
}

describe("set-up mode", () => {
  const right = bytesOf(exampleDocument());

  it("opens a Wi-Fi of its own and says at the console how to reach it", () => {
    const desk = openDesk();
    assert.equal(desk.blank.board.link.setup, "sdc-7f3a");
    assert.equal(desk.port, 80);
    assert.equal(desk.blank.board.system.lines.at(-1), "set-up: join the Wi-Fi sdc-7f3a, password secretsecret, then open http://192.168.4.1/");
    assert.equal(openDesk("sdc-7f3a\nsecretsecret\n8080").blank.board.system.lines.at(-1)?.endsWith("http://192.168.4.1:8080/"), true);
  });

  it("answers every GET with the page, at any path that a telephone asks for", () => {
    const desk = openDesk();
    for (const path of ["/", "/generate_204", "/hotspot-detect.html"]) {
      const [status, type, body] = desk.ask("GET", path);
      assert.equal(status, 200);
      assert.match(type, /^text\/html; charset=utf-8$/);
      assert.match(body, /<form method=post enctype=text\/plain>.*<textarea name=document /);
      assert.doesNotMatch(body, /src=|href=|https?:/);
    }
    assert.equal(desk.ask("PUT", "/")[0], 405);
  });

  it("refuses every visitor without the password where there is no Wi-Fi that asked for it", () => {
    const desk = openDesk(undefined, false);
    for (const path of ["/", "/secret", "/secretsecret2"]) {
      assert.equal(desk.ask("GET", path)[0], 404);
      assert.equal(desk.ask("POST", path, right)[0], 404);
    }
    desk.wait(5000);
    assert.deepEqual(desk.restarts, []);
    assert.equal(createDevice(desk.blank.board, desk.blank.description), undefined);
    assert.equal(desk.ask("GET", "/secretsecret")[0], 200);
  });

  it("stores a right document, sent raw or by the form, and restarts two seconds later, once asked others to wait", () => {
    for (const body of [right, `document=${right}\r\n`]) {
      const desk = openDesk();
      assert.deepEqual(desk.ask("POST", "/", body), [200, "text/plain; charset=utf-8", "stored; the board restarts with it, and this page is gone\n"]);
      assert.deepEqual(desk.restarts, []);
      assert.equal(desk.ask("POST", "/", right)[0], 503);
      desk.wait(2100);
      assert.equal(desk.restarts[0], "configured");
      assert.notEqual(createDevice(desk.blank.board, desk.blank.description), undefined);
    }
  });

  it("says every error and stores nothing, then takes the corrected document", () => {
    const desk = openDesk();
    const [status, type, body] = desk.ask("POST", "/", bytesOf({ ...exampleDocument(), device: { id: "" }, block: { triggerDelayMs: -1 } }));
    assert.equal(status, 400);
    assert.match(type, /^text\/plain/);
    assert.match(body, /^device\.id: [^\n]*\nblock\.triggerDelayMs: [^]*Nothing was stored/);
    assert.match(desk.ask("POST", "/", "\x00\xff{{{")[2], /^it is not JSON/);
    assert.match(desk.ask("POST", "/", "")[2], /^it is not JSON/);
    desk.wait(5000);
    assert.deepEqual(desk.restarts, []);
    assert.equal(createDevice(desk.blank.board, desk.blank.description), undefined);
    assert.equal(desk.ask("POST", "/", right)[0], 200);
  });

  it("allows bodies just as long as a form around the longest document, and says when a document is longer", () => {
    const desk = openDesk();
    assert.equal(desk.bodyBytesMax, 4016 + "document=\r\n".length);
    assert.match(desk.ask("POST", "/", right + " ".repeat(5000))[2], /^the document has \d+ bytes, this board holds 4016; shorten it/);
    assert.equal(openDesk(undefined, true, 1000).bodyBytesMax, 1011);
  });

  it("keeps the document for the next start where memory is small, and shows there what was wrong with it", () => {
    const desk = openDesk();
    assert.ok(desk.setup !== undefined);
    const kept: string[] = [];
    desk.setup.keep = (document) => { kept.push(document); };
    desk.setup.errors = "<b>.x: it is & is not";
    assert.match(desk.ask("GET", "/")[2], /<pre>&lt;b>\.x: it is &amp; is not<\/pre>/);
    assert.equal(desk.ask("POST", "/", `document=${right}`)[0], 202);
    assert.deepEqual(kept, [right]);
    desk.wait(2100);
    assert.equal(desk.restarts[0], "configured");
  });

  it("has no set-up without an access text of name and password, and says so", () => {
    for (const access of ["", "sdc-7f3a", "\nsecretsecret"]) {
      const desk = openDesk(access);
      assert.equal(desk.setup, undefined);
      assert.match(desk.blank.board.system.lines.at(-1) ?? "", /^fault: no set-up mode/);
      assert.equal(desk.port, 0);
    }
  });
});
