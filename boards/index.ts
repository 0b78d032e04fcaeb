/*
 * All boards, for the command line and the build.
 *
 * Input: the board files. Output: BOARDS. Invariant: names are unique; test/unit/boards/boards.test.ts checks
 * each board's data.
 */
import type { Board } from "./board";
import { esp32Devkit } from "./esp32_devkit";
import { esp32c3Devkit } from "./esp32c3_devkit";
import { esp32s3Devkit } from "./esp32s3_devkit";
import { linux } from "./linux";
import { wallboxAddon } from "./wallbox_addon";

export const BOARDS: Board[] = [esp32Devkit, esp32c3Devkit, esp32s3Devkit, wallboxAddon, linux];
