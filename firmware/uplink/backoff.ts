/*
 * How long to wait after a failure.
 *
 * Input: the count of failures in a row, random bytes, the server's Retry-After. Output: whole seconds.
 * Invariants: the wait doubles and is capped, and its jitter spreads boards that lost the same server; a
 * server, or a host between, can ask for at most RETRY_AFTER_S_MAX.
 */
import type { Bytes } from "../../hal/ports";
import { wholeOf } from "../base/json_reader";
import { BACKOFF_S_MAX, BACKOFF_S_MIN, RETRY_AFTER_S_MAX } from "../limits";


const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

/**
 * Seconds to wait after the `failures`-th failure in a row (from 1): between a half and the whole of
 * min(5 * 2^(failures - 1), 900). `random` is one random byte.
 */
export function backoffS(failures: number, random: Bytes): number {
  let limit = BACKOFF_S_MIN;
  for (let count = 1; count < failures && limit < BACKOFF_S_MAX; count++) limit = limit * 2;
  if (limit > BACKOFF_S_MAX) limit = BACKOFF_S_MAX;
  return limit - Math.floor((Math.floor(limit / 2) * random.charCodeAt(0)) / 255);
}

/** UTC seconds of an HTTP date (RFC 9110 §5.6.7, the preferred form), -1 for anything else or before 1970. */
export function httpDateS(text: string): number {
  if (text.length !== 29 || text.substring(25) !== " GMT" || text.charAt(19) !== ":" || text.charAt(22) !== ":") return -1;
  // A leading zero is no number to wholeOf: "1" in front of two digits makes 100 to 199.
  const day = wholeOf("1" + text.substring(5, 7)) - 100;
  const monthAt = MONTHS.indexOf(text.substring(8, 11));
  const year = wholeOf(text.substring(12, 16));
  const hour = wholeOf("1" + text.substring(17, 19)) - 100;
  const minute = wholeOf("1" + text.substring(20, 22)) - 100;
  const second = wholeOf("1" + text.substring(23, 25)) - 100;
  if (day < 1 || day > 31 || monthAt < 0 || monthAt % 3 !== 0 || year < 1970 || year > 2037) return -1;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return -1;
  // Years begin in March here, so that the leap day is the last day of its year.
  const month = Math.floor(monthAt / 3) + 1;
  const marchYear = month > 2 ? year : year - 1;
  const marchMonth = month > 2 ? month - 3 : month + 9;
  const days = 365 * marchYear + Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400) +
    Math.floor((153 * marchMonth + 2) / 5) + day - 1 - 719468;
  return days * 86400 + hour * 3600 + minute * 60 + second;
}

/**
 * Seconds that a Retry-After field asks for, 0 … 3600, -1 when it says nothing usable. A date is measured
 * against the answer's own Date field, so a board that does not know the time can follow it.
 */
export function retryAfterS(retryAfter: string, date: string): number {
  let seconds = wholeOf(retryAfter);
  if (seconds < 0) {
    const untilS = httpDateS(retryAfter);
    const fromS = httpDateS(date);
    if (untilS < 0 || fromS < 0) return -1;
    seconds = untilS > fromS ? untilS - fromS : 0;
  }
  return seconds > RETRY_AFTER_S_MAX ? RETRY_AFTER_S_MAX : seconds;
}
