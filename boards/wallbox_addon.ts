/*
 * The wallbox add-on: an ESP32 DevKit on a carrier with named screw terminals and optocouplers.
 *
 * Input: esp32_devkit and the carrier's wiring. Output: a Board. Invariant: every terminal is a free pin
 * of the module below it.
 */
import type { Board } from "./board";
import { esp32Devkit } from "./esp32_devkit";

const TERMINALS: { [gpio: number]: string } = {
  26: "CONTACT", 25: "S0-1", 27: "S0-2", 32: "START", 33: "END", 16: "READER RX", 17: "READER TX", 23: "RELAY", 2: "LED",
};

export const wallboxAddon: Board = {
  ...esp32Devkit,
  name: "wallbox_addon",
  title: "Wallbox add-on (ESP32 with terminals)",
  pins: esp32Devkit.pins.filter((pin) => TERMINALS[pin.gpio] !== undefined).map((pin) => ({ ...pin, label: TERMINALS[pin.gpio] ?? pin.label })),
  uarts: [{ port: 2, rx: 16, tx: 17 }],
  wiring: { contact: 26, s0Meter1: 25, s0Meter2: 27, sStart: 32, sEnd: 33, readerRx: 16, readerTx: 17, led: 2, relay: 23 },
  notes: [
    "S0-1 and S0-2 take the meter's S0+ and S0-; 3.3 V through 1 kOhm feeds them, enough for class A and B outputs of IEC 62053-31.",
    "CONTACT, START and END are inputs of optocouplers with a terminal RETURN each: 5 to 24 V, either polarity; on means low at the chip.",
    "A contact without a voltage of its own takes 5 V from the terminal 5 V, and a bridge leads from RETURN to GND, as drawn. A signal of 5 to 24 V goes between input and RETURN, without the bridge: then it shares no ground with the board.",
    "READER RX has the divider for 5 V readers; bridge its upper resistor for a reader of 3.3 V. READER TX drives 3.3 V, which every listed reader accepts.",
    "RELAY and its RETURN are the contact of a relay on the carrier: up to 30 V DC, 1 A, never mains.",
  ],
};
