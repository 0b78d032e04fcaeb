/*
 * One exchange over the interpreter's http module: a module that is read from flash anew for each exchange (http.ts).
 *
 * Input: HttpRequest. Output: HttpAnswer, taken by polling. Invariants: however the interpreter orders its
 * error, close and end events, an exchange ends exactly once; no event of an exchange that has ended reaches the next
 * one, which has variables of its own; what listens to events is made once, not for each exchange by a function whose
 * variables would be kept with it; of a body that is sent, only one piece at a time is
 * copied, because the interpreter would otherwise hold it three times over. An https address is encrypted
 * and no more: the interpreter checks no certificate, even when it is given an authority, so it is given none
 * (docs/PLATFORMS.md). Interim answers (1xx) are passed over, by a module that is loaded for them alone.
 */
import type { HttpAnswer, HttpRequest, SystemPort } from "../ports";
import { ANSWER_BYTES_MAX, FETCHED_BYTES_MAX } from "../../firmware/limits";
import type * as InterimAnswer from "./interim_answer";
import type { BuiltIn, HttpClientRequest, HttpMessage, HttpOptions } from "./interpreter";

/** Bytes of a body handed to the interpreter at once: it holds each three times over. */
const PIECE_BYTES = 256;
/** Header fields of an answer that HttpAnswer has, and the one that tells how much is to come; the dot because indexOf finds the beginning of a text at another's end. */
const KEPT = ",content-type,content-digest,content-length,signature-input,signature,date,retry-after,location,transfer-encoding,.";
/** A count that no answer uses up: behind an interim answer the connection stays until the final one has come. */
const HELD_BYTES = 1000000;
/** The interpreter's record of a TLS connection, about 1,300 bytes in one piece of its own memory, and some to spare. */
const TLS_BYTES = 1700;

const http = require("http") as BuiltIn["http"];

let under: "waiting" | "done" = "waiting";
/** Set from the start of the exchange to its end. */
let sent: HttpClientRequest | undefined;
let secure = false;
let message: { statusCode: HttpMessage["statusCode"]; headers: HttpMessage["headers"] } | undefined;
let body = "";
let failure = "";
let system: SystemPort;
/** Reads on behind an interim answer; undefined while none has come. */
let behind: typeof InterimAnswer | undefined;
let bytesMax = ANSWER_BYTES_MAX;
/** The text still to be sent, from `at` on. The header goes alone, so that it and a piece of the body are never in memory together. */
let outgoing = "";
let at = -PIECE_BYTES;
let isWhole = false;

/** Ends the exchange; late events are ignored. */
function finish(reason: string): void {
  if (under !== "waiting") return;
  failure = reason;
  under = "done";
  // The interpreter has no abort; its own mark closes the socket on the next idle pass.
  if (reason !== "" && sent !== undefined) sent.clsNow = true;
  sent = undefined;
  outgoing = "";
}

function failureWord(error: unknown): string {
  const text = "" + (error as { message?: string }).message;
  if (text.indexOf("locate") >= 0 || text.indexOf("DNS") >= 0) return "dns";
  if (text.indexOf("create socket") >= 0) return "refused";
  // Over TLS this is mostly a handshake that failed: only the handler of uncaught errors (faults.ts) learns why.
  if (text === "no response") return secure ? "tls" : "cut";
  return secure ? "tls" : "network";
}

/** The parts of an absolute address; undefined when it is not http or https. */
function optionsOf(request: HttpRequest): HttpOptions | undefined {
  const url = request.url;
  secure = url.substr(0, 8) === "https://";
  const rest = url.substr(secure ? 8 : 7);
  let slash = rest.indexOf("/");
  if (slash < 0) slash = rest.length;
  let colon = rest.indexOf(":");
  if (colon < 0 || colon > slash) colon = slash;
  if ((!secure && url.substr(0, 7) !== "http://") || colon === 0) return undefined;
  const headers: { [name: string]: string | number } = { "Content-Length": request.body.length };
  for (let index = 0; index + 1 < request.headers.length; index += 2) headers[request.headers[index]!] = request.headers[index + 1]!;
  return {
    host: rest.substr(0, colon),
    port: colon < slash ? parseInt(rest.substring(colon + 1, slash), 10) : secure ? 443 : 80,
    path: slash < rest.length ? rest.substr(slash) : "/",
    method: request.method,
    protocol: secure ? "https:" : "http:",
    headers: headers,
  };
}

/** Keeps of the answer's header what is asked for later, its names in small letters: servers and proxies send a thousand bytes of other fields. */
function begun(answer: { statusCode: HttpMessage["statusCode"]; headers: HttpMessage["headers"] }): void {
  const kept: { [name: string]: string } = {};
  for (const spelled in answer.headers) {
    const name = spelled.toLowerCase();
    if (KEPT.indexOf("," + name + ",") >= 0) kept[name] = answer.headers[spelled]!;
  }
  answer.headers = kept;
  message = answer;
}

/** A header field of the answer, "" when absent. */
function header(name: string): string {
  const value = message === undefined ? undefined : message.headers[name];
  return value === undefined ? "" : value;
}

function onData(data: string): void {
  if (sent === undefined) return;
  // Behind an interim answer the final head comes among them.
  if (body.length + data.length > (behind === undefined ? bytesMax : 2 * bytesMax)) finish("tooLong");
  else if (body === "") body = data;
  else body += data;
  if (behind === undefined || sent === undefined) return;
  // Takes the final answer out of what has come behind the interim one, and ends with it: the interpreter does not know its length.
  const head = message === undefined ? behind.finalHead(body) : undefined;
  if (head !== undefined) {
    begun(head);
    body = head.rest;
  }
  const whole = message === undefined ? undefined : behind.wholeBody("" + message.statusCode, header("content-length"), header("transfer-encoding"), body);
  if (whole === undefined) return;
  body = whole;
  sent.clsNow = true;
  finish(whole.length > bytesMax ? "tooLong" : "");
}

/** A connection that breaks in the middle ends like a complete one: only the length tells. */
function onEnd(): void {
  if (sent === undefined) return;
  const isOpen = behind !== undefined && (message === undefined || header("transfer-encoding") !== "");
  finish(isOpen || parseInt(header("content-length"), 10) > body.length ? "cut" : "");
}

function onAnswer(answer: HttpMessage): void {
  if (sent === undefined) return;
  if (("" + answer.statusCode).charAt(0) === "1") {
    begun(answer);
    // The interpreter reads on for fields: of a chunked answer in the same piece it has thrown the body away by now.
    if (header("transfer-encoding") !== "") return finish("cut");
    message = undefined;
    behind = system.load("interim_answer") as typeof InterimAnswer | undefined;
    if (behind === undefined) return finish("network");
    answer.cRcv = HELD_BYTES;
    answer.headers = {};
  } else begun(answer);
  answer.on("data", onData);
  answer.on("end", onEnd);
}

/** Hands the interpreter the next piece, or says that there is none. */
function more(): void {
  if (sent === undefined || isWhole) return;
  const piece = at < 0 ? "" : outgoing.substr(at, PIECE_BYTES);
  isWhole = at >= outgoing.length;
  at += PIECE_BYTES;
  // All is sent: the body is not needed while the answer is awaited.
  if (isWhole) outgoing = "";
  try {
    if (isWhole) sent.end();
    else sent.write(piece);
  } catch (error) {
    // Refused connections and unknown names are thrown by the Linux build, reported as events elsewhere. Later
    // pieces are sent out of an event, where no caller would catch what they throw.
    finish(failureWord(error));
  }
}

function onError(error: unknown): void {
  finish(failureWord(error));
}

/** Begins the exchange; poll reports each failure. */
export function startExchange(request: HttpRequest, files: SystemPort): void {
  system = files;
  const options = optionsOf(request);
  // Without such a piece the interpreter would throw and lose the socket for good; asking for one makes it move
  // its memory together until there is one. It is kept free until the connection takes its place.
  let room = secure ? E.toFlatString({ data: 0, count: TLS_BYTES }) : "";
  if (options === undefined || room === undefined) {
    finish(options === undefined ? "network" : "memory");
    return;
  }
  outgoing = request.body;
  if (request.method === "GET") bytesMax = FETCHED_BYTES_MAX;
  sent = http.request(options, onAnswer);
  sent.on("error", onError);
  sent.on("drain", more);
  room = "";
  more();
  // They are part of what waits to be sent by now, and the interpreter never looks at them again.
  options.headers = {};
}

/** Whether the exchange has ended; then `answer` is filled. `late`: its time is over. */
export function exchangeEnded(answer: HttpAnswer, late: boolean): boolean {
  if (late) finish("timeout");
  if (under !== "done") return false;
  answer.failure = failure;
  answer.status = failure === "" && message !== undefined ? parseInt("" + message.statusCode, 10) : 0;
  answer.body = answer.status > 0 ? body : "";
  answer.contentType = header("content-type");
  answer.contentDigest = header("content-digest");
  answer.signatureInput = header("signature-input");
  answer.signature = header("signature");
  answer.date = header("date");
  answer.retryAfter = header("retry-after");
  answer.location = header("location");
  // The interpreter keeps this module until it has closed the connection.
  message = undefined;
  behind = undefined;
  body = "";
  return true;
}

/** Ends it without an answer. */
export function cancelExchange(): void {
  if (sent !== undefined) sent.clsNow = true;
  sent = undefined;
}
