/*
 * PinsPort on NodeMCU: gpio.trig into a queue.
 *
 * Input: interrupts, which sleep on a pin until its callback has returned. Output: PinsPort. Invariant: an
 * edge that fell into such a pause is noticed at the next `take`, because the level is compared with the
 * last one queued; two edges in one pause stay unseen, so pulses must last longer than a tick.
 */
import type { ClockPort, Instant, PinEdge, PinMode, PinsPort } from "../ports";
import { EDGES_MAX } from "../../firmware/limits";
import type { NodeMcu } from "./modules";

/** Highest GPIO of the family; 34 to 39 are inputs without pull resistors. */
const GPIO_MAX = 39;
const INPUT_ONLY = 34;

export function createPins(modules: NodeMcu, clock: ClockPort): PinsPort {
  const now: Instant = { ms: 0, s: 0 };
  const queue: PinEdge[] = [];
  for (let index = 0; index < EDGES_MAX; index++) queue.push({ pin: 0, level: 0, atMs: 0 });
  const watched: number[] = [];
  const levels: number[] = [];
  const opened: { [name: string]: boolean } = {};
  let head = 0;
  let waiting = 0;
  let lost = 0;
  const enqueue = (pin: number, level: number): void => {
    for (let index = 0; index < watched.length; index++) {
      if (watched[index] === pin) {
        if (levels[index] === level) return;
        levels[index] = level;
      }
    }
    if (waiting === EDGES_MAX) {
      lost++;
      return;
    }
    clock.read(now);
    const edge = queue[(head + waiting) % EDGES_MAX]!;
    edge.pin = pin;
    edge.level = level;
    edge.atMs = now.ms;
    waiting++;
  };
  return {
    open(pin: number, mode: PinMode): "ok" | "absent" {
      const gpio = modules.gpio;
      if (pin < 0 || pin > GPIO_MAX || mode === "analog") return "absent";
      if (pin >= INPUT_ONLY && mode !== "input") return "absent";
      opened["p" + pin] = true;
      if (mode === "output") {
        gpio.config({ gpio: pin, dir: gpio.IN_OUT });
        return "ok";
      }
      const pull = mode === "inputPullup" ? gpio.PULL_UP : mode === "inputPulldown" ? gpio.PULL_DOWN : gpio.FLOATING;
      gpio.config({ gpio: pin, dir: gpio.IN, pull: pull });
      watched.push(pin);
      levels.push(gpio.read(pin));
      gpio.trig(pin, gpio.INTR_UP_DOWN, (from: number, level: number) => enqueue(from, level));
      return "ok";
    },
    take(edge: PinEdge): boolean {
      if (waiting === 0) {
        for (let index = 0; index < watched.length; index++) enqueue(watched[index]!, modules.gpio.read(watched[index]!));
      }
      if (waiting === 0) return false;
      const oldest = queue[head]!;
      edge.pin = oldest.pin;
      edge.level = oldest.level;
      edge.atMs = oldest.atMs;
      head = (head + 1) % EDGES_MAX;
      waiting--;
      return true;
    },
    overflows: () => lost,
    // NodeMCU ends the program that asks for a pin which the chip has not: an error in a callback restarts the board.
    read: (pin: number) => (opened["p" + pin] === true ? modules.gpio.read(pin) : 0),
    write(pin: number, level: number): void {
      if (opened["p" + pin] === true) modules.gpio.write(pin, level);
    },
  };
}
