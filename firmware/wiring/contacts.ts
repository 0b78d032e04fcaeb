/*
 * The digital and analog wires of a device: from pins to the block's inputs.
 *
 * Input: edges and levels of the pins port. Output: pulses, contact and custom inputs of the connector.
 * Invariant: only debounced levels reach the block; a change of contact that happened while nobody looked
 * (power off, full queue) is seen, because levels are read again.
 */
import type { PinMode, Ports } from "../../hal/ports";
import { setContact, pulseEnd, pulseStart, setCustomInput } from "../block/pins";
import type { Connector } from "../block/connector";
import { REASON_END } from "../block/session";
import type { Configuration, CustomInputConfiguration } from "../configuration";
import { createDebounce, debounceEdge, debounceTick } from "../signal/debounce";
import type { Debounce } from "../signal/debounce";

const ROLE_START = -1;
const ROLE_END = -2;
const ROLE_CONTACT = -3;
/** A button that stays pressed this long is broken or wired with the wrong polarity. */
const PULSE_STUCK_MS = 60000;

/** Parallel lists, one entry a wired input. */
export interface Contacts {
  pins: number[];
  /** One of ROLE_*, or the place of a custom input. */
  roles: number[];
  debounces: Debounce[];
}

export function modeOf(pull: "none" | "up" | "down"): PinMode {
  return pull === "up" ? "inputPullup" : pull === "down" ? "inputPulldown" : "input";
}

/** Opens the wired inputs. The level contact and custom inputs take their present level at once. */
export function createContacts(ports: Ports, configuration: Configuration, connector: Connector, nowMs: number): Contacts {
  const contacts: Contacts = { pins: [], roles: [], debounces: [] };
  const wired = [configuration.sStart, configuration.sEnd, configuration.contact];
  const inputs = configuration.customInputs;
  for (let index = 0; index < 3 + inputs.length; index++) {
    const place = index - 3;
    if (place >= 0 && inputs[place].source !== "level") {
      if (inputs[place].source === "analog" && ports.pins.open(inputs[place].pin, "analog") !== "ok") {
        ports.system.log("fault: pin " + inputs[place].pin + " cannot measure on this board; change customInputs[" + place + "].pin");
      }
      continue;
    }
    const input = place < 0 ? wired[index] : inputs[place];
    if (input.pin < 0) continue;
    if (ports.pins.open(input.pin, modeOf(input.pull)) !== "ok") {
      ports.system.log("fault: pin " + input.pin + " does not exist on this board; change it in the configuration");
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

/** One edge; false when no contact is wired to this pin. */
export function contactEdge(contacts: Contacts, pin: number, level: number, atMs: number): boolean {
  for (let index = 0; index < contacts.pins.length; index++) {
    if (contacts.pins[index] !== pin) continue;
    debounceEdge(contacts.debounces[index], level, atMs);
    return true;
  }
  return false;
}

/** Tells the block every change that lasted. `lostEdges`: the queue was full, so levels are read anew. */
export function contactsTick(contacts: Contacts, ports: Ports, connector: Connector, nowMs: number, lostEdges: boolean): void {
  for (let index = 0; index < contacts.pins.length; index++) {
    const debounce = contacts.debounces[index];
    if (lostEdges) debounceEdge(debounce, ports.pins.read(contacts.pins[index]), nowMs);
    for (;;) {
      const change = debounceTick(debounce, nowMs);
      if (change === "none") break;
      const role = contacts.roles[index];
      if (role === ROLE_CONTACT) setContact(connector, change === "on", REASON_END);
      else if (role >= 0) setCustomInput(connector, role, change === "on" ? "1" : "0");
      else if (change === "on" && role === ROLE_START) pulseStart(connector);
      else if (change === "on") pulseEnd(connector, REASON_END);
    }
  }
}

/** The measured value as decimal text, exact in whole numbers: 0 … 1000 thousandths on the input's scale. */
export function analogText(input: CustomInputConfiguration, thousandths: number): string {
  const span = input.scaleHigh - input.scaleLow;
  const width = span < 0 ? -span : span;
  // In two parts, because span × thousandths can exceed 2^31.
  const part = Math.floor(width / 1000) * thousandths + Math.floor(((width % 1000) * thousandths + 500) / 1000);
  const value = span < 0 ? input.scaleLow - part : input.scaleLow + part;
  let digits = "" + (value < 0 ? -value : value);
  if (input.scaleDecimals > 0) {
    while (digits.length <= input.scaleDecimals) digits = "0" + digits;
    const point = digits.length - input.scaleDecimals;
    digits = digits.substring(0, point) + "." + digits.substring(point);
  }
  return value < 0 ? "-" + digits : digits;
}

/** Reads the analog inputs, when a row is about to be written. */
export function senseAnalog(ports: Ports, configuration: Configuration, connector: Connector): void {
  const inputs = configuration.customInputs;
  for (let place = 0; place < inputs.length; place++) {
    if (inputs[place].source === "analog") setCustomInput(connector, place, analogText(inputs[place], ports.pins.read(inputs[place].pin)));
  }
}
