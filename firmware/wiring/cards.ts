/*
 * The card readers of a device: from UART bytes to the block's pin Uid.
 *
 * Input: bytes of the serial port, read by the configured model's driver, which is loaded by name. Output:
 * setUid and the pulses that cards may make. Invariant: a card acts once per presentation, whatever the
 * reader repeats; a reader that fails is reported once and tried on.
 */
import type { Ports } from "../../hal/ports";
import { note } from "../block/note";
import { hexOf } from "../bytes";
import type { ReaderConfiguration, WiringConfiguration } from "../configuration";
import type { Device } from "../device";
import { createPresence, presenceSeen, presenceTake } from "../signal/presence";
import type { Presence } from "../signal/presence";
import type { ReaderDriver, ReaderState } from "../signal/reader/frame";
import { cardShown } from "./card_shown";

/** In the place of a driver's judge while the driver is not in memory. */
function judgeNothing(): number {
  return 0;
}

export interface CardReader {
  configuration: ReaderConfiguration;
  /** undefined while a reader that sends by itself has nothing begun: its driver is fetched with the next bytes. */
  driver: ReaderDriver | undefined;
  state: ReaderState;
  presence: Presence;
  /** Fault as last reported. */
  fault: string;
}

/** Opens the configured readers; one whose model or UART is missing is reported and left out. */
export function createCardReaders(ports: Ports, wiring: WiringConfiguration): CardReader[] {
  const readers: CardReader[] = [];
  for (let index = 0; index < wiring.readers.length; index++) {
    const reader = wiring.readers[index];
    const module = ports.system.load(reader.model) as { driver: ReaderDriver } | undefined;
    if (module === undefined) {
      ports.system.log("fault: no driver for reader model " + reader.model + "; deploy it, or change readers[" + index + "].model");
      continue;
    }
    const driver = module.driver;
    if (ports.serial.open(reader.port, reader.baud === 0 ? driver.baud : reader.baud) !== "ok") {
      ports.system.log("fault: this board has no UART " + reader.port + "; change readers[" + index + "].port");
      continue;
    }
    readers.push({ configuration: reader, driver: driver, state: driver.create(), presence: createPresence(reader, driver.refusesRandom), fault: "" });
  }
  return readers;
}

/** Gives a reader's driver what arrived. A function of its own, so that nothing else refers to the driver. @apart */
function readerTick(device: Device, reader: CardReader): void {
  const ports = device.ports;
  const state = reader.state;
  const nowMs = device.now.ms;
  const port = reader.configuration.port;
  const bytes = ports.serial.take(port);
  if (reader.driver === undefined) {
    if (bytes === "") return;
    const module = ports.system.load(reader.configuration.model) as { driver: ReaderDriver } | undefined;
    if (module === undefined) return;
    reader.driver = module.driver;
    state.judge = module.driver.create().judge;
  }
  const driver = reader.driver;
  driver.feed(state, bytes, nowMs);
  const question = driver.poll(state, nowMs);
  if (question !== "") ports.serial.write(port, question);
  for (;;) {
    const uid = driver.take(state);
    if (uid === undefined) break;
    presenceSeen(reader.presence, hexOf(uid), device.now);
  }
  const fault = driver.fault(state);
  if (fault !== reader.fault) {
    note(device.connector, "reader " + reader.configuration.model + (fault === "" ? " works again" : ": " + fault));
    reader.fault = fault;
  }
  if (driver.pollMs === 0 && state.buffer === "" && state.candidate === "") {
    reader.driver = undefined;
    // The driver's own function would keep all of it in memory.
    state.judge = judgeNothing;
  }
}

/** Feeds every reader with what arrived and handles the cards that it saw. */
export function cardReadersTick(device: Device): void {
  const connector = device.connector;
  for (let index = 0; index < device.readers.length; index++) {
    const reader = device.readers[index];
    readerTick(device, reader);
    if (reader.presence.refusal !== "") {
      note(connector, reader.presence.refusal + " refused: it changes at every reading; use another card");
      reader.presence.refusal = "";
    }
    for (;;) {
      const hex = presenceTake(reader.presence, device.now);
      if (hex === "") break;
      cardShown(device, hex, reader.configuration.uidFormat);
    }
  }
}
