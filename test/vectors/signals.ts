/*
 * Contacts, meters, cards and drift with known answers, for every virtual machine.
 *
 * Input: nothing. Output: "" from the run when all agree, else the first that does not. Written in the
 * firmware's language subset, so that the same source runs on Node, in Lua and on the interpreter.
 */
import { createDebounce, debounceEdge, debounceTick } from "../../firmware/inputs/debounce";
import { createPresence, presenceSeen, presenceTake } from "../../firmware/inputs/presence";
import { s0Drift, s0RateWarning } from "../../firmware/inputs/s0_check";
import { createS0Meter, s0Edge, s0Tick } from "../../firmware/inputs/s0_meter";
import { difference } from "./check";

/** Near the end of the circle of milliseconds, so that everything below wraps. */
const START_MS = 1073741824 - 3000;

function wrapped(ms: number): number {
  return (START_MS + ms) % 1073741824;
}

/** A meter's power after two pulses `distanceMs` apart, and after waiting as long again twice. */
function powers(pulsesPerKwh: number, distanceMs: number): string {
  const meter = createS0Meter({ input: { pin: 1, pull: "up", activeLevel: 0, debounceMs: 0 }, pulsesPerKwh: pulsesPerKwh, filterMs: 10, spacingMs: 0, registerWh: 0 }, 1, START_MS);
  let counted = 0;
  for (let pulse = 1; pulse <= 2; pulse++) {
    counted += s0Edge(meter, 0, wrapped(pulse * distanceMs));
    counted += s0Edge(meter, 1, wrapped(pulse * distanceMs + 40));
  }
  s0Tick(meter, wrapped(3 * distanceMs));
  const first = meter.powerW;
  s0Tick(meter, wrapped(5 * distanceMs));
  return counted + " " + first + " " + meter.powerW;
}

export function runS0Meters(): string {
  let fault = difference("1000 pulses per kWh", powers(1000, 3600), "2 1000 333");
  if (fault === "") fault = difference("1 pulse per kWh", powers(1, 163636), "2 22000 7333");
  if (fault === "") fault = difference("3 pulses per kWh", powers(3, 100000), "2 12000 4000");
  if (fault === "") fault = difference("75 pulses per kWh", powers(75, 2182), "2 21998 7332");
  if (fault === "") fault = difference("1 pulse in days", powers(1, 100000000), "2 36 12");
  if (fault === "") fault = difference("suits", s0RateWarning(1000, 22000, 10, 50), "");
  if (fault === "") fault = difference("spacing", s0RateWarning(2000, 22000, 10, 90).substring(0, 48), "at 22000 W pulses come every 81 ms: spacingMs 90");
  if (fault === "") fault = difference("drift", "" + s0Drift(1010000, 1000000, 0) + " " + s0Drift(2147000000, 2100000000, 100000000), "10 23");
  return fault;
}

export function runContacts(): string {
  const contact = createDebounce(20, 0, 1, START_MS);
  // Bounce at 2990, on from 2995 across the wrap, off at 3100 for good, and a spike at 3200.
  const edges: number[] = [2990, 0, 2992, 1, 2995, 0, 3100, 1, 3200, 0, 3215, 1];
  let told = "";
  for (let index = 0; index < edges.length; index += 2) debounceEdge(contact, edges[index + 1]!, wrapped(edges[index]!));
  for (let count = 0; count < 4; count++) told += debounceTick(contact, wrapped(3300)) + " ";
  return difference("contact", told + contact.bounces, "on off none none 2");
}

export function runPresence(): string {
  const presence = createPresence({ model: "", port: 2, baud: 0, uidFormat: "hex", presenceTimeoutMs: 400, rearmDelayMs: 5000, minHoldMs: 300, minSightings: 0 }, true, 1);
  const now = { ms: 0, s: 0 };
  let events = "";
  for (let ms = 0; ms <= 16000; ms += 100) {
    now.ms = wrapped(ms);
    // Two cards in turn, a random uid, and the first card again after its dead time.
    if (ms < 2000) presenceSeen(presence, ms % 200 === 0 ? "0102B0A5FD" : "9EB36E66", now);
    if (ms === 3000) presenceSeen(presence, "08AABBCC", now);
    if (ms >= 9000 && ms < 10000) presenceSeen(presence, "0102B0A5FD", now);
    const uid = presenceTake(presence, now);
    if (uid !== "") events += uid + "@" + ms + " ";
  }
  const fault = difference("cards", events, "0102B0A5FD@400 9EB36E66@500 0102B0A5FD@9300 ");
  return fault !== "" ? fault : difference("random uid", presence.refusal, "random uid 08AABBCC");
}
