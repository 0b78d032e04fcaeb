/*
 * One question to a time server over the interpreter's UDP: a module that is read from flash anew for it (http.ts).
 *
 * Input: HttpRequest of an address ntp://host or ntp://host:port, whose body is the mark that binds the answer. Output: an
 * HttpAnswer of status 200 whose body is the UTC seconds, taken by polling. Invariants: a question ends exactly once; its
 * socket is closed with it; anything else is ignored, so a stranger's datagram neither ends nor answers it.
 */
import type { HttpAnswer, HttpRequest } from "../ports";
import { ntpQuestion, ntpTime } from "../shared/ntp_packet";
import type { BuiltIn, InterpreterDatagrams } from "./interpreter";

const NTP_PORT = 123;

let socket: InterpreterDatagrams | undefined;
let mark = "";
let timeS = 0;
let failure = "";

function onMessage(message: string): void {
  if (timeS === 0) timeS = ntpTime(message, mark);
}

function onError(): void {
  if (failure === "") failure = "network";
}

/** Begins the exchange; exchangeEnded reports each failure. */
export function startExchange(request: HttpRequest): void {
  const address = request.url.substr(6);
  const colon = address.indexOf(":");
  mark = request.body;
  try {
    socket = (require("dgram") as BuiltIn["dgram"]).createSocket("udp4");
    socket.on("message", onMessage);
    socket.on("error", onError);
    socket.send(ntpQuestion(mark), colon < 0 ? NTP_PORT : parseInt(address.substr(colon + 1), 10), colon < 0 ? address : address.substr(0, colon));
  } catch (error) {
    // A name that is not known is thrown; a build without UDP has no such module.
    failure = ("" + error).indexOf("locate") >= 0 ? "dns" : "network";
  }
}

/** Ends it without an answer. */
export function cancelExchange(): void {
  if (socket !== undefined) {
    // close() waits for what is unsent; the interpreter's own mark closes on the next idle pass.
    socket.clsNow = true;
    socket.close();
  }
  socket = undefined;
}

/** Whether the exchange has ended; then `answer` is filled. `late`: its time is over. */
export function exchangeEnded(answer: HttpAnswer, late: boolean): boolean {
  if (timeS === 0 && failure === "" && !late) return false;
  cancelExchange();
  answer.status = timeS > 0 ? 200 : 0;
  answer.failure = timeS > 0 ? "" : failure === "" ? "timeout" : failure;
  answer.body = timeS > 0 ? "" + timeS : "";
  answer.contentType = "";
  answer.contentDigest = "";
  answer.signatureInput = "";
  answer.signature = "";
  answer.date = "";
  answer.retryAfter = "";
  answer.location = "";
  return true;
}
