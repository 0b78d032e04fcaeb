/*
 * The card readers of a device: from UART bytes to the block's pin Uid.
 *
 * Input: bytes of the serial port, read by the configured model's driver, which is loaded by name. Output: the pin
 * Uid and the pulses that cards may make; the unknown card for the next status. Invariants: a card acts once per
 * presentation, however often the reader repeats it; a failing reader is reported once and polled on; refused frames
 * are counted for as long as the board runs, also while no driver is in memory.
 */
import type { Ports, Instant } from "../../hal/ports";
import { addLogLine } from "../session/log";
import type { ReaderConfiguration, HardwareConfiguration } from "../configuration/configuration";
import type { Connector } from "../session/connector";
import type { Blob } from "../store/blob";
import type { Uploader } from "../uplink/uploader_state";
import { createPresence, presenceTake, presenceSeen, takeRefusal } from "./presence";
import type { Presence } from "./presence";
import type { ReaderDriver, ReaderState } from "./reader/frame";
import { hexOf, bytesOfHex } from "../base/bytes";
import { readerFault, takeUid } from "./reader/frame";
import { presentCard } from "../session/pins";
import { findUser, sameUser, usersOf } from "../session/users";
import { uidText } from "./uid_format";

/** The part of the device that cards need. */
export interface CardDevice {
  ports: Ports;
  now: Instant;
  connector: Connector;
  readers: CardReader[];
  /** undefined on a board without room for a list of users. */
  usersBlob: Blob | undefined;
  uploader: Uploader;
}

export interface CardReader {
  model: string;
  port: number;
  uidFormat: ReaderConfiguration["uidFormat"];
  /** Unset while an unsolicited reader is idle; loaded with the next bytes. */
  driver: ReaderDriver | undefined;
  /** Unset together with `driver`. */
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
    const reader = hardware.readers[index]!;
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
    // The driver of an unsolicited reader is loaded with its first bytes: a start has no room for it.
    const asked = driver.pollMs > 0;
    readers.push({ model: reader.model, port: reader.port, uidFormat: reader.uidFormat, driver: asked ? driver : undefined, state: asked ? driver.create() : undefined, presence: createPresence(reader, driver.refusesRandom, driver.minSightings), fault: "", refused: 0, errors: 0, why: "" });
  }
  return readers;
}

/** Feeds the reader's driver with the bytes that arrived; returns a line for the Log, "" for none. @part reader */
export function readReader(reader: CardReader, ports: Ports, bytes: string, now: Instant): string {
  if (reader.driver === undefined) {
    if (bytes === "") return "";
    const module = ports.system.load(reader.model) as { driver: ReaderDriver } | undefined;
    if (module === undefined) return "";
    reader.driver = module.driver;
    const fresh = module.driver.create();
    fresh.refused = reader.refused;
    fresh.errors = reader.errors;
    fresh.why = reader.why;
    reader.state = fresh;
  }
  const driver = reader.driver;
  const state = reader.state;
  if (state === undefined) return "";
  driver.feed(state, bytes, now.ms);
  const question = driver.poll(state, now.ms);
  if (question !== "") ports.serial.write(reader.port, question);
  for (;;) {
    const uid = takeUid(state);
    if (uid === undefined) break;
    presenceSeen(reader.presence, hexOf(uid), now);
  }
  reader.refused = state.refused;
  reader.errors = state.errors;
  reader.why = state.why;
  const fault = readerFault(state);
  if (driver.pollMs === 0 && state.buffer === "" && state.candidate === "") {
    reader.driver = undefined;
    reader.state = undefined;
  }
  if (fault === reader.fault) return "";
  reader.fault = fault;
  return "reader " + reader.model + (fault === "" ? " works again" : ": " + fault);
}

/** Acts on one presented card: the new Uid, and perhaps a pulse. `hex` is its uid in upper-case hexadecimal, first byte first. @part card */
export function cardShown(device: CardDevice, hex: string, format: ReaderConfiguration["uidFormat"]): void {
  const bytes = bytesOfHex(hex);
  if (bytes === undefined) return;
  const uid = uidText(bytes, format);
  const session = device.connector.session;
  const users = usersOf(device.usersBlob);
  // Report the unknown card so that an administrator can assign it.
  if (findUser(users, uid, 0).state === "unknown") device.uploader.status.unknownCard = uid;
  presentCard(device.connector, uid, session.active && session.uid !== "" && sameUser(users, uid, session.uid));
}

/** Feeds every reader with what arrived and handles the cards that it saw. */
export function cardReadersTick(device: CardDevice): void {
  const connector = device.connector;
  for (let index = 0; index < device.readers.length; index++) {
    const reader = device.readers[index]!;
    const bytes = device.ports.serial.take(reader.port);
    // Most ticks find an idle reader: skip loading its part from flash.
    if (bytes === "" && reader.driver === undefined && reader.presence.states.length === 0) continue;
    const line = readReader(reader, device.ports, bytes, device.now);
    if (line !== "") addLogLine(connector, line);
    if (reader.presence.refusal !== "") addLogLine(connector, takeRefusal(reader.presence));
    for (;;) {
      const hex = presenceTake(reader.presence, device.now);
      if (hex === "") break;
      cardShown(device, hex, reader.uidFormat);
    }
  }
}

/** Whether no reader has to be polled and no card is remembered: nothing changes before the next byte. */
export function areReadersIdle(readers: CardReader[]): boolean {
  for (let index = 0; index < readers.length; index++) {
    if (readers[index]!.driver !== undefined || readers[index]!.presence.states.length > 0) return false;
  }
  return true;
}
