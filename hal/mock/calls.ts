/*
 * API calls put to the board by a test.
 *
 * Input: `arrive`. Output: the CallsPort of the board and the answers it gave. Invariant: at most
 * CALLS_MAX wait; a further one is turned away with 503 at once, as a board's server does.
 */
import { CALLS_MAX, COMMAND_BYTES_MAX } from "../../firmware/limits";
import type { Call, CallsPort } from "../ports";
import { WORDS_BUSY } from "../shared/api_request";

export interface MockCalls extends CallsPort {
  /** Returns the id under which the answer will appear. */
  arrive(origin: "http" | "console", token: string, text: string): number;
  /** The caller went away: its answer will be ignored. */
  hangUp(id: number): void;
  /** Answers by id: [status, body]. */
  readonly answers: Map<number, [number, string]>;
  /** The TCP port that was opened, -1 while none was. */
  port(): number;
}

export function createMockCalls(): MockCalls {
  const waiting: Call[] = [];
  const open = new Set<number>();
  const answers = new Map<number, [number, string]>();
  let nextId = 1;
  let opened = -1;
  return {
    answers,
    port: () => opened,
    arrive(origin, token, text) {
      const id = nextId++;
      if (waiting.length >= CALLS_MAX) answers.set(id, [503, WORDS_BUSY]);
      else if (text.length > COMMAND_BYTES_MAX) answers.set(id, [413, "too long"]);
      else {
        waiting.push({ id, origin, token, text });
        open.add(id);
      }
      return id;
    },
    hangUp(id) {
      open.delete(id);
    },
    open(port) {
      opened = port;
      return "ok";
    },
    take(call) {
      const oldest = waiting.shift();
      if (oldest === undefined) return false;
      call.id = oldest.id;
      call.origin = oldest.origin;
      call.token = oldest.token;
      call.text = oldest.text;
      return true;
    },
    answer(id, status, body) {
      if (open.delete(id)) answers.set(id, [status, body]);
    },
  };
}
