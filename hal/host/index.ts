/*
 * A whole board on a computer.
 *
 * Input: where its flash file lies, how fast its clock runs, which modules it can load. Output: the Ports
 * for createDevice, and the same objects with the handles that a script needs. Invariant: ports alone hold
 * what belongs to the computer; two boards in one process share nothing.
 */
import type { CryptoPort, HttpPort, Ports, SystemPort } from "../ports";
import { createHostCalls, type HostCalls, type HostCallsOptions } from "./calls";
import { createHostClock, type HostClockOptions } from "./clock";
import { createHostCrypto } from "./crypto";
import { openHostFlash, type HostFlash, type HostFlashOptions } from "./flash";
import { createHostHttp } from "./http";
import { createHostLink, type HostLink } from "./link";
import { createHostPins, type HostPins } from "./pins";
import { createHostSerial, type HostSerial } from "./serial";
import { createHostSystem, type HostSystemOptions } from "./system";

export interface HostBoard extends Ports {
  pins: HostPins;
  serial: HostSerial;
  flash: HostFlash;
  http: HttpPort;
  calls: HostCalls;
  link: HostLink;
  crypto: CryptoPort;
  system: SystemPort;
  /** Closes file and sockets; the board must not be used afterwards. */
  close(): void;
}

export interface HostBoardOptions extends HostClockOptions, HostFlashOptions, HostCallsOptions, HostSystemOptions {
  /** The flash file and its size in bytes. */
  path: string;
  bytes: number;
  /** Factor on HTTP time-outs: with a fast clock the server is still as fast as it is. 1 by default. */
  timeoutFactor?: number;
}

export function createHostBoard(options: HostBoardOptions): HostBoard {
  const clock = createHostClock(options);
  const board: HostBoard = {
    clock,
    pins: createHostPins(clock),
    serial: createHostSerial(),
    flash: openHostFlash(options.path, options.bytes, options),
    http: createHostHttp({ timeoutFactor: options.timeoutFactor ?? 1 }),
    calls: createHostCalls(options),
    link: createHostLink(),
    crypto: createHostCrypto(),
    system: createHostSystem(options),
    close() {
      board.http.cancel();
      board.calls.close();
      board.flash.close();
    },
  };
  return board;
}
