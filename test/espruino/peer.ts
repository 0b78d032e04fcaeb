/*
 * Handling of the peer thread (peer.mjs): starting it, telling it how to behave, asking through it.
 *
 * Input: behaviours and questions. Output: requests seen and answers. Invariant: what the peer has seen is
 * here as soon as the board knows of its answer.
 */
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { Behaviour } from "../contract/http_contract";
import type { Identity } from "./certificates";

export interface SeenRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface Peer {
  url: string;
  behave(behaviour: Behaviour): void;
  seen(): SeenRequest[];
  /** Asks a board's API; status 0 when no answer came. */
  ask(port: number, path: string, token: string): Promise<[number, string]>;
  close(): Promise<void>;
}

interface Told {
  id: number;
  port?: number;
  status?: number;
  body?: string;
}

/** A server on a free port; with an identity it speaks TLS. */
export async function openPeer(identity?: Identity): Promise<Peer> {
  const control = new MessageChannel();
  const seen = new MessageChannel();
  const worker = new Worker(new URL("peer.mjs", import.meta.url), {
    workerData: { control: control.port2, seen: seen.port2, identity }, transferList: [control.port2, seen.port2], execArgv: [],
  });
  const waiting = new Map<number, (told: Told) => void>();
  worker.on("message", (told: Told) => {
    waiting.get(told.id)?.(told);
    waiting.delete(told.id);
  });
  const begun = await new Promise<Told>((resolve, reject) => {
    worker.once("error", reject);
    waiting.set(0, resolve);
  });
  const requests: SeenRequest[] = [];
  let lastId = 0;
  return {
    url: `${identity === undefined ? "http" : "https"}://127.0.0.1:${String(begun.port)}`,
    behave: (behaviour) => { control.port1.postMessage(behaviour); },
    seen: () => {
      for (let one = receiveMessageOnPort(seen.port1); one !== undefined; one = receiveMessageOnPort(seen.port1)) requests.push(one.message as SeenRequest);
      return requests;
    },
    ask: (port, path, token) => new Promise((resolve) => {
      const id = ++lastId;
      waiting.set(id, (told) => { resolve([told.status ?? 0, told.body ?? ""]); });
      worker.postMessage({ id, port, path, token });
    }),
    close: async () => {
      control.port1.close();
      seen.port1.close();
      await worker.terminate();
    },
  };
}
