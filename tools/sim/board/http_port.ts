/*
 * The HTTP port of a simulated board: one exchange, whose fate the network decides.
 *
 * Input: requests of the board; `decide`, called by the network. Output: HttpPort on virtual time. Invariant: every
 * started exchange ends once: with the answer that was decided, or at its time-out.
 */
import type { MockClock } from "../../../hal/mock/clock";
import { emptyAnswer } from "../../../hal/mock/http";
import type { HttpAnswer, HttpPort, HttpRequest } from "../../../hal/ports";

export interface SimExchange {
  request: HttpRequest;
  sentMs: number;
  /** When the board learns of its end, and what; until the network has decided, its time-out. */
  endMs: number;
  answer: HttpAnswer;
}

export interface SimHttp extends HttpPort {
  /** An exchange that the network has not seen yet. */
  outbox: SimExchange | undefined;
  /** When the exchange under way ends, Infinity without one. */
  endMs(): number;
  decide(exchange: SimExchange, answer: Partial<HttpAnswer>, endMs: number): void;
  /** A power cut: the exchange is gone, and what it sent is on its way. */
  boot(): void;
}

export function createSimHttp(clock: MockClock): SimHttp {
  let current: SimExchange | undefined;
  const http: SimHttp = {
    outbox: undefined,
    endMs: () => current?.endMs ?? Infinity,
    decide(exchange, answer, endMs) {
      if (endMs >= exchange.endMs) return;
      exchange.endMs = endMs;
      exchange.answer = { ...emptyAnswer(), ...answer };
    },
    boot() {
      current = undefined;
    },
    start(request) {
      if (current !== undefined) return "busy";
      current = {
        request: { ...request, headers: request.headers.slice() }, sentMs: clock.worldMs, endMs: clock.worldMs + request.timeoutMs,
        answer: { ...emptyAnswer(), failure: "timeout" },
      };
      http.outbox = current;
      return "started";
    },
    poll(answer) {
      if (current === undefined) return "idle";
      if (clock.worldMs < current.endMs) return "waiting";
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
