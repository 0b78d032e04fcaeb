/*
 * HttpPort on NodeMCU: one exchange at a time through the http module.
 *
 * Input: HttpRequest. Output: HttpAnswer, taken by polling. Invariant: an exchange ends exactly once: by
 * its answer, by its failure, or by the time-out kept here; what comes later is dropped by its number.
 */
import type { HttpAnswer, HttpPort, HttpRequest } from "../ports";
import { ANSWER_BYTES_MAX, FETCHED_BYTES_MAX } from "../../firmware/limits";
import type { HttpSettings, NodeMcu } from "./modules";

/** ESP-IDF's reasons as far as they can be told apart. */
const CODE_CONNECT = -28674;
const CODE_TIMEOUT = -28679;

export function createHttp(modules: NodeMcu): HttpPort {
  let exchange = 0;
  let under: "idle" | "waiting" | "done" = "idle";
  let status = 0;
  let body = "";
  let failure = "";
  let bytesMax = 0;
  let headers: { [name: string]: string } = {};
  const timer = modules.tmr.create();
  const finish = (number: number, reason: string): void => {
    if (number !== exchange || under !== "waiting") return;
    under = "done";
    failure = reason;
    timer.unregister();
  };
  const header = (name: string): string => (headers[name] === undefined ? "" : headers[name]);
  const onAnswer = (number: number, code: number, data: string | undefined, sent: { [name: string]: string } | undefined): void => {
    if (number !== exchange || under !== "waiting") return;
    if (code < 0) return finish(number, code === CODE_CONNECT ? "refused" : code === CODE_TIMEOUT ? "timeout" : "network");
    // The module hands over an interim answer when the final one did not come in the same piece, as 0 when it had no fields: that is not an answer.
    if (code < 200) return finish(number, "cut");
    const text = data === undefined ? "" : data;
    if (text.length > bytesMax) return finish(number, "tooLong");
    headers = sent === undefined ? {} : sent;
    const declared = header("content-length");
    if (declared !== "" && parseInt(declared, 10) > text.length) return finish(number, "cut");
    status = code;
    body = text;
    finish(number, "");
  };
  return {
    start(request: HttpRequest): "started" | "busy" {
      if (under !== "idle") return "busy";
      exchange++;
      const number = exchange;
      under = "waiting";
      status = 0;
      body = "";
      failure = "";
      bytesMax = request.method === "GET" ? FETCHED_BYTES_MAX : ANSWER_BYTES_MAX;
      headers = {};
      const names: { [name: string]: string } = {};
      for (let index = 0; index + 1 < request.headers.length; index += 2) names[request.headers[index]!] = request.headers[index + 1]!;
      const settings: HttpSettings = { headers: names, timeout: request.timeoutMs, max_redirects: 0 };
      timer.alarm(request.timeoutMs, modules.tmr.ALARM_SINGLE, () => finish(number, "timeout"));
      const handler = (code: number, data: string | undefined, sent: { [name: string]: string } | undefined): void => onAnswer(number, code, data, sent);
      try {
        if (request.method === "GET") modules.http.get(request.url, settings, handler);
        else modules.http.post(request.url, settings, request.body, handler);
      } catch {
        // The module raises an error for an address that it cannot read.
        finish(number, "network");
      }
      return "started";
    },
    poll(answer: HttpAnswer): "idle" | "waiting" | "done" {
      if (under !== "done") return under;
      answer.status = failure === "" ? status : 0;
      answer.failure = failure;
      answer.body = failure === "" ? body : "";
      answer.contentType = header("content-type");
      answer.contentDigest = header("content-digest");
      answer.signatureInput = header("signature-input");
      answer.signature = header("signature");
      answer.date = header("date");
      answer.retryAfter = header("retry-after");
      answer.location = header("location");
      under = "idle";
      body = "";
      headers = {};
      return "done";
    },
    cancel(): void {
      exchange++;
      under = "idle";
      timer.unregister();
    },
  };
}
