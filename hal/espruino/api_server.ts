/*
 * Serves the requests to a board's API: a module that is in memory only during requests (calls.ts).
 *
 * Input: `GET /api?=SET(Block;Input;1)`, `POST /api` with the chain as body; the token as `Authorization`
 * (Bearer, or the password of Basic), or as a first `token=…&`. Output: Call records, and answers to those
 * who asked. Invariant: at most CALLS_MAX calls wait, none is longer than COMMAND_BYTES_MAX; a request of
 * any other kind is answered and forgotten, and of its body every byte is read and dropped.
 */
import type { Bytes, Call } from "../ports";
import { CALLS_MAX, COMMAND_BYTES_MAX } from "../../firmware/limits";
import { hasRoom } from "./room";
import type { HttpServerRequest, HttpServerResponse } from "./interpreter";

export { sweepConnections } from "./connections";
export type { Root } from "./connections";

interface Waiting {
  id: number;
  token: string;
  text: string;
}

/** A request as the interpreter keeps it, and what is noted on it until it is whole: a function made for each would take as much again. */
interface ApiRequest extends HttpServerRequest {
  response: HttpServerResponse;
  token: string;
  body: string;
}

const waiting: Waiting[] = [];
/** Who waits for an answer, in parallel lists. */
const openIds: number[] = [];
const openResponses: HttpServerResponse[] = [];
let lastId = 0;

function end(response: HttpServerResponse, status: number, body: Bytes): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", "Content-Length": body.length, Connection: "close" });
  response.end(body);
}

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

/** Variables that a command takes, once its request is whole: an upload may have begun since the request did. */
const FREE_MIN_WHOLE = 250;

function enqueue(token: string, text: string, response: HttpServerResponse): void {
  if (waiting.length >= CALLS_MAX || openIds.length >= CALLS_MAX || !hasRoom(FREE_MIN_WHOLE)) return end(response, 503, "busy: ask again");
  if (text.length > COMMAND_BYTES_MAX) return end(response, 413, "too long: at most " + COMMAND_BYTES_MAX + " bytes");
  lastId++;
  openIds.push(lastId);
  openResponses.push(response);
  waiting.push({ id: lastId, token: token, text: text });
}

/** Names of fields and the scheme count in any letters (RFC 9110 §5.1 and §11.1). */
function tokenOf(headers: HttpServerRequest["headers"]): string {
  let header = "";
  for (const name in headers) {
    if (name.toLowerCase() === "authorization") header = "" + headers[name];
  }
  const blank = header.indexOf(" ");
  const scheme = header.substring(0, blank).toLowerCase();
  const value = header.substr(blank + 1).trim();
  if (scheme === "bearer") return value;
  if (scheme !== "basic") return "";
  const pair = atob(value);
  return pair.substr(pair.indexOf(":") + 1);
}

function received(raw: string, authorized: string, response: HttpServerResponse): void {
  let token = authorized;
  let text = raw;
  if (text.substr(0, 6) === "token=") {
    const mark = text.indexOf("&");
    token = text.substring(6, mark < 0 ? text.length : mark);
    text = mark < 0 ? "" : text.substr(mark + 1);
  }
  const chain = percentDecoded(text);
  if (chain === undefined) end(response, 400, "bad percent coding");
  else enqueue(token, chain, response);
}

/** Drops a body that is not used; without a handler the interpreter would keep all that is sent. */
function drop(): void {
  // Nothing is kept.
}

function onData(this: ApiRequest, data: string): void {
  if (this.body.length <= COMMAND_BYTES_MAX * 3) this.body += data;
}

function onEnd(this: ApiRequest): void {
  received(this.body.trim(), this.token, this.response);
}

/** One request; it may come in pieces. */
export function onRequest(given: HttpServerRequest, response: HttpServerResponse): void {
  const request = given as ApiRequest;
  const mark = request.url.indexOf("?");
  const isPost = request.method === "POST";
  const isHere = (mark < 0 ? request.url : request.url.substr(0, mark)) === "/api";
  const token = tokenOf(request.headers);
  // A browser sends a dozen of them, and the interpreter would keep them until the connection is closed.
  request.headers = {};
  request.on("data", isHere && isPost ? onData : drop);
  if (!isHere) return end(response, 404, "not found: the address is /api");
  if (request.method === "GET") return received(mark < 0 ? "" : request.url.substr(mark + 1), token, response);
  if (!isPost) return end(response, 405, "GET or POST");
  request.response = response;
  request.token = token;
  request.body = "";
  request.on("end", onEnd);
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
  const place = openIds.indexOf(id);
  if (place < 0) return;
  end(openResponses[place]!, status, body);
  openIds.splice(place, 1);
  openResponses.splice(place, 1);
}

/** No caller waits for anything that is kept here. */
export function isIdle(): boolean {
  return waiting.length === 0 && openIds.length === 0;
}
