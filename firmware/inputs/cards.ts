/*
 * The card readers of a device: from UART bytes to the block's pin Uid.
 *
 * Input: bytes of the serial port, read by the configured model's driver, which is loaded by name. Output:
 * setUid and the pulses that cards may make. Invariant: a card acts once per presentation, whatever the
 * reader repeats; a reader that fails is reported once and tried on.
 */
import type { Ports } from "../../hal/ports";
import { addLogLine } from "../session/note";
import type { ReaderConfiguration, HardwareConfiguration } from "../configuration/configuration";
import type { Device } from "../device";
import { createPresence, presenceTake } from "./presence";
import type { Presence } from "./presence";
import type { ReaderDriver, ReaderState } from "./reader/frame";
import { readReader } from "./card_reader";
import { cardShown } from "./card_shown";

export interface CardReader {
  model: string;
  port: number;
  uidFormat: ReaderConfiguration["uidFormat"];
  /** undefined while a reader that sends by itself has nothing begun: its driver is fetched with the next bytes. */
  driver: ReaderDriver | undefined;
  /** undefined while its driver is. */
  state: ReaderState | undefined;
  presence: Presence;
  /** Fault as last reported. */
  fault: string;
  /** Frames refused in all and since the last good one, and why the latest was. */
  refused: number;
  errors: number;
  why: string;
}

/** Opens the configured readers; one whose model or UART is missing is reported and left out. @apart */
export function createCardReaders(ports: Ports, hardware: HardwareConfiguration): CardReader[] {
  const readers: CardReader[] = [];
  for (let index = 0; index < hardware.readers.length; index++) {
    const reader = hardware.readers[index];
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
    // One that sends by itself has its driver fetched with its first bytes: at a start there is no room for it.
    const asked = driver.pollMs > 0;
    readers.push({ model: reader.model, port: reader.port, uidFormat: reader.uidFormat, driver: asked ? driver : undefined, state: asked ? driver.create() : undefined, presence: createPresence(reader, driver.refusesRandom), fault: "", refused: 0, errors: 0, why: "" });
  }
  return readers;
}

/** Feeds every reader with what arrived and handles the cards that it saw. */
export function cardReadersTick(device: Device): void {
  const connector = device.connector;
  for (let index = 0; index < device.readers.length; index++) {
    const reader = device.readers[index];
    const bytes = device.ports.serial.take(reader.port);
    // Nobody at the reader, as nearly always: its part stays in flash.
    if (bytes === "" && reader.driver === undefined && reader.presence.states.length === 0) continue;
    const line = readReader(reader, device.ports, bytes, device.now);
    if (line !== "") addLogLine(connector, line);
    if (reader.presence.refusal !== "") {
      addLogLine(connector, reader.presence.refusal + " refused: it changes at every reading; use another card");
      reader.presence.refusal = "";
    }
    for (;;) {
      const hex = presenceTake(reader.presence, device.now);
      if (hex === "") break;
      cardShown(device, hex, reader.uidFormat);
    }
  }
}
