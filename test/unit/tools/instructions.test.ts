/*
 * The benchmark of instructions: its reading of callgrind's files, and its arithmetic.
 *
 * Input: texts in callgrind's format, counts. Output: test results. Invariant: no program is run.
 */
import assert from "node:assert/strict";
import { parseCount } from "../../../tools/bench/callgrind";
import { EMPTY_EDGE, FLASH_WRITE, PULSE, difference, middle, pulseBudget, spread, sum, times } from "../../../tools/bench/figures";
import type { Costs } from "../../../tools/bench/figures";

/** A loop that reads flash twice in one place and once in another; the file's own calls lie within the read. */
const FILE = `# callgrind format
version: 1
events: Ir
desc: Trigger: --dump-before=jswrap_array_every
summary: 1000

fl=(1) jsinteractive.c
fn=(1) jsiIdle
10 200
cfn=(2) jshFlashRead
calls=2 20
11 300
cfn=(3) jswrap_flash_write
calls=1 30
12 500

fl=(2) jshardware.c
fn=(2)
20 100
cfn=(4) fopen
calls=3 40
21 240

fn=(3)
30 60
cfn=(5) jshFlashWrite
calls=1 50
+1 400
cfn=(2)
calls=1 20
* 40

fn=(5)
50 390
cfn=(2)
calls=1 20
51 10
totals: 9999
`;

function costs(list: [string, number][]): Costs {
  return new Map(list.map(([name, instructions]) => [name, { instructions: instructions + 5, flashFile: 5 }]));
}

describe("the benchmark of instructions", () => {
  it("takes the summary of a file, and what lies within the flash file's functions when others call them", () => {
    assert.deepEqual(parseCount(FILE), { instructions: 1000, flashFile: 300 + 400 + 40 });
    assert.deepEqual(parseCount(FILE, ["fopen"]), { instructions: 1000, flashFile: 240 });
    assert.deepEqual(parseCount(FILE, []), { instructions: 1000, flashFile: 0 });
  });

  it("refuses a text that callgrind did not write", () => {
    assert.throws(() => parseCount("totals: 5\n"), /this is not an output of callgrind/);
    assert.throws(() => parseCount(""), /this is not an output of callgrind/);
  });

  it("divides the difference of two counts by the repetitions between them", () => {
    const once = { instructions: 1050, flashFile: 130 };
    const twice = { instructions: 2050, flashFile: 230 };
    assert.deepEqual(difference(twice, once, 20), { instructions: 50, flashFile: 5 });
    assert.deepEqual(sum(once, times(twice, 2)), { instructions: 5150, flashFile: 590 });
  });

  it("takes the count in the middle, at any cost of the flash file, and none of nothing", () => {
    const counts = [{ instructions: 900, flashFile: 800 }, { instructions: 500, flashFile: 0 }, { instructions: 320, flashFile: 20 }];
    assert.deepEqual(middle(counts), { instructions: 320, flashFile: 20 });
    assert.throws(() => middle([]), /nothing was counted/);
  });

  it("gives the spread of runs as a share of the least", () => {
    assert.equal(spread([100, 102, 101]), 0.02);
    assert.equal(spread([7]), 0);
    assert.equal(spread([0, 5]), Infinity);
  });

  it("holds the budget of a pulse at four empty callbacks and a write, and not one instruction beyond", () => {
    const empty = costs([[EMPTY_EDGE, 100], [FLASH_WRITE, 50]]);
    assert.match(pulseBudget(empty, costs([[PULSE, 450]])), /4 x 100 \+ 50 = 450; it costs 450, 4\.0 empty callbacks and its write: held$/);
    assert.match(pulseBudget(empty, costs([[PULSE, 451]])), /: NOT held$/);
    assert.throws(() => pulseBudget(empty, costs([])), /no figure for pulse/);
  });
});
