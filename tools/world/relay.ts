/*
 * A TCP relay before the endpoint, which can go away.
 *
 * Input: the endpoint's address. Output: an address that behaves like it, or refuses every connection
 * while the relay is away. Invariant: bytes pass unchanged; going away cuts what is under way.
 */
import { connect, createServer, type Server, type Socket } from "node:net";

export interface Relay {
  url: string;
  /** False: it no longer listens, as when the endpoint's machine is off. */
  setReachable(reachable: boolean): Promise<void>;
  close(): Promise<void>;
}

export async function openRelay(endpoint: string): Promise<Relay> {
  const target = new URL(endpoint);
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = 0;

  function pass(socket: Socket): void {
    const onward = connect(Number(target.port), target.hostname);
    for (const [from, to] of [[socket, onward], [onward, socket]] as const) {
      sockets.add(from);
      // Either side ending or failing ends the other: the relay itself has nothing to say.
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }

  async function listen(): Promise<void> {
    server = createServer(pass);
    const opening = server;
    await new Promise<void>((resolve, reject) => {
      opening.once("error", reject);
      opening.listen(port, "127.0.0.1", resolve);
    });
    const address = opening.address();
    if (typeof address === "object" && address !== null) port = address.port;
  }

  async function away(): Promise<void> {
    const closing = server;
    server = undefined;
    if (closing === undefined) return;
    const closed = new Promise((resolve) => closing.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  await listen();
  return {
    url: `http://127.0.0.1:${port}`,
    async setReachable(reachable) {
      if (!reachable) await away();
      else if (server === undefined) await listen();
    },
    close: away,
  };
}
