/*
 * The program of the ESP32-S3 DevKit.
 *
 * Input: the UARTs of boards/esp32s3_devkit.ts. Output: a running device. Invariant: ports and pins of the UARTs are
 * those of the board file; test/unit/boards/boards_programs.test.ts compares them.
 */
import type { InterpreterPin, InterpreterSerial } from "../../hal/espruino/interpreter";
import { runChip } from "../espruino_chip";
import { ESP32S3_NOISE } from "../espruino_noise";

declare const Serial2: InterpreterSerial;
declare const Serial3: InterpreterSerial;
declare const D15: InterpreterPin;
declare const D16: InterpreterPin;
declare const D17: InterpreterPin;
declare const D18: InterpreterPin;

runChip("esp32s3_devkit", [{ port: 2, uart: Serial2, rx: D17, tx: D18 }, { port: 3, uart: Serial3, rx: D15, tx: D16 }], ESP32S3_NOISE);
