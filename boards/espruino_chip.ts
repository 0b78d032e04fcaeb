/*
 * The start that the programs of all ESP32 boards share.
 *
 * Input: a board's name, its UARTs and its chip's noise register, from boards/<board>/espruino.ts; what `sdc deploy` chose for the store. Output: a
 * running device on the chip's Wi-Fi and flash. Invariant: without a choice only the small flash area is used, which is
 * free under every partition table (espruino_flash.ts); a choice is made before anything is stored, and never changes.
 */
import { useNoise } from "../hal/espruino/crypto";
import { createPorts } from "../hal/espruino/index";
import { createWifiLink } from "../hal/espruino/link";
import { widenQueue } from "../hal/espruino/pins";
import type { UartWiring } from "../hal/espruino/serial";
import { storage } from "../hal/espruino/storage";
import { STORE_FILE } from "./espruino_files";
import { chipAreas, ESP32_PAGE_BYTES } from "./espruino_flash";
import { runBoard } from "./espruino_main";

/** As many edges as the interpreter's own buffer of 4,096 bytes holds; about 260 variables, of which every chip has room for. */
const EDGES = 682;

/** `noise`: the chip's register of random numbers. */
export function runChip(name: string, uarts: UartWiring[], noise: number): void {
  useNoise(noise);
  widenQueue(EDGES);
  runBoard(createPorts(ESP32_PAGE_BYTES, uarts, createWifiLink()), { name: name, areas: chipAreas(storage().read(STORE_FILE)) });
}
