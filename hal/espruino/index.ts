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
import { flash } from "./flash";
import { httpPort } from "./http";
import { pins } from "./pins";
import { serial, useUarts } from "./serial";
import type { UartWiring } from "./serial";
import { system } from "./system";

export function createPorts(pageBytes: number, uarts: UartWiring[], link: LinkPort): Ports {
  // Statements that set what is there: functions that only return it would stay in memory.
  flash.pageBytes = pageBytes;
  useUarts(uarts);
  return {
    clock: clock, pins: pins, serial: serial, flash: flash, http: httpPort, calls: calls, link: link,
    crypto: crypto, system: system,
  };
}
