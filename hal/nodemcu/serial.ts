/*
 * SerialPort on NodeMCU.
 *
 * Input: uart.on with a count of 0, which delivers bytes as they come. Output: SerialPort. Invariant: at
 * most SERIAL_BYTES_MAX wait on each port; what does not fit is dropped and counted. UART 0 is the
 * console: a board names it only when it gives the console up.
 */
import type { Bytes, SerialPort } from "../ports";
import { SERIAL_BYTES_MAX } from "../../firmware/limits";
import type { NodeMcu } from "./modules";

export interface UartPins {
  port: number;
  rx: number;
  tx: number;
}

interface Receiver {
  port: number;
  waiting: Bytes;
  lost: number;
}

export function createSerial(modules: NodeMcu, uarts: UartPins[]): SerialPort {
  const receivers: Receiver[] = [];
  const receiverOf = (port: number): Receiver | undefined => {
    for (let index = 0; index < receivers.length; index++) if (receivers[index]!.port === port) return receivers[index];
    return undefined;
  };
  return {
    open(port: number, baud: number): "ok" | "absent" {
      for (let index = 0; index < uarts.length; index++) {
        const wired = uarts[index]!;
        if (wired.port !== port) continue;
        const uart = modules.uart;
        uart.setup(port, baud, 8, uart.PARITY_NONE, uart.STOPBITS_1, { tx: wired.tx, rx: wired.rx });
        if (receiverOf(port) === undefined) {
          const receiver: Receiver = { port: port, waiting: "", lost: 0 };
          receivers.push(receiver);
          uart.on(port, "data", 0, (data: string) => {
            if (receiver.waiting.length + data.length > SERIAL_BYTES_MAX) receiver.lost += data.length;
            else receiver.waiting += data;
          });
          uart.start(port);
        }
        return "ok";
      }
      return "absent";
    },
    take(port: number): Bytes {
      const receiver = receiverOf(port);
      if (receiver === undefined) return "";
      const bytes = receiver.waiting;
      receiver.waiting = "";
      return bytes;
    },
    write(port: number, bytes: Bytes): "ok" | "busy" {
      if (receiverOf(port) === undefined) return "busy";
      modules.uart.write(port, bytes);
      return "ok";
    },
    overflows(port: number): number {
      const receiver = receiverOf(port);
      return receiver === undefined ? 0 : receiver.lost;
    },
  };
}
