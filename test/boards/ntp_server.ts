/*
 * A time server on the test's own machine, and answers that are wrong in one place.
 *
 * Input: what it tells. Output: datagrams of RFC 4330. Invariant: written from the RFC; nothing of the firmware is used.
 */
import { createSocket } from "node:dgram";
import type { AddressInfo } from "node:net";

const SECONDS_1900_TO_1970 = 2_208_988_800;

export interface NtpChanges { mode?: number; leap?: number; stratum?: number; mark?: string; fraction?: number }

/** The answer to a question (latin1), with `changes`. */
export function ntpAnswer(question: string, timeS: number, changes: NtpChanges = {}): string {
  const bytes = Buffer.alloc(48);
  bytes[0] = (changes.leap ?? 0) * 64 + 4 * 8 + (changes.mode ?? 4);
  bytes[1] = changes.stratum ?? 2;
  bytes.write(changes.mark ?? question.slice(40, 48), 24, "latin1");
  for (const at of [32, 40]) bytes.writeUInt32BE((timeS + SECONDS_1900_TO_1970) % 2 ** 32, at);
  bytes[44] = changes.fraction ?? 0;
  return bytes.toString("latin1");
}

export interface NtpServer {
  port: number;
  /** Datagrams that answer the next questions, one after another; the last stays. */
  answers: ((question: string) => string[])[];
  asked: number;
  close(): void;
}

export async function openNtpServer(timeS: () => number): Promise<NtpServer> {
  const socket = createSocket("udp4");
  const server: NtpServer = { port: 0, answers: [(question) => [ntpAnswer(question, timeS())]], asked: 0, close: () => { socket.close(); } };
  socket.on("message", (message, { port, address }) => {
    server.asked++;
    const answer = (server.answers.length > 1 ? server.answers.shift() : server.answers[0])!;
    for (const datagram of answer(message.toString("latin1"))) socket.send(Buffer.from(datagram, "latin1"), port, address);
  });
  await new Promise<void>((resolve) => { socket.bind(0, "127.0.0.1", resolve); });
  server.port = (socket.address() as AddressInfo).port;
  return server;
}
