/*
 * HttpPort on Espruino: one exchange at a time over the interpreter's http module.
 *
 * Input: HttpRequest. Output: HttpAnswer, taken by polling. Invariant: however the interpreter orders its
 * error, close and end events, an exchange ends exactly once, and never later than its time-out; nothing
 * of an exchange that has ended can reach the next one, because each carries its own number.
 */
import type { HttpAnswer, HttpPort, HttpRequest } from "../ports";
import { ANSWER_BYTES_MAX } from "../../firmware/limits";
import type { BuiltIn, HttpMessage, HttpOptions } from "./interpreter";

const http = require("http") as BuiltIn["http"];

/** PEM or DER text of the certificate authority for https addresses; "" uses none. Set by the entry file. */
let authority = "";
let exchange = 0;
let under: "idle" | "waiting" | "done" = "idle";
let message: HttpMessage | undefined;
let body = "";
let failure = "";
let timer: unknown;

export function setAuthority(certificate: string): void {
  authority = certificate;
}

function finish(number: number, reason: string): void {
  if (number !== exchange || under !== "waiting") return;
  failure = reason;
  under = "done";
  clearTimeout(timer as number);
}

function failureWord(error: unknown): string {
  const text = "" + (error instanceof Object ? (error as { message?: string }).message : error);
  if (text.indexOf("resolve") >= 0 || text.indexOf("locate") >= 0) return "dns";
  if (text.indexOf("refused") >= 0) return "refused";
  if (text.indexOf("SSL") >= 0 || text.indexOf("cert") >= 0) return "tls";
  return "network";
}

/** The parts of an absolute address; undefined when it is not http or https. */
function optionsOf(request: HttpRequest): HttpOptions | undefined {
  const url = request.url;
  const secure = url.substr(0, 8) === "https://";
  if (!secure && url.substr(0, 7) !== "http://") return undefined;
  const rest = url.substr(secure ? 8 : 7);
  const slash = rest.indexOf("/");
  const authorityPart = slash < 0 ? rest : rest.substr(0, slash);
  const colon = authorityPart.indexOf(":");
  const headers: { [name: string]: string | number } = {};
  for (let index = 0; index + 1 < request.headers.length; index += 2) headers[request.headers[index]] = request.headers[index + 1];
  if (request.body !== "") headers["Content-Length"] = request.body.length;
  const options: HttpOptions = {
    host: colon < 0 ? authorityPart : authorityPart.substr(0, colon),
    port: colon < 0 ? (secure ? 443 : 80) : parseInt(authorityPart.substr(colon + 1), 10),
    path: slash < 0 ? "/" : rest.substr(slash),
    method: request.method,
    protocol: secure ? "https:" : "http:",
    headers: headers,
  };
  if (secure && authority !== "") options.ca = authority;
  return options;
}

function header(name: string): string {
  const headers = message === undefined ? undefined : message.headers;
  if (headers === undefined) return "";
  // The interpreter keeps header names as they were sent; servers send either spelling.
  const found = headers[name];
  if (found !== undefined) return found;
  for (const sent in headers) if (sent.toLowerCase() === name) return headers[sent];
  return "";
}

export const httpPort: HttpPort = {
  start: function (request: HttpRequest): "started" | "busy" {
    if (under !== "idle") return "busy";
    exchange++;
    const number = exchange;
    under = "waiting";
    message = undefined;
    body = "";
    failure = "";
    const options = optionsOf(request);
    if (options === undefined) {
      finish(number, "network");
      return "started";
    }
    timer = setTimeout(function (): void {
      finish(number, "timeout");
    }, request.timeoutMs);
    try {
      const sent = http.request(options, function (answer: HttpMessage): void {
        if (number !== exchange) return;
        message = answer;
        answer.on("data", function (data: string): void {
          if (number !== exchange || under !== "waiting") return;
          if (body.length + data.length > ANSWER_BYTES_MAX) finish(number, "tooLong");
          else body += data;
        });
        answer.on("close", function (): void {
          const declared = parseInt(header("content-length"), 10);
          finish(number, declared > body.length ? "cut" : "");
        });
      });
      sent.on("error", function (error: unknown): void {
        finish(number, failureWord(error));
      });
      sent.on("close", function (): void {
        if (message === undefined) finish(number, "cut");
      });
      sent.end(request.body);
    } catch (error) {
      // The interpreter throws when it has no socket left or a name cannot be resolved at once.
      finish(number, failureWord(error));
    }
    return "started";
  },
  poll: function (answer: HttpAnswer): "idle" | "waiting" | "done" {
    if (under !== "done") return under;
    answer.failure = failure;
    answer.status = failure === "" && message !== undefined ? Math.floor(Number(message.statusCode)) : 0;
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
    exchange++;
    message = undefined;
    body = "";
    under = "idle";
    if (timer !== undefined) clearTimeout(timer as number);
  },
};
