/*
 * CallsPort on Espruino: API calls over the board's own HTTP server.
 *
 * Input: the port of the API. Output: calls, and answers to those who asked. Invariant: the server is a
 * module loaded by name (api_server.ts), so that a board without an API spends no memory on it.
 */
import type { Bytes, Call, CallsPort } from "../ports";
import type * as ApiServer from "./api_server";
import { system } from "./system";

let server: typeof ApiServer | undefined;

export const calls: CallsPort = {
  open: function (port: number): "ok" | "absent" {
    if (port === 0) return "ok";
    server = system.load("api_server") as typeof ApiServer | undefined;
    if (server === undefined) return "absent";
    server.listen(port);
    return "ok";
  },
  take: function (call: Call): boolean {
    return server !== undefined && server.takeCall(call);
  },
  answer: function (id: number, status: number, body: Bytes): void {
    if (server !== undefined) server.answerCall(id, status, body);
  },
};
