/*
 * HttpPort on Espruino: one exchange at a time over the interpreter's http module.
 *
 * Input: HttpRequest. Output: HttpAnswer, taken by polling. Invariants: however the interpreter orders its
 * error, close and end events, an exchange ends exactly once, and never later than its time-out; no event
 * of an exchange that has ended reaches the next one; of a body that is sent, only one piece at a time is
 * copied, because the interpreter would otherwise hold it three times over.
 */
import type { HttpAnswer, HttpPort, HttpRequest } from "../ports";
import { ANSWER_BYTES_MAX } from "../../firmware/limits";
import { sinceMs } from "./clock";
import type { BuiltIn, HttpClientRequest, HttpMessage, HttpOptions } from "./interpreter";

/** Bytes of a body handed to the interpreter at once: what it puts into one packet. */
const PIECE_BYTES = 512;

const http = require("http") as BuiltIn["http"];

/** PEM or DER text of the certificate authority for https addresses; "" uses none. Set by the entry file. */
let authority = "";
let under: "idle" | "waiting" | "done" = "idle";
let sent: HttpClientRequest | undefined;
let message: HttpMessage | undefined;
let body = "";
let failure = "";
let startedMs = 0;
let timeoutMs = 0;

export function setAuthority(certificate: string): void {
  authority = certificate;
}

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
  if (text === "no response") return "cut";
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
  const options: HttpOptions = {
    host: rest.substr(0, colon),
    port: colon < slash ? parseInt(rest.substring(colon + 1, slash), 10) : secure ? 443 : 80,
    path: slash < rest.length ? rest.substr(slash) : "/",
    method: request.method,
    protocol: secure ? "https:" : "http:",
    headers: headers,
  };
  if (secure && authority !== "") options.ca = authority;
  return options;
}

/** A header field of the answer, "" when absent. Names arrive as the server spelled them. */
function header(name: string): string {
  const headers = message === undefined ? undefined : message.headers;
  for (const spelled in headers) if (spelled.toLowerCase() === name) return headers[spelled];
  return "";
}

export const httpPort: HttpPort = {
  start: function (request: HttpRequest): "started" | "busy" {
    if (under !== "idle") return "busy";
    under = "waiting";
    sent = undefined;
    message = undefined;
    body = "";
    startedMs = sinceMs(0);
    timeoutMs = request.timeoutMs;
    const options = optionsOf(request);
    if (options === undefined) {
      finish(undefined, "network");
      return "started";
    }
    const secure = options.protocol === "https:";
    const outgoing = request.body;
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
      if (piece === "") asked.end();
      else asked.write(piece);
    };
    sent = asked;
    asked.on("error", function (error: unknown): void {
      finish(asked, failureWord(error, secure));
    });
    asked.on("drain", more);
    try {
      more();
    } catch (error) {
      // Refused connections and unknown names are thrown by the Linux build, reported as events elsewhere.
      finish(asked, failureWord(error, secure));
    }
    return "started";
  },
  poll: function (answer: HttpAnswer): "idle" | "waiting" | "done" {
    if (under === "waiting" && sinceMs(startedMs) >= timeoutMs) finish(sent, "timeout");
    if (under !== "done") return under;
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
    message = undefined;
    body = "";
    under = "idle";
    return "done";
  },
  cancel: function (): void {
    if (sent !== undefined) sent.clsNow = true;
    sent = undefined;
    message = undefined;
    body = "";
    under = "idle";
  },
};
