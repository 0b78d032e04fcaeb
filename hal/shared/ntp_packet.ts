/*
 * One question of the network time protocol (SNTP, RFC 4330) and its answer.
 *
 * Input: random bytes; the datagram that came back. Output: a datagram of 48 bytes; UTC seconds since 1970. Invariant: an
 * answer that is not to this question, or of a server that does not know the time itself, tells no time.
 */
import type { Bytes } from "../ports";
import { readU16, u8 } from "../../firmware/base/bytes";

/** Bytes of a question and of an answer without extensions; where the answer repeats the question's own mark, and tells its time. */
export const NTP_BYTES = 48;
const ORIGIN_AT = 24;
const TRANSMIT_AT = 40;
const MARK_BYTES = 8;
/** Version 4, mode 3: a client. */
const CLIENT = 35;
const MODE_SERVER = 4;
const LEAP_UNKNOWN = 3;
const STRATUM_MAX = 15;
/** 2036 begins the second era, of seconds below this bit of the first. */
const ERA_HIGH = 32768;
const HIGH_1970 = 33706;
const LOW_1970 = 32384;
const SECOND_ERA_HIGH = 65536;

/** The question; `mark`, 8 random bytes, binds the answer to it. */
export function ntpQuestion(mark: Bytes): Bytes {
  let zeros = "";
  while (zeros.length < TRANSMIT_AT - 1) zeros += u8(0);
  return u8(CLIENT) + zeros + mark;
}

/** UTC seconds since 1970 that the answer to the question with `mark` tells, rounded; 0 when it tells none. */
export function ntpTime(answer: Bytes, mark: Bytes): number {
  if (answer.length < NTP_BYTES) return 0;
  const first = answer.charCodeAt(0);
  const stratum = answer.charCodeAt(1);
  if (first % 8 !== MODE_SERVER || Math.floor(first / 64) === LEAP_UNKNOWN || stratum < 1 || stratum > STRATUM_MAX) return 0;
  if (answer.substring(ORIGIN_AT, ORIGIN_AT + MARK_BYTES) !== mark) return 0;
  const high = readU16(answer, TRANSMIT_AT);
  const low = readU16(answer, TRANSMIT_AT + 2);
  // Seconds since 1900 have 32 bits, more than every machine of ours has: halves are subtracted one by one.
  const wide = (high < ERA_HIGH ? high + SECOND_ERA_HIGH : high) - HIGH_1970;
  if (wide < 0 || wide >= ERA_HIGH || (wide === 0 && low < LOW_1970)) return 0;
  const seconds = wide * SECOND_ERA_HIGH + low - LOW_1970;
  return answer.charCodeAt(TRANSMIT_AT + 4) >= 128 ? seconds + 1 : seconds;
}
