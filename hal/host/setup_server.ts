/*
 * SetupPort over a real HTTP server of the computer.
 *
 * Input: HTTP. Output: one whole request at a time. Invariant: as on a board: one client, bounded bodies, and
 * a client that is refused, slow or gone makes room for the next.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { SetupPort } from "../ports";

/** A request must be whole this long after its first byte. */
const WHOLE_MS = 10_000;

export interface HostSetup extends SetupPort {
  /** The port the server listens on, 0 while it does not (yet). */
  listening(): number;
  close(): void;
}

interface Client { message: IncomingMessage; response: ServerResponse; body: string; length: number; taken: boolean }

function end(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { "Content-Type": type, Connection: "close" });
  response.end(Buffer.from(body, "latin1"));
}

/**
 * Whether `host` is a name of the internet. A page from elsewhere can make its own name lead to this server (DNS
 * rebinding), and the browser would then take server and page for one site.
 */
function isInternetName(host: string): boolean {
  const colon = host.indexOf(":");
  const name = (colon < 0 ? host : host.substring(0, colon)).toLowerCase();
  return name.includes(".") && name.toUpperCase() !== name && !name.endsWith(".local");
}

/** `port` 65536 stands for "any free port", which tests use; `host` is loopback by default. */
export function createHostSetup(host = "127.0.0.1"): HostSetup {
  let server: Server | undefined;
  let client: Client | undefined;

  function refusal(message: IncomingMessage, length: number, bodyBytesMax: number): string {
    const origin = message.headers.origin ?? "";
    const host = message.headers.host ?? "";
    if (isInternetName(host)) return "421 open this page by the address that the console shows, not by a name";
    if (client !== undefined && (message.method !== "POST" || client.body.length >= client.length)) return "503 busy with another request; try again";
    if (origin !== "" && origin !== `http://${host}`) return "403 the form must come from this board's own page";
    if (!(length >= 0)) return "411 the length of the body is missing";
    return length > bodyBytesMax ? `413 the document has ${String(length)} bytes, at most ${String(bodyBytesMax)} fit` : "";
  }

  function handle(message: IncomingMessage, response: ServerResponse, bodyBytesMax: number): void {
    const length = message.method === "POST" ? parseInt(message.headers["content-length"] ?? "", 10) : 0;
    const why = refusal(message, length, bodyBytesMax);
    const mine: Client = { message, response, body: "", length, taken: false };
    message.setEncoding("latin1");
    message.on("data", (piece: string) => { if (client === mine) mine.body += piece; });
    response.on("close", () => { if (client === mine && !mine.taken) client = undefined; });
    if (why !== "") return end(response, Number(why.slice(0, 3)), "text/plain", `${why.slice(4)}\n`);
    client?.message.destroy();
    client = mine;
  }

  return {
    listening() {
      const address = server?.address();
      return typeof address === "object" && address !== null ? address.port : 0;
    },
    close() {
      server?.close();
      server?.closeAllConnections();
    },
    open(port, bodyBytesMax) {
      server = createServer({ requestTimeout: WHOLE_MS, connectionsCheckingInterval: 1000 }, (message, response) => handle(message, response, bodyBytesMax));
      server.on("clientError", (_, socket) => socket.destroy());
      server.listen(port === 65536 ? 0 : port, host);
      return "ok";
    },
    take(request) {
      if (client === undefined || client.taken || client.body.length < client.length) return false;
      client.taken = true;
      request.method = client.message.method ?? "";
      request.path = client.message.url ?? "";
      request.body = client.body;
      return true;
    },
    answer(status, type, body) {
      const { response } = client ?? {};
      client = undefined;
      if (response !== undefined) end(response, status, type, body);
    },
  };
}
