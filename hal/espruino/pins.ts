/*
 * PinsPort on Espruino: setWatch into a queue of our own.
 *
 * Input: edges that the interpreter delivers. Output: PinsPort. Invariant: the queue has a fixed size and
 * needs no memory while it runs; what does not fit is counted, and so is an overflow of the interpreter's
 * own buffer, which it shares with serial input and reports as FIFO_FULL. Where there is memory for it the queue is as
 * long as that buffer: all edges of a time in which the interpreter was kept from us come at once.
 */
import type { PinEdge, PinMode, PinsPort } from "../ports";
import { EDGES_MAX, TICK_MS, WATCHDOG_S } from "../../firmware/limits";
import { CIRCLE_MS, elapsedMs, originS } from "./clock";
import type { InterpreterPin, WatchEvent } from "./interpreter";
import { armLoop, wake } from "./wake";

declare const Pin: new (gpio: number) => InterpreterPin;

/** An edge is as long ago at most: a pass that takes longer ends in a restart. Joining a Wi-Fi takes up to 18 s of one. */
const RECENT_MS = WATCHDOG_S * 1000;
/** Of each edge the pin and its level in one number, and milliseconds after the clock's originS of that moment. */
let codes = new Uint8Array(EDGES_MAX);
let times = new Int32Array(EDGES_MAX);
let room = EDGES_MAX;
let head = 0;
/** Edges that wait. */
export let waiting = 0;
let lost = 0;
/** The opened pins, and of these the analog ones, one character each: as objects each would take two variables. */
let opened = "";
let analog = "";

/** Makes the queue longer, before the first pin is opened. */
export function widenQueue(edges: number): void {
  codes = new Uint8Array(edges);
  times = new Int32Array(edges);
  room = edges;
}

/** The interpreter dropped at least one event before it reached us: counted as one. */
export function edgeLost(): void {
  wake.pending = true;
  if (wake.resting) armLoop(TICK_MS);
  lost++;
}

/** Runs for each edge, so it does as little as can be: what the moment means is worked out by take. */
function onEdge(event: WatchEvent): void {
  if (waiting === room) return edgeLost();
  if (wake.resting) armLoop(TICK_MS);
  const index = (head + waiting++) % room;
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
    if (mode === "analog") {
      // Not a number where the build measures nothing, as on the S3.
      if (!(analogRead(pin) >= 0)) return "absent";
      analog += mark;
      opened += mark;
      return "ok";
    }
    const word = mode === "inputPullup" ? "input_pullup" : mode === "inputPulldown" ? "input_pulldown" : mode;
    pin.mode(word);
    if (mode !== "output") {
      // The pin of a board's button would be debounced by 25 ms. For a pin that cannot be watched the interpreter returns nothing and prints a line.
      if (setWatch(onEdge, pin, { repeat: true, edge: "both", debounce: 0 }) === undefined) return "absent";
      // Once more: on ESP32 a watch turns the pull-up on and discards the earlier mode.
      pin.mode(word);
    }
    opened += mark;
    return "ok";
  },
  take: function (edge: PinEdge): boolean {
    if (waiting === 0) return false;
    const code = codes[head]!;
    const atMs = times[head]!;
    edge.pin = code >> 1;
    edge.level = code & 1;
    const agoMs = elapsedMs - atMs;
    // Nearly always within the circle and not long ago. Else from before the circle's end, with its origin already
    // moved or not; or the clock was set between edge and now, and its time is unknown.
    edge.atMs = atMs >= 0 && agoMs < RECENT_MS && agoMs > -RECENT_MS ? atMs :
      atMs < 0 && agoMs < RECENT_MS ? atMs + CIRCLE_MS : agoMs + CIRCLE_MS >= 0 && agoMs + CIRCLE_MS < RECENT_MS ? atMs : elapsedMs;
    head = (head + 1) % room;
    waiting--;
    return true;
  },
  overflows: function (): number {
    return lost;
  },
  read: function (gpio: number): number {
    const mark = String.fromCharCode(gpio);
    // A pin that could not be opened reads low; open() reported it.
    if (opened.indexOf(mark) < 0) return 0;
    const pin = new Pin(gpio);
    if (analog.indexOf(mark) >= 0) return Math.round(analogRead(pin) * 1000);
    return pin.read() ? 1 : 0;
  },
  write: function (gpio: number, level: number): void {
    if (opened.indexOf(String.fromCharCode(gpio)) >= 0) new Pin(gpio).write(level);
  },
};
