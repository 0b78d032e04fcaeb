/*
 * API calls over a real HTTP server, and over lines typed at the console.
 *
 * Input: `GET /api?=SET(Block;Input;1)&ECHO(Block)`, `POST /api` with the chain as its body, and
 * `consoleLine`. The token comes as `Authorization: Bearer …`, as the password of `Authorization: Basic …`
 * (http://any:token@board/, which a Miniserver's virtual output can send), or as a first `token=…&`.
 * Output: Call records, and each answer to whom it belongs. Invariant: at most CALLS_MAX calls wait and
 * no chain is longer than COMMAND_BYTES_MAX; a caller that does not speak HTTP is told so and closed.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { CALLS_MAX, COMMAND_BYTES_MAX } from "../../firmware/limits";
import type { Call, CallsPort } from "../ports";
import { percentDecoded, WORDS_ADDRESS, WORDS_BUSY, WORDS_CODING, WORDS_LENGTH, WORDS_METHOD } from "../shared/api_request";

export interface HostCalls extends CallsPort {
  /** A line typed at the console; the console is trusted as far as its `token`. */
  consoleLine(text: string, token?: string): void;
  /** The port the server listens on, 0 while it does not (yet). */
  listening(): number;
  close(): void;
}

export interface HostCallsOptions {
  /** Address to listen on; loopback by default. */
  host?: string;
  /** Where answers to console lines go. */
  write?: (line: string) => void;
}

const NOT_HTTP = "bad request: write blanks and umlauts of the address percent-coded, such as %20";

function tokenOf(header: string | undefined): string {
  const bearer = /^Bearer +(\S+)$/i.exec(header ?? "");
  if (bearer !== null) return bearer[1]!;
  const basic = /^Basic +(\S+)$/i.exec(header ?? "");
  if (basic === null) return "";
  const pair = Buffer.from(basic[1]!, "base64").toString("latin1");
  return pair.substring(pair.indexOf(":") + 1);
}

function reply(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", Connection: "close" });
  response.end(Buffer.from(body, "latin1"));
}

export function createHostCalls(options: HostCallsOptions = {}): HostCalls {
  const write = options.write ?? ((line: string) => void process.stdout.write(line + "\n"));
  const waiting: Call[] = [];
  const open = new Map<number, (status: number, body: string) => void>();
  let server: Server | undefined;
  let nextId = 1;

  function queue(origin: "http" | "console", token: string, text: string, end: (status: number, body: string) => void): number {
    if (waiting.length >= CALLS_MAX) end(503, WORDS_BUSY);
    else if (text.length > COMMAND_BYTES_MAX) end(413, WORDS_LENGTH);
    else {
      const id = nextId++;
      waiting.push({ id, origin, token, text });
      open.set(id, end);
      return id;
    }
    return 0;
  }

  function received(message: IncomingMessage, response: ServerResponse, raw: string): void {
    let text = raw;
    let token = tokenOf(message.headers.authorization);
    if (text.startsWith("token=")) {
      const end = text.indexOf("&") < 0 ? text.length : text.indexOf("&");
      token = text.substring(6, end);
      text = text.substring(end + 1);
    }
    const chain = percentDecoded(text);
    if (chain === undefined) return reply(response, 400, WORDS_CODING);
    const id = queue("http", token, chain, (status, body) => reply(response, status, body));
    // A client that leaves before the answer is forgotten; the command itself may still run.
    response.on("close", () => open.delete(id));
  }

  function handle(message: IncomingMessage, response: ServerResponse): void {
    const url = message.url ?? "";
    const mark = url.indexOf("?");
    if ((mark < 0 ? url : url.substring(0, mark)) !== "/api") return reply(response, 404, WORDS_ADDRESS);
    if (message.method === "GET") return received(message, response, mark < 0 ? "" : url.substring(mark + 1));
    if (message.method !== "POST") return reply(response, 405, WORDS_METHOD);
    let body = "";
    message.setEncoding("latin1");
    message.on("data", (piece: string) => {
      if (body.length <= COMMAND_BYTES_MAX * 4) body += piece;
    });
    message.on("end", () => received(message, response, body.trim()));
  }

  return {
    consoleLine(text, token = "") {
      queue("console", token, text, (status, body) => write(`${status} ${body}`));
    },
    listening() {
      const address = server?.address();
      return typeof address === "object" && address !== null ? address.port : 0;
    },
    close() {
      server?.close();
      server?.closeAllConnections();
      server = undefined;
    },
    open(port) {
      if (port === 0) return "ok";
      server = createServer(handle);
      // Node's parser takes no blank and no byte above 126 in an address. Who sends one is told so.
      server.on("clientError", (_, socket) => {
        if (socket.writable) socket.end(`HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${NOT_HTTP.length}\r\nConnection: close\r\n\r\n${NOT_HTTP}`);
        else socket.destroy();
      });
      server.on("error", (error) => write(`API not available: ${String(error)}`));
      // 65536 stands for "any free port", which tests use.
      server.listen(port === 65536 ? 0 : port, options.host ?? "127.0.0.1");
      return "ok";
    },
    take(call) {
      const oldest = waiting.shift();
      if (oldest === undefined) return false;
      Object.assign(call, oldest);
      return true;
    },
    answer(id, status, body) {
      const end = open.get(id);
      open.delete(id);
      end?.(status, body);
    },
  };
}
