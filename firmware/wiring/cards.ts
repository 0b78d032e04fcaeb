/*
 * The card readers of a device: from UART bytes to the block's pin Uid.
 *
 * Input: bytes of the serial port, read by the configured model's driver, which is loaded by name. Output:
 * setUid and the pulses that cards may make. Invariant: a card acts once per presentation, whatever the
 * reader repeats; a reader that fails is reported once and tried on.
 */
import type { Ports } from "../../hal/ports";
import { note } from "../block/connector";
import { hexOf } from "../bytes";
import type { Configuration, ReaderConfiguration } from "../configuration";
import type { Device } from "../device";
import { createPresence, presenceSeen, presenceTake } from "../signal/presence";
import type { Presence } from "../signal/presence";
import type { ReaderDriver, ReaderState } from "../signal/reader/frame";
import { cardShown } from "./card_shown";

export interface CardReader {
  configuration: ReaderConfiguration;
  driver: ReaderDriver;
  state: ReaderState;
  presence: Presence;
  /** Fault as last reported. */
  fault: string;
}

/** Opens the configured readers; one whose model or UART is missing is reported and left out. */
export function createCardReaders(ports: Ports, configuration: Configuration): CardReader[] {
  const readers: CardReader[] = [];
  for (let index = 0; index < configuration.readers.length; index++) {
    const reader = configuration.readers[index];
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

/** Feeds every reader with what arrived and handles the cards that it saw. */
export function cardReadersTick(device: Device): void {
  const readers = device.readers;
  const ports = device.ports;
  const connector = device.connector;
  const now = device.now;
  for (let index = 0; index < readers.length; index++) {
    const reader = readers[index];
    const state = reader.state;
    const port = reader.configuration.port;
    const bytes = ports.serial.take(port);
    if (bytes !== "") reader.driver.feed(state, bytes, now.ms);
    const question = reader.driver.poll(state, now.ms);
    if (question !== "") ports.serial.write(port, question);
    for (;;) {
      const uid = reader.driver.take(state);
      if (uid === undefined) break;
      presenceSeen(reader.presence, hexOf(uid), now);
    }
    if (reader.presence.refusal !== "") {
      note(connector, reader.presence.refusal + " refused: it changes at every reading; use another card");
      reader.presence.refusal = "";
    }
    for (;;) {
      const hex = presenceTake(reader.presence, now);
      if (hex === "") break;
      cardShown(device, hex, reader.configuration.uidFormat);
    }
    const fault = reader.driver.fault(state);
    if (fault !== reader.fault) {
      note(connector, "reader " + reader.configuration.model + (fault === "" ? " works again" : ": " + fault));
      reader.fault = fault;
    }
  }
}
