/*
 * UARTs fed by a script on virtual time.
 *
 * Input: `arrive`, bytes now or at a later moment, cut as the test likes. Output: the SerialPort of the
 * board, and what it sent. Invariant: bytes keep their order; beyond SERIAL_BYTES_MAX waiting ones the
 * newest are dropped and counted; bytes for a UART that is not open are lost silently, as on a wire.
 */
import { SERIAL_BYTES_MAX } from "../../firmware/limits";
import type { Bytes, SerialPort } from "../ports";
import type { MockClock } from "./clock";

export interface MockSerial extends SerialPort {
  /** Bytes that reach the board's receive pin, now or at `worldMs`. */
  arrive(port: number, bytes: Bytes, worldMs?: number): void;
  /** All bytes that the board sent since the last call. */
  sent(port: number): Bytes;
  /** The speed the board opened the UART with, 0 when it is closed. */
  baud(port: number): number;
  /** While true, `write` answers "busy". */
  busy: boolean;
  boot(): void;
}

interface Arrival {
  worldMs: number;
  port: number;
  bytes: Bytes;
}

export function createMockSerial(clock: MockClock, ports = 4): MockSerial {
  const bauds: number[] = new Array<number>(ports).fill(0);
  const waiting: Bytes[] = new Array<Bytes>(ports).fill("");
  const output: Bytes[] = new Array<Bytes>(ports).fill("");
  const lost: number[] = new Array<number>(ports).fill(0);
  const script: Arrival[] = [];

  const exists = (port: number): boolean => port >= 0 && port < ports;

  function settle(): void {
    while (script.length > 0 && script[0]!.worldMs <= clock.worldMs) {
      const { port, bytes } = script.shift() as Arrival;
      if (!exists(port) || bauds[port] === 0) continue;
      const room = SERIAL_BYTES_MAX - waiting[port]!.length;
      waiting[port] += bytes.substring(0, room);
      lost[port]! += Math.max(0, bytes.length - room);
    }
  }

  const serial: MockSerial = {
    busy: false,
    arrive(port, bytes, worldMs = clock.worldMs) {
      let place = script.length;
      while (place > 0 && script[place - 1]!.worldMs > worldMs) place--;
      script.splice(place, 0, { worldMs, port, bytes });
      settle();
    },
    sent(port) {
      const bytes = output[port] ?? "";
      output[port] = "";
      return bytes;
    },
    baud: (port) => bauds[port]!,
    boot() {
      settle();
      bauds.fill(0);
      waiting.fill("");
      lost.fill(0);
    },
    open(port, baud) {
      if (!exists(port)) return "absent";
      settle();
      bauds[port] = baud;
      return "ok";
    },
    take(port) {
      settle();
      if (!exists(port)) return "";
      const bytes = waiting[port]!;
      waiting[port] = "";
      return bytes;
    },
    write(port, bytes) {
      if (serial.busy || !exists(port) || bauds[port] === 0) return "busy";
      output[port] += bytes;
      return "ok";
    },
    overflows(port) {
      settle();
      return exists(port) ? lost[port]! : 0;
    },
  };
  return serial;
}
