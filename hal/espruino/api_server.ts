/*
 * What serves the requests to a board's API: a module that is in memory only while there are some (calls.ts).
 *
 * Input: `GET /api?=SET(Block;Input;1)`, `POST /api` with the chain as body; the token as `Authorization`
 * (Bearer, or the password of Basic), or as a first `token=…&`. Output: Call records, and answers to those
 * who asked. Invariant: at most CALLS_MAX calls wait, none is longer than COMMAND_BYTES_MAX; a request of
 * any other kind is answered and forgotten, and of its body every byte is read and dropped.
 */
import type { Bytes, Call } from "../ports";
import { CALLS_MAX, COMMAND_BYTES_MAX } from "../../firmware/limits";
import type { HttpServerRequest, HttpServerResponse } from "./interpreter";

export { sweepConnections } from "./connections";
export type { Root } from "./connections";

interface Waiting {
  id: number;
  token: string;
  text: string;
}

type Ending = (status: number, body: Bytes) => void;

const waiting: Waiting[] = [];
let open: { id: number; end: Ending }[] = [];
let lastId = 0;

/** Percent-decoded text; undefined when the coding is wrong. A plus stays a plus. */
function percentDecoded(text: string): string | undefined {
  let decoded = "";
  let from = 0;
  for (;;) {
    const mark = text.indexOf("%", from);
    if (mark < 0) return decoded + text.substring(from);
    const code = parseInt(text.substr(mark + 1, 2), 16);
    if (isNaN(code) || mark + 3 > text.length) return undefined;
    decoded += text.substring(from, mark) + String.fromCharCode(code);
    from = mark + 3;
  }
}

function enqueue(token: string, text: string, end: Ending): void {
  if (waiting.length >= CALLS_MAX || open.length >= CALLS_MAX) return end(503, "busy: ask again");
  if (text.length > COMMAND_BYTES_MAX) return end(413, "too long: at most " + COMMAND_BYTES_MAX + " bytes");
  lastId++;
  open.push({ id: lastId, end: end });
  waiting.push({ id: lastId, token: token, text: text });
}

function tokenOf(header: string | undefined): string {
  if (header === undefined) return "";
  if (header.substr(0, 7) === "Bearer ") return header.substr(7);
  if (header.substr(0, 6) !== "Basic ") return "";
  const pair = atob(header.substr(6));
  return pair.substr(pair.indexOf(":") + 1);
}

function received(raw: string, authorization: string | undefined, end: Ending): void {
  let token = tokenOf(authorization);
  let text = raw;
  if (text.substr(0, 6) === "token=") {
    const mark = text.indexOf("&");
    token = text.substring(6, mark < 0 ? text.length : mark);
    text = mark < 0 ? "" : text.substr(mark + 1);
  }
  const chain = percentDecoded(text);
  if (chain === undefined) end(400, "bad percent coding");
  else enqueue(token, chain, end);
}

/** One request; it may come in pieces. */
export function onRequest(request: HttpServerRequest, response: HttpServerResponse): void {
  const end = function (status: number, body: Bytes): void {
    response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", "Content-Length": body.length, Connection: "close" });
    response.end(body);
  };
  let body = "";
  // Without a handler the interpreter would keep whatever is sent.
  request.on("data", function (data: string): void {
    if (body.length <= COMMAND_BYTES_MAX * 3) body += data;
  });
  const mark = request.url.indexOf("?");
  if ((mark < 0 ? request.url : request.url.substr(0, mark)) !== "/api") return end(404, "not found: the address is /api");
  const authorization = request.headers.Authorization !== undefined ? request.headers.Authorization : request.headers.authorization;
  // A browser sends a dozen of them, and the interpreter would keep them until the connection is closed.
  request.headers = {};
  if (request.method === "GET") return received(mark < 0 ? "" : request.url.substr(mark + 1), authorization, end);
  if (request.method !== "POST") return end(405, "GET or POST");
  request.on("end", function (): void {
    received(body, authorization, end);
  });
}

/** As CallsPort.take. */
export function takeCall(call: Call): boolean {
  const oldest = waiting.shift();
  if (oldest === undefined) return false;
  call.id = oldest.id;
  call.origin = "http";
  call.token = oldest.token;
  call.text = oldest.text;
  return true;
}

/** As CallsPort.answer. */
export function answerCall(id: number, status: number, body: Bytes): void {
  const left: { id: number; end: Ending }[] = [];
  for (let index = 0; index < open.length; index++) {
    if (open[index].id === id) open[index].end(status, body);
    else left.push(open[index]);
  }
  open = left;
}

/** Nobody waits for anything that is kept here. */
export function isIdle(): boolean {
  return waiting.length === 0 && open.length === 0;
}
