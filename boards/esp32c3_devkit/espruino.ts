/*
 * The program of the ESP32-C3 DevKit.
 *
 * Input: the UARTs of boards/esp32c3_devkit.ts. Output: a running device. Invariant: ports and pins of the UARTs are
 * those of the board file; test/unit/boards/boards_programs.test.ts compares them.
 */
import type { InterpreterPin, InterpreterSerial } from "../../hal/espruino/interpreter";
import { runChip } from "../espruino_chip";
import { ESP32C3_NOISE } from "../espruino_noise";

declare const Serial2: InterpreterSerial;
declare const D6: InterpreterPin;
declare const D7: InterpreterPin;

runChip("esp32c3_devkit", [{ port: 2, uart: Serial2, rx: D6, tx: D7 }], ESP32C3_NOISE);
