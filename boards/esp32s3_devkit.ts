/*
 * ESP32-S3 DevKitC.
 *
 * Input: Espressif's data sheet. Output: a Board. Invariant: passes the checks of board.ts.
 */
import type { Board } from "./board";
import { ESP32_PAGE_BYTES, ESP32_RESERVED, LARGE_AREA, SMALL_AREA } from "./espruino_flash";
import { pin } from "./pin";

export const esp32s3Devkit: Board = {
  name: "esp32s3_devkit",
  title: "ESP32-S3 DevKitC",
  family: "esp32s3",
  pins: [
    pin(0, "0", { caution: "strapping: the BOOT button" }),
    pin(1, "1"),
    pin(2, "2"),
    pin(3, "3", { caution: "strapping" }),
    pin(4, "4"),
    pin(5, "5"),
    pin(6, "6", { unwatched: true }),
    pin(7, "7", { unwatched: true }),
    pin(8, "8", { unwatched: true }),
    pin(9, "9", { unwatched: true }),
    pin(10, "10", { unwatched: true }),
    pin(11, "11", { unwatched: true }),
    pin(12, "12", { unwatched: true }),
    pin(13, "13"),
    pin(14, "14"),
    pin(15, "15"),
    pin(16, "16"),
    pin(17, "17"),
    pin(18, "18"),
    pin(21, "21"),
    pin(38, "38"),
    pin(39, "39"),
    pin(40, "40", { unwatched: true }),
    pin(41, "41", { unwatched: true }),
    pin(42, "42", { unwatched: true }),
    pin(45, "45", { unwatched: true, caution: "strapping: flash voltage" }),
    pin(46, "46", { unwatched: true, caution: "strapping" }),
    pin(47, "47", { unwatched: true }),
    pin(48, "48", { unwatched: true, caution: "the on-board colour LED on many boards" }),
  ],
  uarts: [{ port: 2, rx: 17, tx: 18 }, { port: 3, rx: 15, tx: 16 }],
  pageBytes: ESP32_PAGE_BYTES,
  variables: 5886,
  areas: [SMALL_AREA, LARGE_AREA],
  reserved: ESP32_RESERVED,
  wiring: { contact: 4, s0Meter1: 5, s0Meter2: 13, readerRx: 17, readerTx: 18, led: 2, relay: 7 },
  notes: [
    "All pins are 3.3 V; a 5 V reader needs a divider on its TX wire (docs/READERS.md, section 2).",
    "GPIO 0, 3, 45 and 46 decide how the chip starts; 19 and 20 are the USB port, 43 and 44 the console.",
    "The interpreter measures no voltage on this chip, and reports no edges of GPIO 6 to 12 and 40 to 48: these can be outputs only.",
    "GPIO 26 to 37 belong to flash and, on modules with it, to the PSRAM.",
  ],
};
