/*
 * What the programs of all ESP32 boards have in common.
 *
 * Input: a board's name and its UARTs, from boards/<board>/espruino.ts; what `sdc deploy` chose for the store. Output: a
 * running device on the chip's Wi-Fi and flash. Invariant: without a choice only the small flash area is used, which is
 * free under every partition table (espruino_flash.ts); a choice is made before anything is stored, and never changes.
 */
import { createPorts } from "../hal/espruino/index";
import { createWifiLink } from "../hal/espruino/link";
import type { UartWiring } from "../hal/espruino/serial";
import { storage } from "../hal/espruino/storage";
import { STORE_FILE } from "./espruino_files";
import { chipAreas, ESP32_PAGE_BYTES } from "./espruino_flash";
import { runBoard } from "./espruino_main";

export function runChip(name: string, uarts: UartWiring[]): void {
  runBoard(createPorts(ESP32_PAGE_BYTES, uarts, createWifiLink()), { name: name, areas: chipAreas(storage().read(STORE_FILE)) });
}
