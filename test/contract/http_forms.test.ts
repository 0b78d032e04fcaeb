/* The forms of an API call over HTTP, against the host's server on a real socket and against NodeMCU's. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { createHostCalls } from "../../hal/host/calls";
import { createCalls } from "../../hal/nodemcu/calls";
import type { Socket } from "../../hal/nodemcu/modules";
import type { Call, CallsPort } from "../../hal/ports";
import { createFakeNodeMcu } from "../lua/fake_nodemcu";
import { FORMS_TOKEN, HTTP_FORMS } from "./http_forms";

const ANY_PORT = 65536;
const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

interface Result { call: Call | undefined; answer: string }

/** Turns until a call has come, which is answered, and the answer is whole. */
async function finish(calls: CallsPort, answered: () => string | undefined): Promise<Result> {
  let call: Call | undefined;
  while (answered() === undefined) {
    const next: Call = { id: 0, origin: "http", token: "", text: "" };
    if (call === undefined && calls.take(next)) {
      call = next;
      calls.answer(next.id, 200, "ok");
    }
    await turn();
  }
  return { call, answer: answered()! };
}

/** `words` of the refusal, "" where the server has words of its own. */
function check({ call, answer }: Result, chain: string, status: number, words: string): void {
  assert.match(answer, new RegExp(`^HTTP/1\\.[01] ${String(status === 0 ? 200 : status)} `));
  if (status === 0) assert.deepEqual([call?.token, call?.text], [FORMS_TOKEN, chain]);
  else assert.equal(call, undefined);
  assert.ok(answer.includes(words), answer);
}

describe("the forms of an API call over HTTP", () => {
  for (const { words, request, chain, status, hostStatus, hostInterim } of HTTP_FORMS) {
    const refusal = status === 0 ? "" : chain;
    it(`are understood by the host: ${words}`, async () => {
      const calls = createHostCalls();
      calls.open(ANY_PORT);
      while (calls.listening() === 0) await turn();
      try {
        let text = "";
        let isClosed = false;
        const socket = connect(calls.listening(), "127.0.0.1", () => { socket.write(Buffer.from(request, "latin1")); });
        socket.on("data", (piece: Buffer) => { text += piece.toString("latin1"); });
        socket.on("close", () => { isClosed = true; });
        const result = await finish(calls, () => isClosed ? text : undefined);
        const interim = "HTTP/1.1 100 Continue\r\n\r\n";
        if (hostInterim) assert.ok(result.answer.startsWith(interim));
        check({ ...result, answer: result.answer.replace(interim, "") }, chain, hostStatus ?? status, refusal);
      } finally {
        calls.close();
      }
    });

    it(`are understood by NodeMCU: ${words}`, async () => {
      const fake = createFakeNodeMcu();
      const calls = createCalls(fake.modules);
      calls.open(80);
      let sent: string | undefined;
      const handlers: { [event: string]: (socket: Socket, data: string) => void } = {};
      const socket: Socket = {
        on(event, handler) { handlers[event] = handler; },
        send(data) {
          sent = data;
          handlers["sent"]!(socket, "");
        },
        close() { handlers["disconnection"]?.(socket, ""); },
      };
      fake.listener?.(socket);
      // In two pieces, as a network cuts them.
      handlers["receive"]?.(socket, request.substring(0, 21));
      handlers["receive"]?.(socket, request.substring(21));
      check(await finish(calls, () => sent), chain, status, refusal);
    });
  }

  it("tell who sends a blank in an address what to write", async () => {
    const calls = createHostCalls();
    calls.open(ANY_PORT);
    while (calls.listening() === 0) await turn();
    let text = "";
    let isClosed = false;
    const socket = connect(calls.listening(), "127.0.0.1", () => { socket.write("GET /api?a b HTTP/1.1\r\n\r\n"); });
    socket.on("data", (piece: Buffer) => { text += piece.toString("latin1"); });
    socket.on("close", () => { isClosed = true; });
    while (!isClosed) await turn();
    calls.close();
    assert.match(text, /write blanks and umlauts of the address percent-coded, such as %20$/);
  });
});
