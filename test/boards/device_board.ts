/*
 * A whole device on mocks: configured, with virtual time, and without a network unless a test gives one.
 *
 * Input: changes to the example's configuration document. Output: board, device, and helpers that let time
 * pass. Invariant: the configuration goes through the same provisioning as on a board.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { hostModules } from "../../boards/host/modules";
import { tick, type Device } from "../../firmware/device";
import { createDevice } from "../../firmware/boot";
import { provision } from "../../firmware/configuration/provision";
import { createCursor } from "../../firmware/store/ring_page";
import { firstPending, nextPending, readPending } from "../../firmware/store/ring_pending";
import { createMockBoard, type MockBoard } from "../../hal/mock";
import { createMockFlash, type MockFlash } from "../../hal/mock/flash";
import type { DeviceBoard } from "../../firmware/store/layout";
import { plainRow } from "./parts/rows";

export const FLASH_BYTES = 0x10000;

export interface DeviceTestBoard {
  board: MockBoard;
  flash: MockFlash;
  description: DeviceBoard;
  device: Device;
}

interface Document {
  [name: string]: unknown;
}

export function exampleDocument(): Document {
  const document = JSON.parse(readFileSync(new URL("../../docs/examples/wallbox.json", import.meta.url), "utf8")) as Document;
  delete document.network;
  return document;
}

export function bytesOf(document: Document): string {
  return Buffer.from(JSON.stringify(document), "utf8").toString("latin1");
}

/** A board that was never provisioned. */
export function createBlankTestBoard(bytes = FLASH_BYTES): Omit<DeviceTestBoard, "device"> {
  const flash = createMockFlash(bytes);
  const board = createMockBoard({ flash });
  for (const [name, module] of Object.entries(hostModules())) board.system.modules.set(name, module);
  return { board, flash, description: { name: "mock", areas: [{ address: 0, bytes }] } };
}

/** Starts what the flash holds, as after a power cut. Throws when there is no device in it. */
export function startDevice(desk: Omit<DeviceTestBoard, "device">): Device {
  desk.board.boot();
  desk.flash.start();
  const device = createDevice(desk.board, desk.description);
  if (device === undefined) throw new Error(desk.board.system.lines.join("\n"));
  return device;
}

/** A provisioned and running device; every contact open. */
export function createDeviceTestBoard(change: (document: Document) => void = () => undefined, bytes = FLASH_BYTES): DeviceTestBoard {
  const desk = createBlankTestBoard(bytes);
  const document = exampleDocument();
  change(document);
  const errors = provision(desk.board, desk.description, bytesOf(document));
  if (errors !== "") throw new Error(errors);
  for (const pin of [25, 26]) desk.board.pins.set(pin, 1);
  return { ...desk, device: startDevice(desk) };
}

/** Lets time pass in ticks of 20 ms. */
export function run(desk: DeviceTestBoard, ms: number): void {
  for (let passed = 0; passed < ms; passed += 20) {
    desk.board.clock.advance(20);
    tick(desk.device);
  }
}

/** Closes or opens the contact of the wallbox (pin 26, active low). */
export function plug(desk: DeviceTestBoard, on: boolean): void {
  desk.board.pins.set(26, on ? 0 : 1);
  run(desk, 100);
}

/** S0 pulses of 40 ms on pin 25. */
export function pulses(desk: DeviceTestBoard, count: number): void {
  for (let pulse = 0; pulse < count; pulse++) {
    desk.board.pins.set(25, 0);
    run(desk, 40);
    desk.board.pins.set(25, 1);
    run(desk, 60);
  }
}

/** The waiting rows of the ring, decoded. */
export function rows(desk: DeviceTestBoard): unknown[][] {
  const cursor = createCursor();
  const found: unknown[][] = [];
  for (let more = firstPending(desk.device.ring, cursor); more; more = nextPending(desk.device.ring, cursor)) {
    const payload = readPending(desk.device.ring, cursor);
    assert.ok(payload !== undefined);
    found.push(plainRow(payload));
  }
  return found;
}
