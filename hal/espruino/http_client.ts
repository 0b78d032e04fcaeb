/*
 * One exchange over the interpreter's http module: a module that is in memory only while there is one (http.ts).
 *
 * Input: HttpRequest. Output: HttpAnswer, taken by polling. Invariants: however the interpreter orders its
 * error, close and end events, an exchange ends exactly once; no event
 * of an exchange that has ended reaches the next one; of a body that is sent, only one piece at a time is
 * copied, because the interpreter would otherwise hold it three times over. An https address is encrypted
 * and no more: the interpreter checks no certificate, even when it is given an authority, so it is given none
 * (docs/PLATFORMS.md).
 */
import type { HttpAnswer, HttpRequest } from "../ports";
import { ANSWER_BYTES_MAX } from "../../firmware/limits";
import type { BuiltIn, HttpClientRequest, HttpMessage, HttpOptions } from "./interpreter";

/** Bytes of a body handed to the interpreter at once: what it puts into one packet. */
const PIECE_BYTES = 512;
/** The interpreter's record of a TLS connection, about 1,300 bytes in one piece of its own memory, and some to spare. */
const TLS_BYTES = 1700;

const http = require("http") as BuiltIn["http"];

let under: "waiting" | "done" = "waiting";
let sent: HttpClientRequest | undefined;
let message: HttpMessage | undefined;
let body = "";
let failure = "";

/** Ends the exchange of `request`; whatever still comes of it belongs to nobody. */
function finish(request: HttpClientRequest | undefined, reason: string): void {
  if (request !== sent || under !== "waiting") return;
  failure = reason;
  under = "done";
  sent = undefined;
  // The interpreter has no abort; its own mark closes the socket on the next idle pass.
  if (reason !== "" && request !== undefined) request.clsNow = true;
}

function failureWord(error: unknown, secure: boolean): string {
  const text = "" + (error as { message?: string }).message;
  if (text.indexOf("locate") >= 0 || text.indexOf("DNS") >= 0) return "dns";
  if (text.indexOf("create socket") >= 0) return "refused";
  // Over TLS this is mostly a handshake that failed: why is told only to whoever hears uncaught errors (faults.ts).
  if (text === "no response") return secure ? "tls" : "cut";
  return secure ? "tls" : "network";
}

/** The parts of an absolute address; undefined when it is not http or https. */
function optionsOf(request: HttpRequest): HttpOptions | undefined {
  const url = request.url;
  const secure = url.substr(0, 8) === "https://";
  const rest = url.substr(secure ? 8 : 7);
  let slash = rest.indexOf("/");
  if (slash < 0) slash = rest.length;
  let colon = rest.indexOf(":");
  if (colon < 0 || colon > slash) colon = slash;
  if ((!secure && url.substr(0, 7) !== "http://") || colon === 0) return undefined;
  const headers: { [name: string]: string | number } = { "Content-Length": request.body.length };
  for (let index = 0; index + 1 < request.headers.length; index += 2) headers[request.headers[index]] = request.headers[index + 1];
  return {
    host: rest.substr(0, colon),
    port: colon < slash ? parseInt(rest.substring(colon + 1, slash), 10) : secure ? 443 : 80,
    path: slash < rest.length ? rest.substr(slash) : "/",
    method: request.method,
    protocol: secure ? "https:" : "http:",
    headers: headers,
  };
}

/** A header field of the answer, "" when absent. Names arrive as the server spelled them. */
function header(name: string): string {
  const headers = message === undefined ? undefined : message.headers;
  for (const spelled in headers) if (spelled.toLowerCase() === name) return headers[spelled];
  return "";
}

/** Begins the exchange; whatever goes wrong is told by poll. */
export function startExchange(request: HttpRequest): void {
  under = "waiting";
  const options = optionsOf(request);
  const secure = options !== undefined && options.protocol === "https:";
  // Without such a piece the interpreter would throw and lose the socket for good; asking for one makes it move
  // its memory together until there is one. It is kept free until the connection takes its place.
  let room = secure ? E.toFlatString({ data: 0, count: TLS_BYTES }) : "";
  if (options === undefined || room === undefined) {
    finish(undefined, secure ? "memory" : "network");
    return;
  }
  let outgoing = request.body;
  let at = 0;
  const asked = http.request(options, function (answer: HttpMessage): void {
    if (asked !== sent) return;
    message = answer;
    answer.on("data", function (data: string): void {
      if (asked !== sent) return;
      if (body.length + data.length > ANSWER_BYTES_MAX) finish(asked, "tooLong");
      else body += data;
    });
    // A connection that breaks in the middle ends like a complete one: only the length tells.
    answer.on("end", function (): void {
      if (asked === sent) finish(asked, parseInt(header("content-length"), 10) > body.length ? "cut" : "");
    });
  });
  const more = function (): void {
    if (at < 0 || asked !== sent) return;
    const piece = outgoing.substr(at, PIECE_BYTES);
    at = piece === "" ? -1 : at + piece.length;
    // All is sent: while the answer is awaited nobody needs the body.
    if (piece === "") outgoing = "";
    try {
      if (piece === "") asked.end();
      else asked.write(piece);
    } catch (error) {
      // Refused connections and unknown names are thrown by the Linux build, reported as events elsewhere. Later
      // pieces are sent out of an event, where nobody else would catch what they throw.
      finish(asked, failureWord(error, secure));
    }
  };
  sent = asked;
  asked.on("error", function (error: unknown): void {
    finish(asked, failureWord(error, secure));
  });
  asked.on("drain", more);
  room = "";
  more();
}

/** Whether the exchange has ended; then `answer` is filled. `late`: its time is over. */
export function exchangeEnded(answer: HttpAnswer, late: boolean): boolean {
  if (late) finish(sent, "timeout");
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
  body = "";
  return true;
}

/** Ends it without an answer. */
export function cancelExchange(): void {
  if (sent !== undefined) sent.clsNow = true;
  sent = undefined;
}
