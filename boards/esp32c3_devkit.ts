/*
 * ESP32-C3 DevKit or SuperMini.
 *
 * Input: Espressif's data sheet. Output: a Board. Invariant: passes the checks of board.ts.
 */
import type { Board } from "./board";
import { ESP32_PAGE_BYTES, ESP32_RESERVED, LARGE_AREA, SMALL_AREA } from "./espruino_flash";
import { pin } from "./pin";

export const esp32c3Devkit: Board = {
  name: "esp32c3_devkit",
  title: "ESP32-C3 DevKit",
  family: "esp32c3",
  pins: [
    pin(0, "0", { analog: true }),
    pin(1, "1", { analog: true }),
    pin(2, "2", { analog: true, caution: "strapping: must be high at reset" }),
    pin(3, "3", { analog: true }),
    pin(4, "4", { analog: true }),
    pin(5, "5"),
    pin(6, "6"),
    pin(7, "7"),
    pin(8, "8", { caution: "strapping, and the on-board LED on many boards" }),
    pin(9, "9", { caution: "strapping: the BOOT button" }),
    pin(10, "10"),
    pin(20, "RX", { caution: "wired to the UART bridge, where the board has one" }),
    pin(21, "TX", { caution: "boot messages; wired to the UART bridge, where the board has one" }),
  ],
  uarts: [{ port: 2, rx: 6, tx: 7 }],
  pageBytes: ESP32_PAGE_BYTES,
  variables: 4095,
  areas: [SMALL_AREA, LARGE_AREA],
  reserved: ESP32_RESERVED,
  wiring: { contact: 3, s0Meter1: 4, s0Meter2: 5, readerRx: 6, readerTx: 7, led: 0, relay: 10 },
  notes: [
    "All pins are 3.3 V; a 5 V reader needs a divider on its TX wire (docs/READERS.md, section 2).",
    "GPIO 2, 8 and 9 decide how the chip starts: nothing may pull them low at power-on.",
    "GPIO 18 and 19 are the USB port; 11 to 17 belong to the flash chip.",
  ],
};
