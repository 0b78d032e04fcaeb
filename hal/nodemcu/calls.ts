/*
 * CallsPort on NodeMCU: API calls over a small HTTP server of its own.
 *
 * Input: `GET /api?=SET(Block;Input;1)`, `POST /api` with the chain as body; the token as Bearer, as the
 * password of Basic, or as a first `token=…&`. Output: Call records, and answers to those who asked. Invariant: a request longer than
 * REQUEST_BYTES_MAX, or of any other kind, is answered and forgotten; at most CALLS_MAX calls wait.
 */
import type { Bytes, Call, CallsPort } from "../ports";
import { CALLS_MAX, COMMAND_BYTES_MAX } from "../../firmware/limits";
import { percentDecoded, WORDS_ADDRESS, WORDS_BUSY, WORDS_CODING, WORDS_LENGTH, WORDS_METHOD } from "../shared/api_request";
import { chunkedBody } from "../shared/chunked_body";
import type { NodeMcu, Socket } from "./modules";

/** Headers and a percent-coded chain of the greatest length. */
const REQUEST_BYTES_MAX = 1024 + COMMAND_BYTES_MAX * 3;
const END_OF_HEADERS = "\r\n\r\n";

interface Caller {
  id: number;
  socket: Socket;
  received: Bytes;
  call: Call | undefined;
}

/** Value of a header in the head of a request; "" when it is not there. */
function headerOf(head: string, name: string): string {
  const start = head.toLowerCase().indexOf("\r\n" + name + ":");
  if (start < 0) return "";
  const rest = head.substring(start + name.length + 3);
  const end = rest.indexOf("\r\n");
  return (end < 0 ? rest : rest.substring(0, end)).trim();
}

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Bytes of a base64 text (RFC 4648 §4), as far as it is one. */
function base64Decoded(text: string): Bytes {
  let decoded = "";
  let rest = 0;
  let bits = 0;
  for (let index = 0; index < text.length; index++) {
    const value = BASE64.indexOf(text.charAt(index));
    if (value < 0) break;
    rest = rest * 64 + value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      const unit = Math.pow(2, bits);
      decoded += String.fromCharCode(Math.floor(rest / unit));
      rest = rest % unit;
    }
  }
  return decoded;
}

/** The token of an Authorization field; its scheme counts in any letters (RFC 9110 §11.1). */
function tokenOf(authorization: string): string {
  const blank = authorization.indexOf(" ");
  const scheme = blank < 0 ? "" : authorization.substring(0, blank).toLowerCase();
  const value = authorization.substring(blank + 1).trim();
  if (scheme === "bearer") return value;
  if (scheme !== "basic") return "";
  const pair = base64Decoded(value);
  return pair.substring(pair.indexOf(":") + 1);
}

/** The body of a whole request, undefined while bytes of it are missing. Without a length it has none (RFC 9112 §6.3). */
function bodyOf(head: string, behind: Bytes): Bytes | undefined {
  if (headerOf(head, "transfer-encoding").toLowerCase() === "chunked") return chunkedBody(behind);
  const declared = headerOf(head, "content-length");
  const length = declared === "" ? 0 : parseInt(declared, 10);
  return behind.length < length ? undefined : behind.substring(0, length);
}

/** The call of a whole request: undefined while bytes are missing, else a call, or a refusal with its words in `text`. */
function read(request: Bytes): { token: string; text: string; status: number } | undefined {
  const border = request.indexOf(END_OF_HEADERS);
  if (border < 0) return undefined;
  const head = request.substring(0, border);
  const space = head.indexOf(" ");
  const method = head.substring(0, space);
  const target = head.substring(space + 1, head.indexOf(" ", space + 1));
  const mark = target.indexOf("?");
  if ((mark < 0 ? target : target.substring(0, mark)) !== "/api") return { token: "", text: WORDS_ADDRESS, status: 404 };
  let raw = mark < 0 ? "" : target.substring(mark + 1);
  if (method === "POST") {
    const body = bodyOf(head, request.substring(border + END_OF_HEADERS.length));
    if (body === undefined) return undefined;
    // A line end or blank behind a body is no part of the chain.
    raw = body.trim();
  } else if (method !== "GET") return { token: "", text: WORDS_METHOD, status: 405 };
  let token = tokenOf(headerOf(head, "authorization"));
  if (raw.substring(0, 6) === "token=") {
    const end = raw.indexOf("&");
    token = raw.substring(6, end < 0 ? raw.length : end);
    raw = end < 0 ? "" : raw.substring(end + 1);
  }
  const text = percentDecoded(raw);
  if (text === undefined) return { token: "", text: WORDS_CODING, status: 400 };
  if (text.length > COMMAND_BYTES_MAX) return { token: "", text: WORDS_LENGTH, status: 413 };
  return { token: token, text: text, status: 200 };
}

export function createCalls(modules: NodeMcu): CallsPort {
  let callers: Caller[] = [];
  let lastId = 0;
  const leave = (caller: Caller): void => {
    const others: Caller[] = [];
    for (let index = 0; index < callers.length; index++) if (callers[index] !== caller) others.push(callers[index]!);
    callers = others;
  };
  const end = (caller: Caller, status: number, body: Bytes): void => {
    leave(caller);
    caller.socket.on("sent", (socket: Socket) => socket.close());
    caller.socket.send("HTTP/1.1 " + String(status) + " -\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: " + String(body.length) +
      "\r\nConnection: close\r\n\r\n" + body);
  };
  const onData = (caller: Caller, data: string): void => {
    if (caller.call !== undefined) return;
    caller.received += data;
    if (caller.received.length > REQUEST_BYTES_MAX) return end(caller, 413, WORDS_LENGTH);
    const asked = read(caller.received);
    if (asked === undefined) return;
    caller.received = "";
    if (asked.status !== 200) return end(caller, asked.status, asked.text);
    caller.call = { id: caller.id, origin: "http", token: asked.token, text: asked.text };
  };
  return {
    open(port: number): "ok" | "absent" {
      if (port === 0) return "ok";
      modules.net.createServer().listen(port, (socket: Socket) => {
        lastId++;
        const caller: Caller = { id: lastId, socket: socket, received: "", call: undefined };
        callers.push(caller);
        if (callers.length > CALLS_MAX) return end(caller, 503, WORDS_BUSY);
        socket.on("receive", (_from: Socket, data: string) => onData(caller, data));
        socket.on("disconnection", () => leave(caller));
      });
      return "ok";
    },
    take(call: Call): boolean {
      for (let index = 0; index < callers.length; index++) {
        const waiting = callers[index]!.call;
        if (waiting === undefined || waiting.id === 0) continue;
        call.id = waiting.id;
        call.origin = waiting.origin;
        call.token = waiting.token;
        call.text = waiting.text;
        // Taken: the caller stays for its answer.
        waiting.id = 0;
        return true;
      }
      return false;
    },
    answer(id: number, status: number, body: Bytes): void {
      for (let index = 0; index < callers.length; index++) {
        if (callers[index]!.id === id) return end(callers[index]!, status, body);
      }
    },
  };
}
