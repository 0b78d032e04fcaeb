/*
 * A board's console at a TCP address: one program at a time, and reasons why it does not open.
 *
 * Input: servers on this machine that stand for a console. Output: test results. Invariant: a connection that was
 * closed gives its address back.
 */
import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { ConsoleError, type ConsoleLine } from "../../../console/console_line";
import { root } from "../../../tools/root";
import { openConsoleLine } from "../../../tools/board/console_line";

const TAKEN = "another program has this port open; close it: another sdc, a serial monitor, a page of the browser";

/** The sentence with which an address does not open. */
async function refusalOf(port: string): Promise<string> {
  const line = await openConsoleLine(port).catch((error: unknown) => error);
  if (line instanceof ConsoleError) return line.message;
  await (line as ConsoleLine).close();
  return "opened";
}

describe("the console of a board at a TCP address", () => {
  let server: Server;
  let number = 0;
  let connections = 0;

  before(async () => {
    server = createServer(() => { connections++; }).listen(0, "127.0.0.1");
    await once(server, "listening");
    number = (server.address() as AddressInfo).port;
  });
  after(() => { server.close(); });

  it("is open for one program at a time, by whichever name, and the second one does not disturb the first", async () => {
    const line = await openConsoleLine(`tcp://127.0.0.1:${String(number)}`);
    assert.equal(await refusalOf(`tcp://127.0.0.1:${String(number)}`), `tcp://127.0.0.1:${String(number)}: ${TAKEN}`);
    assert.equal(await refusalOf(`tcp://127.1:${String(number)}`), `tcp://127.1:${String(number)}: ${TAKEN}`);
    assert.equal(connections, 1);
    await line.close();
    assert.equal(await refusalOf(`tcp://127.0.0.1:${String(number)}`), "opened");
  });

  it("gives its address back when the program that had it is killed", async () => {
    const port = `tcp://127.0.0.1:${String(number)}`;
    const program = `import { openConsoleLine } from "./tools/board/console_line"; await openConsoleLine(${JSON.stringify(port)}); process.stdout.write("open");`;
    const holder = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], { cwd: root });
    const ended = once(holder, "exit");
    await Promise.race([once(holder.stdout, "data"), ended]);
    assert.equal(await refusalOf(port), `${port}: ${TAKEN}`);
    holder.kill("SIGKILL");
    await ended;
    assert.equal(await refusalOf(port), "opened");
  }).timeout(60000);

  it("gives its address back when nothing listens there, and when its connection is lost", async () => {
    const lost = createServer((socket) => { socket.destroy(); }).listen(0, "127.0.0.1");
    await once(lost, "listening");
    const port = `tcp://127.0.0.1:${String((lost.address() as AddressInfo).port)}`;
    const line = await openConsoleLine(port);
    await new Promise<void>((resolve) => { line.listen(() => undefined, () => { resolve(); }); });
    lost.close();
    await once(lost, "close");
    for (const again of [1, 2]) assert.equal(await refusalOf(port), `${port}: nothing listens there; start the interpreter with --telnet, or check the address`, String(again));
  });

  it("says what is wrong with an address", async () => {
    assert.equal(await refusalOf("tcp://127.0.0.1:0"), "tcp://127.0.0.1:0: not an address; write tcp://HOST:PORT, for example tcp://127.0.0.1:2323");
    assert.equal(await refusalOf("tcp://no-such-host.invalid:23"), "tcp://no-such-host.invalid:23: this name has no address; check its spelling");
  });
});
