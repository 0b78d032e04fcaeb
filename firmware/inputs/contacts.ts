/*
 * The digital wires of a device: from pins to the block's inputs.
 *
 * Input: edges and levels of the pins port. Output: pulses, contact and custom inputs of the connector.
 * Invariants: only debounced levels reach the block; a change that happened while nothing watched (power off, full
 * queue) is seen, because levels are read again; a button acts when it is pressed, never when it is released.
 */
import { pulseEnd, pulseStart, setContact, setCustomInput } from "../session/pins";
import type { Connector } from "../session/connector";
import { REASON_END } from "../session/session_record";
import type { PinEdge, PinMode, Ports } from "../../hal/ports";
import type { Configuration, HardwareConfiguration } from "../configuration/configuration";
import { createDebounce, debounceEdge, debounceTick } from "./debounce";
import type { Debounce } from "./debounce";

/** Roles of a wired input; from 0 on the place of a custom input. */
export const ROLE_START = -1;
export const ROLE_END = -2;
export const ROLE_CONTACT = -3;

/** One change of the input with this role. @part input */
export function contactChanged(connector: Connector, role: number, on: boolean): void {
  if (role === ROLE_CONTACT) setContact(connector, on, REASON_END);
  else if (role >= 0) setCustomInput(connector, role, on ? "1" : "0");
  else if (on && role === ROLE_START) pulseStart(connector);
  else if (on) pulseEnd(connector, REASON_END);
}

/** A button that stays pressed this long is broken or wired with the wrong polarity. */
const PULSE_STUCK_MS = 60000;

/** Parallel lists, one entry a wired input. */
export interface Contacts {
  pins: number[];
  /** One of ROLE_*, or the place of a custom input. */
  roles: number[];
  debounces: Debounce[];
  /** " pin26:absent" for each input that is configured and that the board lacks. */
  absent: string;
}

export function modeOf(pull: "none" | "up" | "down"): PinMode {
  return pull === "up" ? "inputPullup" : pull === "down" ? "inputPulldown" : "input";
}

/** Opens the wired inputs. The level contact and custom inputs take their present level at once. */
export function createContacts(ports: Ports, configuration: Configuration, hardware: HardwareConfiguration, connector: Connector, nowMs: number): Contacts {
  const contacts: Contacts = { pins: [], roles: [], debounces: [], absent: "" };
  const wired = [hardware.sStart, hardware.sEnd, hardware.contact];
  const analogs = configuration.customInputs.analogs;
  for (let index = 0; index < analogs.length; index++) {
    if (ports.pins.open(analogs[index]!.pin, "analog") !== "ok") {
      ports.system.log("fault: pin " + analogs[index]!.pin + " cannot measure on this board; change customInputs[" + analogs[index]!.place + "].pin");
    }
  }
  for (let index = 0; index < 3 + hardware.levels.length; index++) {
    const place = index < 3 ? index - 3 : hardware.levelPlaces[index - 3]!;
    const input = index < 3 ? wired[index]! : hardware.levels[index - 3]!;
    if (input.pin < 0) continue;
    if (ports.pins.open(input.pin, modeOf(input.pull)) !== "ok") {
      ports.system.log("fault: pin " + input.pin + " does not exist on this board; change it in the configuration");
      contacts.absent += " pin" + input.pin + ":absent";
      continue;
    }
    const level = ports.pins.read(input.pin);
    const debounce = createDebounce(input.debounceMs, input.activeLevel, level, nowMs);
    if (place < -1) debounce.stuckAfterMs = PULSE_STUCK_MS;
    contacts.pins.push(input.pin);
    contacts.roles.push(place < 0 ? place === -3 ? ROLE_START : place === -2 ? ROLE_END : ROLE_CONTACT : place);
    contacts.debounces.push(debounce);
    if (place === -1) setContact(connector, level === input.activeLevel, REASON_END);
    if (place >= 0) setCustomInput(connector, place, level === input.activeLevel ? "1" : "0");
  }
  return contacts;
}

/** One edge; nothing when no contact is wired to its pin. */
export function contactEdge(contacts: Contacts, edge: PinEdge): void {
  const index = contacts.pins.indexOf(edge.pin);
  if (index >= 0) debounceEdge(contacts.debounces[index]!, edge.level, edge.atMs);
}

/** Tells the block every change that lasted. `lostEdges`: the queue was full, so levels are read anew. */
export function contactsTick(contacts: Contacts, ports: Ports, connector: Connector, nowMs: number, lostEdges: boolean): void {
  for (let index = 0; index < contacts.pins.length; index++) {
    const debounce = contacts.debounces[index]!;
    if (lostEdges) debounceEdge(debounce, ports.pins.read(contacts.pins[index]!), nowMs);
    for (;;) {
      const change = debounceTick(debounce, nowMs);
      if (change === "none") break;
      contactChanged(connector, contacts.roles[index]!, change === "on");
    }
  }
}

/** Whether no contact bounces: nothing changes before the next edge. */
export function areContactsStable(contacts: Contacts): boolean {
  for (let index = 0; index < contacts.debounces.length; index++) {
    if (contacts.debounces[index]!.unstable) return false;
  }
  return true;
}
