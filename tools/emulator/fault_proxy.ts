/*
 * A TCP proxy between a board and its endpoint that does what bad networks do.
 *
 * Input: the endpoint's address, and a plan for each connection, asked when it is opened. Output: an address
 * for the board. Fault model: a connection is refused, swallowed, cut after any byte of either direction,
 * answered by another host; a request arrives twice or after later ones; an answer arrives after the
 * board gave up. Bytes that pass are not changed. Invariant: one HTTP exchange is one connection, as the
 * host's HTTP port makes it; `settled` resolves when nothing held back is on its way any more.
 */
import { connect, createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

export interface FaultPlan {
  /** The connection is closed at once. */
  refuse?: boolean;
  /** Everything is taken and nothing passed on. */
  swallow?: boolean;
  /** Bytes of the request, or of the answer, that pass before both sides are cut. */
  requestCutAt?: number;
  answerCutAt?: number;
  /** The answer instead of the endpoint's; the request passes only with `pass`. */
  answer?: string;
  pass?: boolean;
  /** The request passes only when the next connection has ended: it comes late, and out of order. */
  hold?: boolean;
  /** The request passes at once; its answer only when the next connection has ended. */
  holdAnswer?: boolean;
  /** The same request is sent a second time, when this many further connections have ended. */
  repeatAfter?: number;
}

export interface FaultProxy {
  url: string;
  /** The faults of the next connection; none by default. */
  plan: () => FaultPlan;
  connections: number;
  /** Requests sent on to the endpoint, repeats included. */
  passed: number;
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Sends a request of its own and lets the answer go. */
function replay(port: number, host: string, request: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, host, () => socket.write(request));
    socket.on("data", () => undefined);
    socket.on("error", () => resolve());
    socket.on("close", () => resolve());
  });
}

export async function openFaultProxy(endpoint: string): Promise<FaultProxy> {
  const target = new URL(endpoint);
  const port = Number(target.port);
  const sockets = new Set<Socket>();
  const underWay = new Set<Promise<void>>();
  /** Work that waits for a number of connections to end. */
  let waiting: { left: number; go: () => Promise<void> | void }[] = [];

  function later(left: number, go: () => Promise<void> | void): void {
    waiting.push({ left, go });
  }

  function ended(): void {
    for (const entry of waiting) entry.left--;
    const due = waiting.filter((entry) => entry.left < 0);
    waiting = waiting.filter((entry) => entry.left >= 0);
    for (const entry of due) {
      const work = Promise.resolve(entry.go()).then(() => { underWay.delete(work); });
      underWay.add(work);
    }
  }

  function resend(request: Buffer): Promise<void> {
    proxy.passed++;
    return replay(port, target.hostname, request);
  }

  function pass(socket: Socket, plan: FaultPlan): void {
    const request: Buffer[] = [];
    let sent = 0;
    let got = 0;
    let onward: Socket | undefined;
    const answer = plan.answer;
    const open = (): Socket => {
      proxy.passed++;
      const made = connect(port, target.hostname);
      sockets.add(made);
      made.on("error", () => socket.destroy());
      made.on("close", () => {
        sockets.delete(made);
        if (plan.holdAnswer !== true && answer === undefined) socket.end();
      });
      made.on("data", (bytes) => {
        if (answer !== undefined) return;
        const room = (plan.answerCutAt ?? Infinity) - got;
        got += bytes.length;
        const piece = bytes.length > room ? bytes.subarray(0, room) : bytes;
        if (plan.holdAnswer === true) later(0, () => void socket.write(piece));
        else if (bytes.length >= room) socket.write(piece, () => socket.destroy());
        else socket.write(piece);
      });
      return made;
    };
    socket.on("data", (bytes) => {
      request.push(bytes);
      const room = (plan.requestCutAt ?? Infinity) - sent;
      sent += bytes.length;
      if (plan.hold !== true && (answer === undefined || plan.pass === true)) {
        onward = onward ?? open();
        if (bytes.length >= room) onward.write(bytes.subarray(0, room), () => { onward?.destroy(); socket.destroy(); });
        else onward.write(bytes);
      }
      if (answer !== undefined) socket.end(Buffer.from(answer, "latin1"));
    });
    socket.on("close", () => {
      if (plan.holdAnswer !== true) onward?.destroy();
      const whole = Buffer.concat(request);
      if (plan.hold === true) later(1, () => resend(whole));
      if (plan.repeatAfter !== undefined) later(plan.repeatAfter, () => resend(whole));
    });
  }

  const server = createServer((socket) => {
    const plan = proxy.plan();
    proxy.connections++;
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      sockets.delete(socket);
      ended();
    });
    if (plan.refuse === true) socket.destroy();
    else if (plan.swallow === true) socket.resume();
    else pass(socket, plan);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    plan: () => ({}),
    connections: 0,
    passed: 0,
    async settled() {
      while (waiting.length > 0 || underWay.size > 0) {
        ended();
        await Promise.all(underWay);
      }
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}
