/*
 * CallsPort on Espruino: API calls over the board's own HTTP server.
 *
 * Input: the port of the API. Output: calls, and answers to those who asked. Invariant: what serves a request
 * (api_server.ts) is read from flash when one comes and let go of once no connection is left, so that a board
 * whose API is not in use spends no memory on it; a request for which there is not memory enough is
 * told to come back, so that callers never bring a board down.
 */
import type { Bytes, Call, CallsPort } from "../ports";
import { WORDS_BUSY } from "../shared/api_request";
import { sinceMs } from "./clock";
import { TICK_MS } from "../../firmware/limits";
import { hasRoom } from "./room";
import type * as ApiServer from "./api_server";
import type { BuiltIn, HttpServerRequest, HttpServerResponse } from "./interpreter";
import { armLoop, wake } from "./wake";
import { system } from "./system";

/** Variables of the interpreter that must be free for a request, of which a call takes about 250 until it is answered. */
const FREE_MIN = 420;
/** Between two looks for connections that no request came of. */
const LOOK_MS = 10000;

let server: typeof ApiServer | undefined;
let isOpen = false;
let lookedMs = 0;

export const calls: CallsPort = {
  open: function (port: number): "ok" | "absent" {
    if (port === 0) return "ok";
    isOpen = true;
    (require("http") as BuiltIn["http"]).createServer(function (request: HttpServerRequest, response: HttpServerResponse): void {
      wake.pending = true;
      if (wake.resting) armLoop(TICK_MS);
      const isRoom = hasRoom(FREE_MIN);
      if (server === undefined && isRoom) server = system.load("api_server") as typeof ApiServer | undefined;
      if (!isRoom) response.writeHead(503, { Connection: "close" });
      // Missing only on a board whose files are incomplete; the console says which.
      if (!isRoom) response.end(WORDS_BUSY);
      else if (server === undefined) response.end("error: the api_server module is missing; deploy the board again");
      else server.onRequest(request, response);
    }).listen(port);
    return "ok";
  },
  take: function (call: Call): boolean {
    if (!isOpen) return false;
    const isDue = sinceMs(lookedMs) >= LOOK_MS;
    if (server === undefined && !isDue) return false;
    if (isDue) lookedMs = sinceMs(0);
    // The interpreter's hidden root: its only way to connections that no handler has ever seen.
    const list = (global as unknown as ApiServer.Root)["\xff"]!.HttpSC;
    const idle = list === undefined || list.length === 0;
    if (server === undefined && !idle) server = system.load("api_server") as typeof ApiServer | undefined;
    if (server === undefined) return false;
    if (isDue && list !== undefined) server.sweepConnections(list);
    // While there are connections a request may become whole at any time.
    wake.pending = true;
    if (server.takeCall(call)) return true;
    // The caller has its answer, or has left without it.
    if (idle && server.isIdle()) server = undefined;
    return false;
  },
  answer: function (id: number, status: number, body: Bytes): void {
    if (server !== undefined) server.answerCall(id, status, body);
  },
};
