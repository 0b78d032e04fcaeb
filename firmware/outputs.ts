/*
 * The outputs of a device: a status LED and a relay.
 *
 * Input: what the device knows of itself. Output: levels on two pins. Invariant: an output is written only
 * when it changes; the most serious state wins the LED.
 *
 * LED, a pattern of eight steps of 250 ms: session active: steady on; fault: four quick blinks; offline: one
 * short blink; upload pending: two blinks; otherwise off. docs/SIGNALS.md has them for the electrician.
 */
import type { Ports } from "../hal/ports";
import type { Configuration } from "./configuration/configuration";

export interface Outputs {
  /** Levels as last written, -1 before. */
  led: number;
  relay: number;
}

/** One step of a pattern. */
export const LED_STEP_MS = 250;
const STEPS = 8;
/** The two steady ones begin with two equal steps, and the others do not: so a device knows whether to look at every step. */
export const LED_OFF = "00000000";
export const LED_ACTIVE = "11111111";
export const LED_PENDING = "10100000";
export const LED_OFFLINE = "10000000";
export const LED_FAULT = "10101010";

export function createOutputs(ports: Ports, configuration: Configuration): Outputs {
  if (configuration.ledPin >= 0 && ports.pins.open(configuration.ledPin, "output") !== "ok") {
    ports.system.log("fault: pin " + configuration.ledPin + " does not exist on this board; change outputs.led.pin");
  }
  if (configuration.relayPin >= 0 && ports.pins.open(configuration.relayPin, "output") !== "ok") {
    ports.system.log("fault: pin " + configuration.relayPin + " does not exist on this board; change outputs.relay.pin");
  }
  return { led: -1, relay: -1 };
}

/** Drives both pins; `pattern` is one of LED_*, `relayOn` what the relay follows. */
export function outputsTick(outputs: Outputs, ports: Ports, configuration: Configuration, pattern: string, relayOn: boolean, nowMs: number): void {
  if (configuration.ledPin >= 0) {
    const lit = pattern.charAt(Math.floor(nowMs / LED_STEP_MS) % STEPS) === "1";
    const level = lit ? configuration.ledActiveLevel : 1 - configuration.ledActiveLevel;
    if (level !== outputs.led) {
      outputs.led = level;
      ports.pins.write(configuration.ledPin, level);
    }
  }
  if (configuration.relayPin >= 0) {
    const level = relayOn ? configuration.relayActiveLevel : 1 - configuration.relayActiveLevel;
    if (level !== outputs.relay) {
      outputs.relay = level;
      ports.pins.write(configuration.relayPin, level);
    }
  }
}
