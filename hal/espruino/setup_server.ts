/*
 * SetupPort on Espruino: the HTTP server of set-up mode.
 *
 * Input: HTTP. Output: one whole request at a time. Invariants: no more of a request is kept than the length it
 * announced, and that is bounded; every byte that is not used is read and dropped, because the interpreter
 * would else keep it; a client that is slow, leaves or is refused makes room for the next, and a new upload takes the place of one that is not whole.
 */
import type { Bytes, SetupPort, SetupRequest } from "../ports";
import { sweepConnections } from "./connections";
import type { Root } from "./connections";
import type { BuiltIn, HttpServerRequest, HttpServerResponse } from "./interpreter";

/** Calls of `take` between two looks for requests that do not come whole: 5 s at 20 a second. */
const LOOKS = 100;
/** A client that is refused in the middle of its body may read why, then it is cut off. */
const CUT_MS = 1000;

interface Client {
  request: HttpServerRequest;
  response: HttpServerResponse;
  body: Bytes;
  length: number;
}

let client: Client | undefined;
/** The client has been given to `take` and waits for its answer. */
let taken = false;
let bodyBytesMax = 0;
let looks = 0;

function header(request: HttpServerRequest, name: string): string {
  for (const spelled in request.headers) if (spelled.toLowerCase() === name) return request.headers[spelled]!;
  return "";
}

function end(response: HttpServerResponse, status: number, type: string, body: Bytes): void {
  try {
    response.writeHead(status, { "Content-Type": type, "Content-Length": body.length, Connection: "close" });
    response.end(body);
  } catch (error) {
    // Its sender has left.
    print("set-up: not answered: " + error);
  }
}

function refuse(request: HttpServerRequest, response: HttpServerResponse, status: number, why: string): void {
  end(response, status, "text/plain", why + "\n");
  setTimeout(function (): void {
    request.clsNow = true;
  }, CUT_MS);
}

/** Gives up an upload that is not whole: its sender may have gone out of reach without a word. */
function displace(): void {
  if (client === undefined) return;
  client.request.clsNow = true;
  client = undefined;
}

/**
 * Whether `host` is a name of the internet. A page from elsewhere can make its own name lead to this board (DNS
 * rebinding), and the browser would then take board and page for one site.
 */
function isInternetName(host: string): boolean {
  const colon = host.indexOf(":");
  const name = (colon < 0 ? host : host.substring(0, colon)).toLowerCase();
  return name.indexOf(".") >= 0 && name.toUpperCase() !== name && name.substring(name.length - 6) !== ".local";
}

/** Why a request is none for the set-up, as status and words; "" when it is one. */
function refusal(request: HttpServerRequest, length: number): string {
  const origin = header(request, "origin");
  const host = header(request, "host");
  if (isInternetName(host)) return "421 open this page by the address that the console shows, not by a name";
  if (client !== undefined && (request.method !== "POST" || client.body.length >= client.length)) return "503 busy with another request; try again";
  // A page from elsewhere could send its form here through the telephone that has joined.
  if (origin !== "" && origin !== "http://" + host) return "403 the form must come from this board's own page";
  if (!(length >= 0)) return "411 the length of the body is missing";
  return length > bodyBytesMax ? "413 the document has " + length + " bytes, at most " + bodyBytesMax + " fit" : "";
}

function onRequest(request: HttpServerRequest, response: HttpServerResponse): void {
  const length = request.method === "POST" ? parseInt(header(request, "content-length"), 10) : 0;
  const why = refusal(request, length);
  const mine: Client = { request: request, response: response, body: "", length: length };
  request.on("data", function (data: string): void {
    if (client === mine && mine.body.length < length) mine.body += data;
  });
  request.on("close", function (): void {
    if (client === mine && !taken) client = undefined;
  });
  if (why === "") {
    displace();
    client = mine;
  } else refuse(request, response, parseInt(why, 10), why.substr(4));
}

export const setupServer: SetupPort = {
  open: function (port: number, bytesMax: number): "ok" {
    bodyBytesMax = bytesMax;
    (require("http") as BuiltIn["http"]).createServer(onRequest).listen(port);
    return "ok";
  },
  take: function (request: SetupRequest): boolean {
    const at = client;
    looks = (looks + 1) % LOOKS;
    const list = (global as unknown as Root)["\xff"]!.HttpSC;
    if (looks === 0 && list !== undefined) sweepConnections(list);
    if (at === undefined || taken || at.body.length < at.length) return false;
    taken = true;
    request.method = at.request.method;
    request.path = at.request.url;
    request.body = at.body;
    at.body = "";
    return true;
  },
  answer: function (status: number, type: string, body: Bytes): void {
    const at = client;
    client = undefined;
    taken = false;
    if (at !== undefined) end(at.response, status, type, body);
  },
};
