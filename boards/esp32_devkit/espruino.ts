/*
 * The program of the ESP32 DevKit.
 *
 * Input: the UARTs of boards/esp32_devkit.ts. Output: a running device. Invariant: ports and pins of the UARTs are
 * those of the board file; test/unit/boards/boards_programs.test.ts compares them.
 */
import type { InterpreterPin, InterpreterSerial } from "../../hal/espruino/interpreter";
import { runChip } from "../espruino_chip";
import { ESP32_NOISE } from "../espruino_noise";

declare const Serial2: InterpreterSerial;
declare const Serial3: InterpreterSerial;
declare const D16: InterpreterPin;
declare const D17: InterpreterPin;
declare const D32: InterpreterPin;
declare const D33: InterpreterPin;

runChip("esp32_devkit", [{ port: 2, uart: Serial2, rx: D16, tx: D17 }, { port: 3, uart: Serial3, rx: D32, tx: D33 }], ESP32_NOISE);
