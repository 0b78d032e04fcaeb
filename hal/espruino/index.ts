/*
 * The whole Espruino board.
 *
 * Input: the page size of the chip, its UARTs, its network link. Output: Ports for the device. Invariant:
 * every port is made once; the record is the only way to them.
 */
import type { LinkPort, Ports } from "../ports";
import { calls } from "./calls";
import { clock } from "./clock";
import { crypto } from "./crypto";
import { createFlash } from "./flash";
import { httpPort } from "./http";
import { pins } from "./pins";
import { createSerial } from "./serial";
import type { UartWiring } from "./serial";
import { system } from "./system";

export function createPorts(pageBytes: number, uarts: UartWiring[], link: LinkPort): Ports {
  return {
    clock: clock, pins: pins, serial: createSerial(uarts), flash: createFlash(pageBytes), http: httpPort, calls: calls, link: link,
    crypto: crypto, system: system,
  };
}
