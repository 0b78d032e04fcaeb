/*
 * A board's program for the imitated interpreter: the Espruino ports, the device, and a self-running tick.
 *
 * Input: `documentToStore`, a global that the test sets before the first start. Output: a device at work.
 * Invariant: written as a board's entry file is; nothing here knows that the interpreter is imitated.
 */
import type { Ports } from "../../hal/ports";
import { calls } from "../../hal/espruino/calls";
import { clock } from "../../hal/espruino/clock";
import { crypto } from "../../hal/espruino/crypto";
import { flash } from "../../hal/espruino/flash";
import { httpPort } from "../../hal/espruino/http";
import { wiredLink } from "../../hal/espruino/link";
import { pins } from "../../hal/espruino/pins";
import { serial, useUarts } from "../../hal/espruino/serial";
import { system } from "../../hal/espruino/system";
import type { InterpreterSerial } from "../../hal/espruino/interpreter";
import { tick } from "../../firmware/device";
import type { Device } from "../../firmware/device";
import { createDevice } from "../../firmware/boot";
import type * as Provision from "../../firmware/configuration/provision";
import type { DeviceBoard } from "../../firmware/store/layout";

declare const documentToStore: string;
declare const Serial2: InterpreterSerial;

const board: DeviceBoard = { name: "imitated", areas: [{ address: 0, bytes: 65536 }] };
flash.pageBytes = 1024;
useUarts([{ port: 2, uart: Serial2, path: "/dev/none" }]);
const ports: Ports = {
  clock: clock, pins: pins, serial: serial, flash: flash, http: httpPort,
  calls: calls, link: wiredLink, crypto: crypto, system: system,
};

function again(device: Device): void {
  tick(device);
  setTimeout(again, 20, device);
}

if (documentToStore !== "") {
  const module = system.load("provision") as typeof Provision;
  system.log("provision: " + module.provision(ports, board, documentToStore));
}
const started = createDevice(ports, board);
if (started !== undefined) again(started);
