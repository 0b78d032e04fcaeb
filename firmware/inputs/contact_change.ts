/*
 * What a contact that changed does to the block.
 *
 * Input: a change that lasted. Output: pulses, the contact and custom inputs of the connector. Invariant: a
 * button acts when it is pressed and never when it is let go.
 */
import { pulseEnd, pulseStart, setContact, setCustomInput } from "../session/pins";
import type { Connector } from "../session/connector";
import { REASON_END } from "../session/session_record";

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
