/*
 * ESP32 DevKit with a WROOM-32 module, 30 or 38 pins.
 *
 * Input: Espressif's data sheet. Output: a Board. Invariant: passes the checks of board.ts.
 */
import type { Board } from "./board";
import { ESP32_PAGE_BYTES, ESP32_RESERVED, LARGE_AREA, SMALL_AREA } from "./espruino_flash";
import { pin } from "./pin";

export const esp32Devkit: Board = {
  name: "esp32_devkit",
  title: "ESP32 DevKit (WROOM-32)",
  family: "esp32",
  pins: [
    pin(2, "D2", { caution: "strapping, and the on-board LED" }),
    pin(4, "D4"),
    pin(5, "D5", { caution: "strapping: must not be low at reset" }),
    pin(12, "D12", { unwatched: true, caution: "strapping: high at reset stops the board (flash voltage)" }),
    pin(13, "D13"),
    pin(14, "D14"),
    pin(15, "D15", { caution: "strapping: low at reset silences boot messages" }),
    pin(16, "D16"),
    pin(17, "D17"),
    pin(18, "D18"),
    pin(19, "D19"),
    pin(21, "D21"),
    pin(22, "D22"),
    pin(23, "D23"),
    pin(25, "D25"),
    pin(26, "D26"),
    pin(27, "D27"),
    pin(32, "D32", { analog: true }),
    pin(33, "D33", { analog: true }),
    pin(34, "D34", { inputOnly: true, analog: true }),
    pin(35, "D35", { inputOnly: true, analog: true }),
    pin(36, "VP", { inputOnly: true, analog: true }),
    pin(39, "VN", { inputOnly: true, analog: true }),
  ],
  uarts: [{ port: 2, rx: 16, tx: 17 }, { port: 3, rx: 32, tx: 33 }],
  pageBytes: ESP32_PAGE_BYTES,
  variables: 5886,
  areas: [SMALL_AREA, LARGE_AREA],
  reserved: ESP32_RESERVED,
  wiring: { contact: 26, s0Meter1: 25, s0Meter2: 27, readerRx: 16, readerTx: 17, led: 2, relay: 23 },
  notes: [
    "All pins are 3.3 V; a 5 V reader needs a divider on its TX wire (docs/READERS.md, section 2).",
    "GPIO 34, 35, 36 and 39 are inputs without pull resistors.",
    "GPIO 0 is the BOOT button, which the interpreter reads upside down.",
    "GPIO 6 to 11 belong to the flash chip, 1 and 3 to the USB console.",
  ],
};
