/*
 * SerialPort on Espruino: the hardware UARTs, or any tty of a PC under the Linux build.
 *
 * Input: bytes that arrive in pieces of any size. Output: SerialPort. Invariant: at most SERIAL_BYTES_MAX
 * wait on each port; what does not fit is dropped and counted.
 */
import type { Bytes, SerialPort } from "../ports";
import { SERIAL_BYTES_MAX, TICK_MS } from "../../firmware/limits";
import type { InterpreterPin, InterpreterSerial } from "./interpreter";
import { armLoop, wake } from "./wake";

export interface UartWiring {
  port: number;
  uart: InterpreterSerial | undefined;
  rx?: InterpreterPin;
  tx?: InterpreterPin;
  /** Device file, on a PC only. */
  path?: string;
}

interface Receiver {
  uart: InterpreterSerial;
  waiting: Bytes;
  lost: number;
}

/** A function of its own: what it is called from would stay in memory as long as it listens. @apart */
function listen(receiver: Receiver): void {
  receiver.uart.on("data", function (data: string): void {
    wake.pending = true;
    if (wake.resting) armLoop(TICK_MS);
    const room = SERIAL_BYTES_MAX - receiver.waiting.length;
    receiver.waiting += data.substr(0, room);
    if (data.length > room) receiver.lost += data.length - room;
  });
}

let wirings: UartWiring[] = [];
const receivers: { [port: number]: Receiver } = {};

export const serial: SerialPort = {
  open: function (port: number, baud: number): "ok" | "absent" {
    for (let index = 0; index < wirings.length; index++) {
      const wiring = wirings[index]!;
      if (wiring.port !== port || wiring.uart === undefined) continue;
      wiring.uart.setup(baud, wiring.path === undefined ? { rx: wiring.rx!, tx: wiring.tx! } : { path: wiring.path });
      if (receivers[port] === undefined) {
        receivers[port] = { uart: wiring.uart, waiting: "", lost: 0 };
        listen(receivers[port]);
      }
      return "ok";
    }
    return "absent";
  },
  take: function (port: number): Bytes {
    const receiver = receivers[port];
    if (receiver === undefined) return "";
    const bytes = receiver.waiting;
    if (bytes !== "") receiver.waiting = "";
    return bytes;
  },
  write: function (port: number, bytes: Bytes): "ok" | "busy" {
    const receiver = receivers[port];
    if (receiver === undefined) return "busy";
    receiver.uart.write(bytes);
    return "ok";
  },
  overflows: function (port: number): number {
    return receivers[port] === undefined ? 0 : receivers[port].lost;
  },
};

/** The UARTs that the board's entry file names. */
export function useUarts(uarts: UartWiring[]): void {
  wirings = uarts;
}
