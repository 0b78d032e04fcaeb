/*
 * PinsPort of hal/espruino against an interpreter that behaves as the ESP32's does: a watch turns the pull-up on, some
 * pins cannot be watched, some builds measure nothing, and edges of a long pause come all at once.
 *
 * Input: the built port, run in a scope of its own. Output: test results. Invariant: the scope has nothing that
 * hal/espruino/interpreter.ts does not declare.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import type { PinEdge, PinsPort } from "../../hal/ports";
import { buildBundle } from "../../tools/build/bundle";
import { root } from "../../tools/root";

/** As IO_MUX shows it after `setWatch` (docs/PLATFORMS.md). */
const UNWATCHED = 12;
const UNMEASURED = 1;

interface Chip {
  pins: PinsPort & { widen(edges: number): void };
  modes: Map<number, string>;
  debounces: unknown[];
  /** An edge, at seconds of getTime(). */
  edge(gpio: number, level: boolean, timeS: number): void;
}

describe("pins of hal/espruino on a chip", () => {
  let code = "";

  before(async () => {
    code = await buildBundle(join(root, "hal/espruino/pins.ts"), { kind: "module", minified: false });
  });

  function createChip(): Chip {
    const modes = new Map<number, string>();
    const debounces: unknown[] = [];
    const handlers = new Map<number, (event: unknown) => void>();
    class Pin {
      constructor(readonly gpio: number) {}
      valueOf(): number { return this.gpio; }
      mode(word: string): void { modes.set(this.gpio, word); }
      read(): boolean { return true; }
      write(): void { return; }
    }
    const context = createContext({
      Pin, Uint8Array, Int32Array, getTime: () => 100,
      analogRead: (pin: Pin) => (pin.gpio === UNMEASURED ? NaN : 0.25),
      setWatch(handler: (event: unknown) => void, pin: Pin, options: { debounce?: number }) {
        if (pin.gpio === UNWATCHED) return undefined;
        modes.set(pin.gpio, "input_pullup");
        debounces.push(options.debounce);
        handlers.set(pin.gpio, handler);
        return handlers.size;
      },
    });
    const module = runInContext(`(function(){var exports={};var module={exports:exports};\n${code}\nreturn module.exports;})()`, context) as { pins: PinsPort; widenQueue(edges: number): void };
    return {
      pins: { ...module.pins, widen: (edges) => module.widenQueue(edges) }, modes, debounces,
      edge: (gpio, state, time) => handlers.get(gpio)?.({ pin: new Pin(gpio), state, time }),
    };
  }

  for (const [mode, word] of [["input", "input"], ["inputPulldown", "input_pulldown"], ["inputPullup", "input_pullup"]] as const) {
    it(`keep the pull that ${mode} names, though the watch turns the pull-up on`, () => {
      const chip = createChip();
      assert.equal(chip.pins.open(5, mode), "ok");
      assert.equal(chip.modes.get(5), word);
    });
  }

  it("are never debounced by the interpreter, the pin of a board's button neither", () => {
    const chip = createChip();
    chip.pins.open(0, "input");
    assert.deepEqual(chip.debounces, [0]);
  });

  it("are absent where the interpreter cannot watch, and read low there; as outputs they serve", () => {
    const chip = createChip();
    assert.equal(chip.pins.open(UNWATCHED, "inputPullup"), "absent");
    assert.equal(chip.pins.read(UNWATCHED), 0);
    assert.equal(chip.pins.open(UNWATCHED, "output"), "ok");
  });

  it("are absent where the build measures no voltage", () => {
    const chip = createChip();
    assert.equal(chip.pins.open(UNMEASURED, "analog"), "absent");
    assert.equal(chip.pins.read(UNMEASURED), 0);
    assert.equal(chip.pins.open(2, "analog"), "ok");
    assert.equal(chip.pins.read(2), 250);
  });

  it("keep 682 edges that come at once, in order, and count the ones beyond", () => {
    const chip = createChip();
    chip.pins.widen(682);
    chip.pins.open(5, "input");
    for (let edge = 0; edge < 690; edge++) chip.edge(5, edge % 2 === 1, 100 + (edge + 0.5) / 1000);
    const edge: PinEdge = { pin: 0, level: 0, atMs: 0 };
    for (let index = 0; index < 682; index++) {
      assert.equal(chip.pins.take(edge), true);
      assert.deepEqual([edge.pin, edge.level, edge.atMs], [5, index % 2, index]);
    }
    assert.equal(chip.pins.take(edge), false);
    assert.equal(chip.pins.overflows(), 8);
  });
});
