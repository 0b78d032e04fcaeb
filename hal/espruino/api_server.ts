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
import { percentDecoded, WORDS_ADDRESS, WORDS_BUSY, WORDS_CODING, WORDS_LENGTH, WORDS_METHOD } from "../shared/api_request";
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
  /** Bytes of the body by its field; NaN where it comes in chunks. */
  bytes: number;
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

/** Variables that a command takes, once its request is whole: an upload may have begun since the request did. */
const FREE_MIN_WHOLE = 250;

function enqueue(token: string, text: string, response: HttpServerResponse): void {
  if (waiting.length >= CALLS_MAX || openIds.length >= CALLS_MAX || !hasRoom(FREE_MIN_WHOLE)) return end(response, 503, WORDS_BUSY);
  if (text.length > COMMAND_BYTES_MAX) return end(response, 413, WORDS_LENGTH);
  lastId++;
  openIds.push(lastId);
  openResponses.push(response);
  waiting.push({ id: lastId, token: token, text: text });
}

/** The field of this name, which counts in any letters (RFC 9110 §5.1); "" for none. */
function fieldOf(headers: HttpServerRequest["headers"], wanted: string): string {
  let field = "";
  for (const name in headers) {
    if (name.toLowerCase() === wanted) field = "" + headers[name];
  }
  return field;
}

/** The scheme counts in any letters (RFC 9110 §11.1). */
function tokenOf(header: string): string {
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
  if (chain === undefined) end(response, 400, WORDS_CODING);
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
  // The interpreter takes what a client sends behind the body for a part of it.
  const body = this.bytes >= 0 ? this.body.substring(0, this.bytes) : this.body;
  received(body.trim(), this.token, this.response);
}

/** One request; it may come in pieces. */
export function onRequest(given: HttpServerRequest, response: HttpServerResponse): void {
  const request = given as ApiRequest;
  const mark = request.url.indexOf("?");
  const isPost = request.method === "POST";
  const isHere = (mark < 0 ? request.url : request.url.substr(0, mark)) === "/api";
  const token = tokenOf(fieldOf(request.headers, "authorization"));
  const bytes = parseInt(fieldOf(request.headers, "content-length"), 10);
  // A browser sends a dozen of them, and the interpreter would keep them until the connection is closed.
  request.headers = {};
  request.on("data", isHere && isPost ? onData : drop);
  if (!isHere) return end(response, 404, WORDS_ADDRESS);
  if (request.method === "GET") return received(mark < 0 ? "" : request.url.substr(mark + 1), token, response);
  if (!isPost) return end(response, 405, WORDS_METHOD);
  request.response = response;
  request.token = token;
  request.body = "";
  request.bytes = bytes;
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
