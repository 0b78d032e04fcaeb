/*
 * A way to a server that a test can close: connections end at once while it is closed.
 *
 * Input: the server's port on this machine. Output: an address in its place.
 */
import { type AddressInfo, connect, createServer } from "node:net";

export interface Gate { url: string; isOpen: boolean; close: () => void }

/** Closed at first. */
export async function openGate(port: number): Promise<Gate> {
  const gate: Gate = { url: "", isOpen: false, close: (): void => { server.close(); } };
  const server = createServer((from) => {
    from.on("error", () => { from.destroy(); });
    if (!gate.isOpen) {
      from.destroy();
      return;
    }
    const to = connect(port, "127.0.0.1");
    to.on("error", () => { from.destroy(); });
    from.pipe(to).pipe(from);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  gate.url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return gate;
}
