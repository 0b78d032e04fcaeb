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
    pin(1, "1", { analog: true }),
    pin(2, "2", { analog: true }),
    pin(3, "3", { analog: true, caution: "strapping" }),
    pin(4, "4", { analog: true }),
    pin(5, "5", { analog: true }),
    pin(6, "6", { analog: true }),
    pin(7, "7", { analog: true }),
    pin(8, "8", { analog: true }),
    pin(9, "9", { analog: true }),
    pin(10, "10", { analog: true }),
    pin(11, "11", { analog: true }),
    pin(12, "12", { analog: true }),
    pin(13, "13", { analog: true }),
    pin(14, "14", { analog: true }),
    pin(15, "15", { analog: true }),
    pin(16, "16", { analog: true }),
    pin(17, "17", { analog: true }),
    pin(18, "18", { analog: true }),
    pin(21, "21"),
    pin(38, "38"),
    pin(39, "39"),
    pin(40, "40"),
    pin(41, "41"),
    pin(42, "42"),
    pin(45, "45", { caution: "strapping: flash voltage" }),
    pin(46, "46", { caution: "strapping" }),
    pin(47, "47"),
    pin(48, "48", { caution: "the on-board colour LED on many boards" }),
  ],
  uarts: [{ port: 2, rx: 17, tx: 18 }, { port: 3, rx: 15, tx: 16 }],
  pageBytes: ESP32_PAGE_BYTES,
  areas: [SMALL_AREA, LARGE_AREA],
  reserved: ESP32_RESERVED,
  wiring: { contact: 4, s0Meter1: 5, s0Meter2: 6, readerRx: 17, readerTx: 18, led: 2, relay: 7 },
  notes: [
    "All pins are 3.3 V; a 5 V reader needs a divider (1 kOhm / 2 kOhm) on its TX wire.",
    "GPIO 0, 3, 45 and 46 decide how the chip starts; 19 and 20 are the USB port, 43 and 44 the console.",
    "GPIO 26 to 37 belong to flash and, on modules with it, to the PSRAM.",
  ],
};
