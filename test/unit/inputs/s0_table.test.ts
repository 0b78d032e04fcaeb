/*
 * The truth tables of docs/SIGNALS.md, tried line by line.
 *
 * Input: the document. Output: one test a line. Invariant: what the document says is what the filter does;
 * every combination stands in it exactly once.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createS0Meter, s0Edge, s0Tick } from "../../../firmware/inputs/s0_meter";
import type { S0Meter } from "../../../firmware/inputs/s0_meter";

const FILTER_MS = 10;
const NOW_MS = 5000;
const document = readFileSync(new URL("../../../docs/SIGNALS.md", import.meta.url), "utf8");

/** Cells of the table lines whose first cell matches. */
function rows(first: RegExp, width: number): string[][] {
  return document.split("\n").filter((line) => line.startsWith("|"))
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()))
    .filter((cells) => cells.length === width && first.test(cells[0]!));
}

/** The electrical level of a word: the output pulls low. */
function level(word: string): number {
  assert.ok(word === "on" || word === "off", word);
  return word === "on" ? 0 : 1;
}

function meterIn(lasted: string, latched: string, last: string): S0Meter {
  const meter = createS0Meter({ input: { pin: 1, pull: "up", activeLevel: 0, debounceMs: 0 }, pulsesPerKwh: 1000, filterMs: FILTER_MS, spacingMs: 0, registerWh: 0 }, 1, 0);
  meter.latched = level(latched);
  meter.level = level(last);
  assert.ok(lasted === "yes" || lasted === "no", lasted);
  meter.sinceMs = lasted === "yes" ? NOW_MS - FILTER_MS : NOW_MS - FILTER_MS + 1;
  return meter;
}

describe("truth tables of the S0 filter", () => {
  const edgeRows = rows(/^\d+$/, 8);
  const tickRows = rows(/^[a-h]$/, 6);

  it("hold every combination once", () => {
    assert.equal(new Set(edgeRows.map((cells) => cells.slice(1, 5).join())).size, 16);
    assert.equal(edgeRows.length, 16);
    assert.equal(new Set(tickRows.map((cells) => cells.slice(1, 4).join())).size, 8);
    assert.equal(tickRows.length, 8);
  });

  for (const [line = "", lasted = "", latched = "", last = "", to = "", counts = "", then = "", what = ""] of edgeRows) {
    it("line " + line + " is right: " + what, () => {
      const meter = meterIn(lasted, latched, last);
      assert.equal(s0Edge(meter, level(to), NOW_MS), Number(counts));
      assert.equal(meter.latched, level(then));
      assert.equal(meter.level, level(to));
      assert.equal(meter.sinceMs, NOW_MS);
    });
  }

  for (const [line = "", lasted = "", latched = "", last = "", counts = "", then = ""] of tickRows) {
    it("line " + line + " is right", () => {
      const meter = meterIn(lasted, latched, last);
      const sinceMs = meter.sinceMs;
      assert.equal(s0Tick(meter, NOW_MS), Number(counts));
      assert.equal(meter.latched, level(then));
      assert.equal(meter.sinceMs, sinceMs);
    });
  }

  it("and the table of rates are worked out from the same formula", () => {
    const watts = [3700, 11000, 22000, 43000];
    const rates = rows(/^\d+$/, 5);
    assert.equal(rates.length, 5);
    for (const [pulsesPerKwh, ...cells] of rates) {
      cells.forEach((cell, index) => {
        const distanceMs = 3.6e9 / (Number(pulsesPerKwh) * watts[index]!);
        assert.equal(Number(cell.replace(/ ms.*/, "").replace(",", "")), Math.floor(distanceMs));
        assert.equal(cell.includes("beyond S0"), distanceMs < 60);
      });
    }
  });
});
