/*
 * The network between the boards and the endpoint: what happens to each request and to its answer.
 *
 * Input: an exchange that a board began, and the fate that its world gives it. Output: deliveries to the endpoint at
 * their moments, and the end of the exchange at the board. Invariant: the fate is drawn from the board's own stream, so
 * that a second board changes nothing for the first.
 */
import type { HttpAnswer, HttpRequest } from "../../../hal/ports";
import type { SimExchange } from "../board/http_port";
import type { SimBoard } from "../board/sim_board";
import type { Endpoint } from "./endpoint";

/** The fate of one exchange; without more, its two ways take `wayMs` and `backMs`. */
export interface Fate {
  wayMs: number;
  backMs: number;
  /** The connection is refused with this word, and the endpoint hears nothing. */
  refuse?: string;
  isRequestLost?: boolean;
  isAnswerLost?: boolean;
  isAnswerCut?: boolean;
  /** The same request arrives once more, so much later. */
  againMs?: number;
  /** The process of the endpoint is killed at this statement of the request, before or after it is done. */
  kill?: { statement: number; isAfter: boolean };
  /** The database fails at this statement, and the process lives on. */
  failAt?: number;
  /** A host between changes the request on its way. */
  changeRequest?: (request: HttpRequest) => HttpRequest;
  /** A host between changes the answer, or gives one of its own without asking the endpoint. */
  change?: (answer: Partial<HttpAnswer>) => Partial<HttpAnswer>;
  absorb?: Partial<HttpAnswer>;
}

export interface Delivery {
  atMs: number;
  /** Deliveries of one moment keep the order in which they were sent. */
  number: number;
  run(): Promise<void>;
}

/** Tells the board the end of its exchange; a lost answer leaves it to the time-out. */
function decide(board: SimBoard, exchange: SimExchange, fate: Fate, answer: Partial<HttpAnswer> | undefined, atMs: number): void {
  const endMs = atMs + fate.backMs;
  if (answer === undefined || fate.isAnswerCut === true) board.http.decide(exchange, { failure: "cut" }, endMs);
  else if (fate.isAnswerLost !== true) board.http.decide(exchange, fate.change === undefined ? answer : fate.change(answer), endMs);
}

/** The deliveries of one exchange. `number` is that of the first one; `onAnswer` hears what left the endpoint. */
export function carry(endpoint: Endpoint, board: SimBoard, exchange: SimExchange, fate: Fate, number: number, onAnswer: (answer: Partial<HttpAnswer> | undefined) => void): Delivery[] {
  const arriveMs = exchange.sentMs + fate.wayMs;
  if (fate.refuse !== undefined) {
    board.http.decide(exchange, { failure: fate.refuse }, arriveMs);
    return [];
  }
  if (fate.absorb !== undefined) {
    board.http.decide(exchange, fate.absorb, arriveMs + fate.backMs);
    return [];
  }
  if (fate.isRequestLost === true) return [];
  const deliveries: Delivery[] = [{
    atMs: arriveMs, number,
    async run() {
      if (fate.kill !== undefined) endpoint.database.killAt(fate.kill.statement, fate.kill.isAfter);
      if (fate.failAt !== undefined) endpoint.database.failAt(fate.failAt);
      const answer = await endpoint.serve(fate.changeRequest?.(exchange.request) ?? exchange.request, arriveMs, fate.changeRequest === undefined ? undefined : "direct");
      endpoint.database.revive();
      onAnswer(answer);
      decide(board, exchange, fate, answer, arriveMs);
    },
  }];
  if (fate.againMs !== undefined) {
    const againMs = arriveMs + fate.againMs;
    deliveries.push({ atMs: againMs, number: number + 1, run: async () => { await endpoint.serve(exchange.request, againMs, undefined); } });
  }
  return deliveries;
}
