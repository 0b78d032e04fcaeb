/*
 * A blank board takes its configuration from a browser or a tool, over a real socket of the computer.
 *
 * Input: HTTP requests. Output: the host's SetupPort and the firmware's set-up mode behind it. Invariant: nothing
 * sleeps; a test waits by letting the event loop turn.
 */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { openSetup, setupTick } from "../../firmware/configuration/setup_page";
import { createHostSetup, type HostSetup } from "../../hal/host/setup_server";
import { createBlankTestBoard, bytesOf, exampleDocument } from "../boards/device_board";

/** Asks the way that hal/host understands any free port. */
const ANY_PORT = 65536;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("set-up over HTTP on the host", () => {
  let server: HostSetup;
  let blank: ReturnType<typeof createBlankTestBoard>;
  let address = "";
  let going = true;

  beforeEach(async () => {
    server = createHostSetup();
    blank = createBlankTestBoard();
    const setup = openSetup(blank.board, blank.description, { ...server, open: (_, most) => server.open(ANY_PORT, most) }, "sdc-7f3a\nsecretsecret", 0);
    assert.ok(setup !== undefined);
    while (server.listening() === 0) await turn();
    address = `http://127.0.0.1:${String(server.listening())}/`;
    going = true;
    void (async () => {
      while (going) {
        blank.board.clock.advance(1);
        setupTick(setup);
        await turn();
      }
    })();
  });
  afterEach(() => {
    going = false;
    server.close();
  });

  const right = bytesOf(exampleDocument());
  const post = async (body: string, headers: Record<string, string> = {}): Promise<[number, string]> => {
    const response = await fetch(address, { method: "POST", body: Buffer.from(body, "latin1"), headers });
    return [response.status, await response.text()];
  };

  it("shows the page, names errors, stores the right document, restarts", async () => {
    assert.match(await (await fetch(address)).text(), /<textarea name=document /);
    const [status, said] = await post(right.replace("\"revision\"", "\"revisoin\""));
    assert.equal(status, 400);
    assert.match(said, /^revisoin: there is no such setting/);
    assert.equal((await post(`document=${right}\r\n`, { Origin: address.slice(0, -1) }))[0], 200);
    while (blank.board.system.restartReason === "") await turn();
    assert.equal(blank.board.system.restartReason, "configured");
  });

  it("turns away what is too long, of unknown length, or from a foreign page", async () => {
    assert.equal((await post("x".repeat(5000)))[0], 413);
    assert.equal((await post(right, { Origin: "http://elsewhere" }))[0], 403);
    const chunked = await fetch(address, { method: "POST", body: new Blob([right]).stream(), duplex: "half" } as RequestInit);
    assert.equal(chunked.status, 411);
    assert.equal((await post(right))[0], 200);
  });

  it("answers no page whose own name was made to lead here (DNS rebinding), whether it reads or sends", async () => {
    const ask = (host: string, method: string): Promise<string> => new Promise((resolve) => {
      let said = "";
      const socket = connect(server.listening(), "127.0.0.1", () => {
        socket.write(`${method} / HTTP/1.1\r\nHost: ${host}\r\nOrigin: http://${host}\r\nContent-Length: ${method === "POST" ? right.length : 0}\r\n\r\n${method === "POST" ? right : ""}`);
      });
      socket.on("data", (data: Buffer) => { said += data.toString("latin1"); });
      socket.on("error", () => undefined);
      socket.on("close", () => resolve(said));
    });
    for (const host of ["evil.example", "EVIL.EXAMPLE:80", "192.168.4.1.evil.example", "evil.local.example"]) {
      for (const method of ["GET", "POST"]) assert.match(await ask(host, method), /^HTTP\/1\.1 421 [^]*by the address that the console shows/, `${method} to ${host}`);
    }
    assert.equal(blank.board.system.restartReason, "");
    for (const host of ["192.168.4.1", "192.168.4.1:80", "[fe80::1]:80", "board", "localhost:8080", "board.local"]) assert.match(await ask(host, "GET"), /^HTTP\/1\.1 200 /, host);
  });

  it("lets a new upload take the place of one that is not whole, and forgets one whose sender left", async () => {
    const half = (): Promise<ReturnType<typeof connect>> => new Promise((resolve) => {
      const socket = connect(server.listening(), "127.0.0.1", () => {
        socket.on("error", () => undefined);
        socket.write(`POST / HTTP/1.1\r\nHost: board\r\nContent-Length: 900\r\n\r\n${right.slice(0, 100)}`, () => resolve(socket));
      });
    });
    const first = await half();
    assert.equal((await post("{}"))[0], 400);
    first.destroy();
    (await half()).destroy();
    let status = 503;
    for (let tries = 0; status === 503 && tries < 1000; tries++) status = (await fetch(address)).status;
    assert.equal(status, 200);
  });
});
