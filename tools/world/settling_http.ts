/*
 * Real HTTP under virtual time: the played world stands still while an exchange is under way.
 *
 * Input: an HttpPort whose answers take real milliseconds. Output: the same port, and `settled`, which a
 * player awaits between two ticks. Invariant: the board sees exactly what it would see, only that no
 * virtual time passes between its request and the answer.
 */
import type { HttpAnswer, HttpPort } from "../../hal/ports";

export interface SettlingHttp extends HttpPort {
  /** Resolves once no exchange is waiting for the network. */
  settled(): Promise<void>;
}

function emptyAnswer(): HttpAnswer {
  return {
    status: 0, body: "", contentType: "", contentDigest: "", signatureInput: "", signature: "",
    date: "", retryAfter: "", location: "", failure: "",
  };
}

export function settlingHttp(inner: HttpPort): SettlingHttp {
  const held = emptyAnswer();
  let state: "idle" | "waiting" | "done" = "idle";
  return {
    start(request) {
      const result = inner.start(request);
      if (result === "started") state = "waiting";
      return result;
    },
    poll(answer) {
      if (state !== "done") return state;
      Object.assign(answer, held);
      state = "idle";
      return "done";
    },
    cancel() {
      inner.cancel();
      state = "idle";
    },
    async settled() {
      while (state === "waiting") {
        if (inner.poll(held) === "done") state = "done";
        else await new Promise((resolve) => setTimeout(resolve, 1));
      }
    },
  };
}
