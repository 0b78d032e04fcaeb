/*
 * The program of the contract tests: every port of hal/espruino, reachable by name.
 *
 * Input: none; an entry for the project's own bundler. Output: globals that test/espruino/contract.test.ts
 * calls one by one. Invariant: nothing here stands in for a port; only the clock's source can be moved, as
 * no test can make an hour pass.
 */
import { calls } from "../../hal/espruino/calls";
import { clock } from "../../hal/espruino/clock";
import { crypto } from "../../hal/espruino/crypto";
import { watchFaults } from "../../hal/espruino/faults";
import { flash } from "../../hal/espruino/flash";
import { httpPort } from "../../hal/espruino/http";
import type { InterpreterSerial } from "../../hal/espruino/interpreter";
import { wiredLink } from "../../hal/espruino/link";
import { pins } from "../../hal/espruino/pins";
import { serial, useUarts } from "../../hal/espruino/serial";
import { system } from "../../hal/espruino/system";
import type { Ports } from "../../hal/ports";

declare const Serial1: InterpreterSerial;
declare const global: { ports: Ports };

watchFaults();
global.ports = {
  clock, pins, flash: flash, http: httpPort, calls, link: wiredLink, crypto, system,
  serial: serial,
};
print("ports ready");
flash.pageBytes = 1024;
useUarts([{ port: 0, uart: Serial1, path: "tty" }]);
