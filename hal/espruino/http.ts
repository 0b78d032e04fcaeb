/*
 * HttpPort on Espruino: one exchange at a time.
 *
 * Input: HttpRequest. Output: HttpAnswer, taken by polling. Invariants: an exchange never takes longer than its
 * time-out; what carries it out (http_client.ts, ntp_client.ts) is read from flash for it and let go of with it, so that a board
 * that has nothing to send spends no memory on it.
 */
import type { HttpAnswer, HttpPort, HttpRequest } from "../ports";
import { sinceMs } from "./clock";
import type * as HttpClient from "./http_client";
import type * as NtpClient from "./ntp_client";
import { system } from "./system";

/** undefined while no exchange is under way. */
export let client: typeof HttpClient | typeof NtpClient | undefined;
let startedMs = 0;
let timeoutMs = 0;

export const httpPort: HttpPort = {
  start: function (request: HttpRequest): "started" | "busy" {
    if (client !== undefined) return "busy";
    // Missing only on a board whose files are incomplete; the console says which.
    client = request.url.charAt(0) === "n" ? system.load("ntp_client") as typeof NtpClient | undefined : system.load("http_client") as typeof HttpClient | undefined;
    if (client === undefined) return "busy";
    startedMs = sinceMs(0);
    timeoutMs = request.timeoutMs;
    client.startExchange(request, system);
    return "started";
  },
  poll: function (answer: HttpAnswer): "idle" | "waiting" | "done" {
    if (client === undefined) return "idle";
    if (!client.exchangeEnded(answer, sinceMs(startedMs) >= timeoutMs)) return "waiting";
    client = undefined;
    return "done";
  },
  cancel: function (): void {
    if (client !== undefined) client.cancelExchange();
    client = undefined;
  },
};
