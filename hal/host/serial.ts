/*
 * UARTs of a board that has none: bytes come from a script object or from the control socket.
 *
 * Input: `arrive`. Output: SerialPort, and `onSent` for the simulated reader at the other end.
 * Invariant: bytes keep their order; beyond SERIAL_BYTES_MAX waiting ones the newest are dropped and counted.
 */
import { SERIAL_BYTES_MAX } from "../../firmware/limits";
import type { Bytes, SerialPort } from "../ports";

export interface HostSerial extends SerialPort {
  arrive(port: number, bytes: Bytes): void;
  onSent: (port: number, bytes: Bytes) => void;
}

interface Uart {
  baud: number;
  waiting: Bytes;
  lost: number;
}

export function createHostSerial(ports = 2): HostSerial {
  const uarts: Uart[] = [];
  for (let port = 0; port < ports; port++) uarts.push({ baud: 0, waiting: "", lost: 0 });
  const host: HostSerial = {
    onSent: () => undefined,
    arrive(port, bytes) {
      const uart = uarts[port];
      if (uart === undefined || uart.baud === 0) return;
      const room = SERIAL_BYTES_MAX - uart.waiting.length;
      uart.waiting += bytes.substring(0, room);
      uart.lost += Math.max(0, bytes.length - room);
    },
    open(port, baud) {
      if (uarts[port] === undefined) return "absent";
      uarts[port].baud = baud;
      return "ok";
    },
    take(port) {
      const uart = uarts[port];
      if (uart === undefined) return "";
      const bytes = uart.waiting;
      uart.waiting = "";
      return bytes;
    },
    write(port, bytes) {
      if (uarts[port] === undefined || uarts[port].baud === 0) return "busy";
      host.onSent(port, bytes);
      return "ok";
    },
    overflows: (port) => uarts[port]?.lost ?? 0,
  };
  return host;
}
