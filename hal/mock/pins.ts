/*
 * Pins moved by a script on virtual time.
 *
 * Input: `set` and `schedule`, electrical levels. Output: the PinsPort of the board. Invariant: an edge
 * carries the moment at which the script placed it, however late the board looks; beyond EDGES_MAX
 * waiting edges the newest is dropped and counted, while the level itself is always true.
 */
import { EDGES_MAX } from "../../firmware/limits";
import type { PinMode, PinsPort } from "../ports";
import type { MockClock } from "./clock";

export interface MockPins extends PinsPort {
  /** The level of a pin from now on; for an analog pin 0 … 1000. */
  set(pin: number, level: number): void;
  /** The same at a later moment of the world. */
  schedule(worldMs: number, pin: number, level: number): void;
  /** The level that the board drives, or undefined when it never did. */
  driven(pin: number): number | undefined;
  modeOf(pin: number): PinMode | undefined;
  /** Every change of an output: [worldMs, pin, level]. At most `historyMax` newest are kept. */
  readonly history: [number, number, number][];
  /** Forgets claims, queued edges and outputs, as a start of the board does; levels outside stay. */
  boot(): void;
}

interface Change {
  worldMs: number;
  pin: number;
  level: number;
}

export interface MockPinsOptions {
  /** Pins that this board has; any 0 … 63 when not given. */
  pins?: number[];
  historyMax?: number;
}

export function createMockPins(clock: MockClock, options: MockPinsOptions = {}): MockPins {
  const historyMax = options.historyMax ?? 10_000;
  const levels = new Map<number, number>();
  const modes = new Map<number, PinMode>();
  const outputs = new Map<number, number>();
  const history: [number, number, number][] = [];
  const script: Change[] = [];
  let edges: Change[] = [];
  let dropped = 0;

  const exists = (pin: number): boolean => (options.pins === undefined ? pin >= 0 && pin < 64 : options.pins.includes(pin));
  const levelOf = (pin: number): number => levels.get(pin) ?? (modes.get(pin) === "inputPullup" ? 1 : 0);

  function change(worldMs: number, pin: number, level: number): void {
    const mode = modes.get(pin);
    const before = levelOf(pin);
    levels.set(pin, level);
    if (mode === undefined || mode === "output" || mode === "analog" || before === level) return;
    if (edges.length >= EDGES_MAX) dropped++;
    else edges.push({ worldMs, pin, level });
  }

  function settle(): void {
    while (script.length > 0 && script[0]!.worldMs <= clock.worldMs) {
      const due = script.shift() as Change;
      change(due.worldMs, due.pin, due.level);
    }
  }

  return {
    history,
    set(pin, level) {
      settle();
      change(clock.worldMs, pin, level);
    },
    schedule(worldMs, pin, level) {
      let place = script.length;
      while (place > 0 && script[place - 1]!.worldMs > worldMs) place--;
      script.splice(place, 0, { worldMs, pin, level });
    },
    driven: (pin) => outputs.get(pin),
    modeOf: (pin) => modes.get(pin),
    boot() {
      settle();
      modes.clear();
      outputs.clear();
      edges = [];
      dropped = 0;
    },
    open(pin, mode) {
      if (!exists(pin)) return "absent";
      settle();
      modes.set(pin, mode);
      return "ok";
    },
    take(edge) {
      settle();
      const oldest = edges.shift();
      if (oldest === undefined) return false;
      edge.pin = oldest.pin;
      edge.level = oldest.level;
      edge.atMs = clock.monotonicMs(oldest.worldMs);
      return true;
    },
    overflows() {
      settle();
      return dropped;
    },
    read(pin) {
      settle();
      return modes.get(pin) === "output" && !levels.has(pin) ? outputs.get(pin) ?? 0 : levelOf(pin);
    },
    write(pin, level) {
      if (modes.get(pin) === undefined || outputs.get(pin) === level) return;
      outputs.set(pin, level);
      history.push([clock.worldMs, pin, level]);
      if (history.length > historyMax) history.shift();
    },
  };
}
