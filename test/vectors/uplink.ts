/*
 * Known answers of waiting, HTTP dates and wall time.
 *
 * Input: none. Output: run…() functions that return "" or the first difference. Invariant: in the portable
 * subset; dates are those of RFC 9110.
 */
import type { Moment } from "../../firmware/session/row";
import { u8 } from "../../firmware/base/bytes";
import { createWall, learnTime, moment } from "../../firmware/base/wall_clock";
import { backoffS, httpDateS, retryAfterS } from "../../firmware/uplink/backoff";
import { difference } from "./check";

export function runBackoff(): string {
  let waits = "";
  for (let failures = 1; failures < 11; failures++) waits += backoffS(failures, u8(0)) + "," + backoffS(failures, u8(255)) + " ";
  let fault = difference("backoffS", waits, "5,3 10,5 20,10 40,20 80,40 160,80 320,160 640,320 900,450 900,450 ");
  if (fault === "") fault = difference("httpDateS", "" + httpDateS("Sun, 06 Nov 1994 08:49:37 GMT"), "784111777");
  if (fault === "") fault = difference("httpDateS of a leap day", "" + httpDateS("Thu, 29 Feb 2024 23:59:59 GMT"), "1709251199");
  if (fault === "") fault = difference("httpDateS of another form", "" + httpDateS("Sunday, 06-Nov-94 08:49:37 GMT"), "-1");
  if (fault === "") fault = difference("retryAfterS", "" + retryAfterS("120", "") + " " + retryAfterS("99999", "") + " " + retryAfterS("x", ""), "120 3600 -1");
  if (fault === "") fault = difference("retryAfterS of a date", "" + retryAfterS("Sun, 06 Nov 1994 08:51:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT"), "120");
  return fault;
}

export function runWall(): string {
  const wall = createWall(3, 12345, 5);
  const out: Moment = { epochS: -1, boot: -1, uptimeS: -1 };
  moment(wall, { ms: 0, s: 60 }, out);
  let text = "" + out.epochS + "," + out.boot + "," + out.uptimeS + " " + learnTime(wall, { ms: 0, s: 100 }, 1800000000);
  moment(wall, { ms: 0, s: 160 }, out);
  text += " " + out.epochS + " " + learnTime(wall, { ms: 0, s: 160 }, 1800000058) + " " + learnTime(wall, { ms: 0, s: 160 }, 1800000000);
  moment(wall, { ms: 0, s: 161 }, out);
  return difference("moments", text + " " + out.epochS, "0,3,60 moved 1800000060 same moved 1800000060");
}
