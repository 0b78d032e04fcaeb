/*
 * One question to a time server over UDP.
 *
 * Input: HttpRequest of an address ntp://host or ntp://host:port, whose body is the mark that binds the answer. Output: one
 * HttpAnswer of status 200 whose body is the UTC seconds. Invariants: a question ends exactly once; anything else is
 * ignored.
 */
import { createSocket } from "node:dgram";
import { ntpQuestion, ntpTime } from "../shared/ntp_packet";
import type { HttpAnswer, HttpRequest } from "../ports";

const NTP_PORT = 123;

function answerOf(status: number, body: string, failure: string): HttpAnswer {
  return { status, body, contentType: "", contentDigest: "", signatureInput: "", signature: "", date: "", retryAfter: "", location: "", failure };
}

/** Begins an exchange; `end` is called once. Returns what gives it up. */
export function askTime(request: HttpRequest, timeoutMs: number, end: (answer: HttpAnswer) => void): () => void {
  const { hostname, port } = new URL(request.url.replace(/^ntp:/, "http:"));
  const socket = createSocket("udp4");
  let isOver = false;
  const finish = (answer: HttpAnswer | undefined): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    socket.close();
    if (answer !== undefined) end(answer);
  };
  const timer = setTimeout(() => { finish(answerOf(0, "", "timeout")); }, timeoutMs);
  socket.on("error", () => { finish(answerOf(0, "", "network")); });
  socket.on("message", (message) => {
    const timeS = ntpTime(message.toString("latin1"), request.body);
    if (timeS > 0) finish(answerOf(200, String(timeS), ""));
  });
  socket.send(Buffer.from(ntpQuestion(request.body), "latin1"), port === "" ? NTP_PORT : Number(port), hostname, (error) => {
    if (error === null) return;
    const { code } = error as NodeJS.ErrnoException;
    finish(answerOf(0, "", code === "ENOTFOUND" || code === "EAI_AGAIN" ? "dns" : "network"));
  });
  return () => { finish(undefined); };
}
