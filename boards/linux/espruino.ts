/*
 * The program of the board on the desk: the interpreter's Linux build.
 *
 * Input: pins as files, the UARTs as the device files "tty" and "tty2" beside the flash image. Output: a running
 * device. Invariant: its flash area is that of boards/linux.ts, by the same constants.
 */
import { createPorts } from "../../hal/espruino/index";
import type { InterpreterSerial } from "../../hal/espruino/interpreter";
import { wiredLink } from "../../hal/espruino/link";
import { runBoard } from "../espruino_main";
import { LINUX_AREA_ADDRESS, LINUX_AREA_BYTES, LINUX_PAGE_BYTES } from "../espruino_flash";

declare const Serial1: InterpreterSerial;
declare const Serial2: InterpreterSerial;

runBoard(
  createPorts(LINUX_PAGE_BYTES, [{ port: 1, uart: Serial1, path: "tty" }, { port: 2, uart: Serial2, path: "tty2" }], wiredLink),
  { name: "linux", areas: [{ address: LINUX_AREA_ADDRESS, bytes: LINUX_AREA_BYTES }] },
);
