/*
 * What the programs of all ESP32 boards have in common.
 *
 * Input: a board's name and its UARTs, from boards/<board>/espruino.ts. Output: a running device on the
 * chip's Wi-Fi and flash. Invariant: only the small flash area is used, which is free under every
 * partition table (espruino_flash.ts).
 */
import { createPorts } from "../hal/espruino/index";
import { createWifiLink } from "../hal/espruino/link";
import type { UartWiring } from "../hal/espruino/serial";
import { ESP32_PAGE_BYTES, SMALL_AREA_ADDRESS, SMALL_AREA_BYTES } from "./espruino_flash";
import { runBoard } from "./espruino_main";

export function runChip(name: string, uarts: UartWiring[]): void {
  runBoard(createPorts(ESP32_PAGE_BYTES, uarts, createWifiLink()), { name: name, areas: [{ address: SMALL_AREA_ADDRESS, bytes: SMALL_AREA_BYTES }] });
}
