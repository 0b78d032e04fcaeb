/*
 * Real HTTP, taken by polling.
 *
 * Input: HttpRequest with Bytes as body. Output: one HttpAnswer per exchange. Invariant: the answer waits
 * until it is polled and nothing calls back into the core; an answer longer than its limit, cut, or
 * not complete within the time-out is no answer. Redirects are handed over, never followed.
 */
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { ANSWER_BYTES_MAX, FETCHED_BYTES_MAX } from "../../firmware/limits";
import type { HttpAnswer, HttpPort, HttpRequest } from "../ports";
import { askTime } from "./ntp";

export interface HostHttpOptions {
  /** Factor on every time-out: a board whose clock runs 100 times faster still talks to a real server. */
  timeoutFactor?: number;
}

function headersOf(list: string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < list.length; index += 2) headers[list[index]!] = list[index + 1]!;
  return headers;
}

/** The port's word for one of Node's error codes. */
function failureOf(error: NodeJS.ErrnoException): string {
  const code = error.code ?? "";
  if (code === "ECONNREFUSED") return "refused";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "dns";
  if (code === "ECONNRESET" || code === "EPIPE" || code.startsWith("HPE_")) return "cut";
  if (code.startsWith("ERR_TLS") || code.startsWith("ERR_SSL") || code.includes("CERT") || code === "EPROTO") return "tls";
  return "network";
}

function failed(failure: string): HttpAnswer {
  return {
    status: 0, body: "", contentType: "", contentDigest: "", signatureInput: "", signature: "",
    date: "", retryAfter: "", location: "", failure,
  };
}

function complete(message: IncomingMessage, body: string): HttpAnswer {
  const header = (name: string): string => {
    const value = message.headers[name];
    return value === undefined ? "" : Array.isArray(value) ? value.join(", ") : value;
  };
  return {
    status: message.statusCode ?? 0,
    body,
    contentType: header("content-type"),
    contentDigest: header("content-digest"),
    signatureInput: header("signature-input"),
    signature: header("signature"),
    date: header("date"),
    retryAfter: header("retry-after"),
    location: header("location"),
    failure: "",
  };
}

/** Begins an exchange; `end` is called once. Returns what gives it up. */
function exchange(request: HttpRequest, timeoutMs: number, end: (answer: HttpAnswer) => void): () => void {
  let over = false;
  let stop = (): void => undefined;
  const finish = (answer: HttpAnswer): void => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    stop();
    end(answer);
  };
  const timer = setTimeout(() => finish(failed("timeout")), timeoutMs);
  const bytesMax = request.method === "GET" ? FETCHED_BYTES_MAX : ANSWER_BYTES_MAX;
  const body = Buffer.from(request.body, "latin1");
  try {
    const url = new URL(request.url);
    const send = url.protocol === "https:" ? httpsRequest : httpRequest;
    const headers: Record<string, string | number> = headersOf(request.headers);
    if (request.method === "POST") headers["Content-Length"] = body.length;
    const outgoing = send(url, { method: request.method, headers, agent: false }, (message) => {
      let text = "";
      message.setEncoding("latin1");
      message.on("data", (piece: string) => {
        text += piece;
        if (text.length > bytesMax) finish(failed("tooLong"));
      });
      message.on("error", () => finish(failed("cut")));
      message.on("close", () => finish(message.complete ? complete(message, text) : failed("cut")));
    });
    stop = () => outgoing.destroy();
    outgoing.on("error", (error) => finish(failed(failureOf(error))));
    outgoing.end(body);
  } catch {
    // An address that is none, or a header that HTTP forbids: no exchange can take place.
    finish(failed("network"));
  }
  return () => {
    over = true;
    clearTimeout(timer);
    stop();
  };
}

export function createHostHttp(options: HostHttpOptions = {}): HttpPort {
  let state: "idle" | "waiting" | "done" = "idle";
  let waiting = failed("");
  let giveUp = (): void => undefined;
  return {
    start(request) {
      if (state !== "idle") return "busy";
      state = "waiting";
      // An exchange that fails at once must not end before `giveUp` is set: its end is taken on a poll anyway.
      giveUp = (request.url.startsWith("ntp:") ? askTime : exchange)(request, request.timeoutMs * (options.timeoutFactor ?? 1), (answer) => {
        waiting = answer;
        state = "done";
      });
      return "started";
    },
    poll(answer) {
      if (state !== "done") return state;
      Object.assign(answer, waiting);
      state = "idle";
      return "done";
    },
    cancel() {
      giveUp();
      state = "idle";
    },
  };
}
