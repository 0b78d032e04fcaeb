/*
 * Pins of a board that has none: levels come from a script object or from the control socket.
 *
 * Input: `set`. Output: PinsPort, and `onOutput` for a display of the LED. Invariant: an edge carries the
 * board's time at which it was set; beyond EDGES_MAX waiting edges the newest is dropped and counted.
 */
import { EDGES_MAX } from "../../firmware/limits";
import type { ClockPort, Instant, PinEdge, PinMode, PinsPort } from "../ports";

export interface HostPins extends PinsPort {
  /** Electrical level from now on; for an analog pin 0 … 1000. */
  set(pin: number, level: number): void;
  onOutput: (pin: number, level: number) => void;
}

export function createHostPins(clock: ClockPort): HostPins {
  const levels = new Map<number, number>();
  const modes = new Map<number, PinMode>();
  const edges: PinEdge[] = [];
  const now: Instant = { ms: 0, s: 0 };
  let dropped = 0;
  const levelOf = (pin: number): number => levels.get(pin) ?? (modes.get(pin) === "inputPullup" ? 1 : 0);
  const host: HostPins = {
    onOutput: () => undefined,
    set(pin, level) {
      const mode = modes.get(pin);
      const before = levelOf(pin);
      levels.set(pin, level);
      if (mode === undefined || mode === "output" || mode === "analog" || before === level) return;
      clock.read(now);
      if (edges.length >= EDGES_MAX) dropped++;
      else edges.push({ pin, level, atMs: now.ms });
    },
    open(pin, mode) {
      if (pin < 0 || pin > 63) return "absent";
      modes.set(pin, mode);
      return "ok";
    },
    take(edge) {
      const oldest = edges.shift();
      if (oldest === undefined) return false;
      edge.pin = oldest.pin;
      edge.level = oldest.level;
      edge.atMs = oldest.atMs;
      return true;
    },
    overflows: () => dropped,
    read: levelOf,
    write(pin, level) {
      if (modes.get(pin) === undefined || levels.get(pin) === level) return;
      levels.set(pin, level);
      host.onOutput(pin, level);
    },
  };
  return host;
}
