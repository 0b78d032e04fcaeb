/*
 * HTTP on virtual time, with a server model behind it and a script of faults between.
 *
 * Input: `serve`, called when a request reaches the server; `nextFault`, called once per request. Output:
 * the HttpPort of the board. Fault model: a request is lost, delayed, or delivered twice; an answer is
 * lost, cut, delayed past the time-out, or replaced by another host's. Not modelled: two
 * exchanges at once, which the port refuses. Invariant: every started exchange ends exactly once.
 */
import { ANSWER_BYTES_MAX, FETCHED_BYTES_MAX } from "../../firmware/limits";
import type { HttpAnswer, HttpPort, HttpRequest } from "../ports";
import type { MockClock } from "./clock";

/** A server's answer; absent fields are empty. */
export type ServerAnswer = Partial<Omit<HttpAnswer, "failure">> & { status: number };

export interface HttpFault {
  /** The connection fails with this word before the server sees anything: "refused", "dns", "tls", "network". */
  refuse?: string;
  /** The server never gets the request; the board waits for its time-out. */
  requestLost?: boolean;
  requestDelayMs?: number;
  /** The server gets the same request once more, this long after the first. */
  duplicateAfterMs?: number;
  /** The server gets it and acts, and its answer is lost. */
  answerLost?: boolean;
  answerDelayMs?: number;
  /** The connection breaks in the middle of the answer. */
  answerCut?: boolean;
  /** A host between answers instead; with `absorb` the server never gets the request. */
  replace?: ServerAnswer;
  absorb?: boolean;
}

export interface MockHttp extends HttpPort {
  serve: (request: HttpRequest) => ServerAnswer;
  nextFault: (request: HttpRequest) => HttpFault;
  /** Requests begun by the board, and deliveries made to the server. */
  started: number;
  delivered: number;
  /** Power cut: the exchange is gone; deliveries on their way still arrive. */
  boot(): void;
  /** Makes all deliveries that are due; called by the port's own functions too. */
  settle(): void;
}

interface Delivery {
  worldMs: number;
  request: HttpRequest;
  exchange: number;
}

interface Exchange {
  number: number;
  fault: HttpFault;
  deadlineMs: number;
  endMs: number;
  answer: HttpAnswer;
}

export function emptyAnswer(): HttpAnswer {
  return {
    status: 0, body: "", contentType: "", contentDigest: "", signatureInput: "", signature: "",
    date: "", retryAfter: "", location: "", failure: "",
  };
}

function failed(failure: string): HttpAnswer {
  return { ...emptyAnswer(), failure };
}

/** The longest body of an answer to this request. */
function bytesMaxOf({ method }: HttpRequest): number {
  return method === "GET" ? FETCHED_BYTES_MAX : ANSWER_BYTES_MAX;
}

export function createMockHttp(clock: MockClock): MockHttp {
  let current: Exchange | undefined;
  let deliveries: Delivery[] = [];

  function endWith(exchange: Exchange, answer: HttpAnswer, atMs: number): void {
    exchange.answer = answer;
    exchange.endMs = Math.min(atMs, exchange.deadlineMs);
    if (atMs > exchange.deadlineMs) exchange.answer = failed("timeout");
  }

  function answered(exchange: Exchange, said: ServerAnswer, atMs: number, bytesMax: number): void {
    const { fault } = exchange;
    if (fault.answerLost === true) return;
    const answer = { ...emptyAnswer(), ...said };
    if (fault.answerCut === true) endWith(exchange, failed("cut"), atMs);
    else if (answer.body.length > bytesMax) endWith(exchange, failed("tooLong"), atMs);
    else endWith(exchange, answer, atMs + (fault.answerDelayMs ?? 0));
  }

  function deliver(delivery: Delivery): void {
    http.delivered++;
    const said = http.serve(delivery.request);
    if (current === undefined || current.number !== delivery.exchange || current.endMs >= 0) return;
    answered(current, current.fault.replace ?? said, delivery.worldMs, bytesMaxOf(delivery.request));
  }

  const http: MockHttp = {
    serve: () => ({ status: 404 }),
    nextFault: () => ({}),
    started: 0,
    delivered: 0,
    boot() {
      current = undefined;
    },
    settle() {
      for (;;) {
        const due = deliveries.filter((delivery) => delivery.worldMs <= clock.worldMs).sort((a, b) => a.worldMs - b.worldMs)[0];
        if (due === undefined) break;
        deliveries = deliveries.filter((delivery) => delivery !== due);
        deliver(due);
      }
      // No answer came in time: the answer of a request still under way is late, and dropped.
      if (current !== undefined && current.endMs < 0 && clock.worldMs >= current.deadlineMs) endWith(current, failed("timeout"), clock.worldMs);
    },
    start(request) {
      http.settle();
      if (current !== undefined) return "busy";
      const fault = http.nextFault(request);
      const exchange: Exchange = { number: ++http.started, fault, deadlineMs: clock.worldMs + request.timeoutMs, endMs: -1, answer: emptyAnswer() };
      current = exchange;
      const copy = { ...request, headers: request.headers.slice() };
      const arriveMs = clock.worldMs + (fault.requestDelayMs ?? 0);
      if (fault.refuse !== undefined) endWith(exchange, failed(fault.refuse), clock.worldMs);
      else if (fault.replace !== undefined && fault.absorb === true) answered(exchange, fault.replace, clock.worldMs, bytesMaxOf(request));
      else if (fault.requestLost !== true) {
        deliveries.push({ worldMs: arriveMs, request: copy, exchange: exchange.number });
        if (fault.duplicateAfterMs !== undefined) deliveries.push({ worldMs: arriveMs + fault.duplicateAfterMs, request: copy, exchange: exchange.number });
      }
      return "started";
    },
    poll(answer) {
      http.settle();
      if (current === undefined) return "idle";
      if (current.endMs < 0 || current.endMs > clock.worldMs) return "waiting";
      Object.assign(answer, current.answer);
      current = undefined;
      return "done";
    },
    cancel() {
      current = undefined;
    },
  };
  return http;
}
