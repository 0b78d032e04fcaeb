/*
 * The whole NodeMCU board.
 *
 * Input: NodeMCU's global table and the board's UARTs. Output: Ports for createDevice. Invariant: nothing
 * of the modules is touched before this is called.
 */
import type { Ports } from "../ports";
import { createCalls } from "./calls";
import { createClock } from "./clock";
import { createCrypto } from "./crypto";
import { createFlash } from "./flash";
import { createHttp } from "./http";
import { createLink } from "./link";
import type { NodeMcu } from "./modules";
import { createPins } from "./pins";
import { createSerial } from "./serial";
import type { UartPins } from "./serial";
import { createSystem } from "./system";

/** Bytes of a page as the firmware sees it: one file of the file system. */
const PAGE_BYTES = 4096;

export function createNodeMcuPorts(modules: NodeMcu, uarts: UartPins[]): Ports {
  const clock = createClock(modules);
  return {
    clock,
    pins: createPins(modules, clock),
    serial: createSerial(modules, uarts),
    flash: createFlash(modules, PAGE_BYTES),
    http: createHttp(modules),
    calls: createCalls(modules),
    link: createLink(modules),
    crypto: createCrypto(modules),
    system: createSystem(modules),
  };
}
