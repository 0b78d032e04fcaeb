/*
 * PinsPort on Espruino: setWatch into a queue of our own.
 *
 * Input: edges that the interpreter delivers. Output: PinsPort. Invariant: the queue has a fixed size and
 * needs no memory while it runs; what does not fit is counted, and so is an overflow of the interpreter's
 * own buffer, which it shares with serial input and reports as FIFO_FULL.
 */
import type { PinEdge, PinMode, PinsPort } from "../ports";
import { EDGES_MAX } from "../../firmware/limits";
import { CIRCLE_MS, elapsedMs, originS } from "./clock";
import type { InterpreterPin, WatchEvent } from "./interpreter";
import { wake } from "./wake";

declare const Pin: new (gpio: number) => InterpreterPin;

/** An edge is as long ago at most: no pass takes longer. */
const RECENT_MS = 10000;
/** Of each edge the pin and its level in one number, and milliseconds after the clock's originS of that moment. */
const codes = new Uint8Array(EDGES_MAX);
const times = new Int32Array(EDGES_MAX);
let head = 0;
/** Edges that wait. */
export let waiting = 0;
let lost = 0;
/** The opened pins, and of these the analog ones, one character each: as objects each would take two variables. */
let opened = "";
let analog = "";

/** The interpreter dropped at least one event before it reached us: counted as one. */
export function edgeLost(): void {
  wake.pending = true;
  lost++;
}

/** Runs for each edge, so it does as little as can be: what the moment means is worked out by take. */
function onEdge(event: WatchEvent): void {
  if (waiting === EDGES_MAX) return edgeLost();
  const index = (head + waiting++) % EDGES_MAX;
  codes[index] = (event.pin as unknown as number) * 2 + (event.state as unknown as number);
  // Cut off to whole milliseconds, as the clock's own are.
  times[index] = ((event.time - originS) * 1000) | 0;
}

export const pins: PinsPort = {
  open: function (gpio: number, mode: PinMode): "ok" | "absent" {
    const pin = new Pin(gpio);
    // The interpreter makes something of any number; only a real pin has a mode.
    if (pin.mode === undefined) return "absent";
    const mark = String.fromCharCode(gpio);
    opened += mark;
    if (mode === "analog") {
      analog += mark;
      return "ok";
    }
    pin.mode(mode === "inputPullup" ? "input_pullup" : mode === "inputPulldown" ? "input_pulldown" : mode);
    if (mode !== "output") setWatch(onEdge, pin, { repeat: true, edge: "both" });
    return "ok";
  },
  take: function (edge: PinEdge): boolean {
    if (waiting === 0) return false;
    const code = codes[head];
    const atMs = times[head];
    edge.pin = code >> 1;
    edge.level = code & 1;
    const agoMs = elapsedMs - atMs;
    // Nearly always within the circle and not long ago. Else from before the circle's end, with its origin already
    // moved or not; or the clock was set between edge and now, and nobody knows when it was.
    edge.atMs = atMs >= 0 && agoMs < RECENT_MS && agoMs > -RECENT_MS ? atMs :
      atMs < 0 && agoMs < RECENT_MS ? atMs + CIRCLE_MS : agoMs + CIRCLE_MS >= 0 && agoMs + CIRCLE_MS < RECENT_MS ? atMs : elapsedMs;
    head = (head + 1) % EDGES_MAX;
    waiting--;
    return true;
  },
  overflows: function (): number {
    return lost;
  },
  read: function (gpio: number): number {
    const mark = String.fromCharCode(gpio);
    // A pin that could not be opened reads low; whoever opened it was told.
    if (opened.indexOf(mark) < 0) return 0;
    const pin = new Pin(gpio);
    if (analog.indexOf(mark) >= 0) return Math.round(analogRead(pin) * 1000);
    return pin.read() ? 1 : 0;
  },
  write: function (gpio: number, level: number): void {
    if (opened.indexOf(String.fromCharCode(gpio)) >= 0) new Pin(gpio).write(level);
  },
};
