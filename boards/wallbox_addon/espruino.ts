/*
 * The program of the wallbox add-on.
 *
 * Input: the UARTs of boards/wallbox_addon.ts. Output: a running device. Invariant: ports and pins of the UARTs are
 * those of the board file; test/unit/boards/boards_programs.test.ts compares them.
 */
import type { InterpreterPin, InterpreterSerial } from "../../hal/espruino/interpreter";
import { runChip } from "../espruino_chip";
import { ESP32_NOISE } from "../espruino_noise";

declare const Serial2: InterpreterSerial;
declare const D16: InterpreterPin;
declare const D17: InterpreterPin;

runChip("wallbox_addon", [{ port: 2, uart: Serial2, rx: D16, tx: D17 }], ESP32_NOISE);
