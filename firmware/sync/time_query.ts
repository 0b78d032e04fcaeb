/*
 * Asks a time server (`network.ntp`) for the time, through the port that also carries HTTP.
 *
 * Input: ticks while the uploader is idle. Output: the wall, which compares the time with what other sources told; the
 * platform's clock when it is taken. A module of its own, loaded when a question is due. Invariants: one exchange at a time;
 * the answer is not signed, so it is a witness like any other: against a running clock that was confirmed it changes
 * nothing for a day.
 */
import type { HttpAnswer, HttpRequest, Instant } from "../../hal/ports";
import { learnTime, SOURCE_NTP } from "../base/wall_clock";
import { CLOCK_TOLERANCE_S, EXCHANGE_S_MAX } from "../limits";
import { wholeOf } from "../base/json_reader";
import { createReceived } from "../uplink/uploader_state";
import type { Uploader } from "../uplink/uploader_state";

const TIMEOUT_MS = 5000;

export interface TimeQuery {
  address: string;
  isAsking: boolean;
  startedS: number;
  received: HttpAnswer;
}

/** `address`: host or host:port. */
export function createTimeQuery(address: string): TimeQuery {
  return { address: address, isAsking: false, startedS: 0, received: createReceived() };
}

/** One step: asks, then waits for the answer. "failed": no time came, or it was too long on its way. */
export function timeQueryTick(query: TimeQuery, uploader: Uploader, now: Instant): "waiting" | "done" | "failed" {
  const ports = uploader.ports;
  if (!query.isAsking) {
    if (uploader.state !== "idle") return "waiting";
    const request: HttpRequest = { method: "GET", url: "ntp://" + query.address, headers: [], body: ports.crypto.random(8), timeoutMs: TIMEOUT_MS };
    query.startedS = now.s;
    query.isAsking = ports.http.start(request) === "started";
    uploader.httpInUseElsewhere = query.isAsking;
    return query.isAsking ? "waiting" : "failed";
  }
  const answer = query.received;
  if (ports.http.poll(answer) === "waiting") return "waiting";
  uploader.httpInUseElsewhere = false;
  const wall = uploader.wall;
  const timeS = answer.status === 200 ? wholeOf(answer.body) : -1;
  if (timeS <= 0 || (wall.offsetS !== 0 && now.s - query.startedS > EXCHANGE_S_MAX)) {
    // A witness that is gone contradicts no more.
    if (wall.rivalOf === SOURCE_NTP) wall.rivalS = 0;
    return "failed";
  }
  const learnt = learnTime(wall, now, timeS, SOURCE_NTP);
  const errorS = ports.clock.wallS() - timeS;
  if ((learnt === "same" || learnt === "moved") && (errorS > CLOCK_TOLERANCE_S || errorS < -CLOCK_TOLERANCE_S)) ports.clock.setWall(timeS);
  return "done";
}
