/*
 * The arrows of docs/DESIGN.md §7: which folder may import which.
 *
 * Input: the imports of every source file. Output: test results. Invariant: the rules themselves are
 * tried with imports that must be refused, so that a rule that allows everything is noticed.
 */
import { strict as assert } from "node:assert";
import { importsOf, wrongArrow } from "./imports";
import { ownFiles, readOwn } from "./source_files";

function verdict(from: string, line: string): string {
  return importsOf(from, line).map(wrongArrow).join("|");
}

/** Each circle that is found when every import is followed once, as "a → b → a". */
function circlesOf(targets: Map<string, string[]>): string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const follow = (path: string, trail: string[]): void => {
    if (trail.includes(path)) {
      circles.push([...trail.slice(trail.indexOf(path)), path].join(" → "));
      return;
    }
    if (done.has(path)) return;
    for (const next of targets.get(path) ?? []) follow(next, [...trail, path]);
    done.add(path);
  };
  for (const path of targets.keys()) follow(path, []);
  return circles;
}

describe("the house", () => {
  it("has only imports that follow the arrows", () => {
    const wrong: string[] = [];
    for (const path of ownFiles(".ts", ".mjs")) {
      for (const one of importsOf(path, readOwn(path))) {
        const why = wrongArrow(one);
        if (why !== "") wrong.push(`${path} imports ${one.to}: ${why}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  it("has no circle of imports that remain when the program runs", () => {
    const targets = new Map<string, string[]>();
    for (const path of ownFiles(".ts")) {
      const list = importsOf(path, readOwn(path)).filter((one) => one.own && !one.typeOnly);
      targets.set(path.replace(/\.ts$/, ""), list.map((one) => one.to));
    }
    assert.deepEqual(circlesOf(targets), []);
  });

  it("has no circle of imports, those of types included", () => {
    const targets = new Map(ownFiles(".ts").map((path) => [path.replace(/\.ts$/, ""), importsOf(path, readOwn(path)).filter((one) => one.own).map((one) => one.to)]));
    assert.deepEqual(circlesOf(targets), []);
  });

  it("finds a circle where there is one", () => {
    assert.deepEqual(circlesOf(new Map([["a", ["b"]], ["b", ["c", "d"]], ["c", ["a"]], ["d", []]])), ["a → b → c → a"]);
  });

  const refused: [string, string][] = [
    ["firmware/device.ts", "import { createPins } from \"../hal/espruino/pins\";"],
    ["firmware/device.ts", "import { helper } from \"../hal/ports\";"],
    ["firmware/device.ts", "import { encode } from \"cborg\";"],
    ["firmware/session/users.ts", "import { BOARDS } from \"../../boards/index\";"],
    ["hal/espruino/pins.ts", "import { BOARDS } from \"../../boards/index\";"],
    ["hal/espruino/pins.ts", "import { queue } from \"../mock/pins\";"],
    ["hal/espruino/pins.ts", "import { readFileSync } from \"node:fs\";"],
    ["hal/host/flash.ts", "import { openRing } from \"../../firmware/store/ring\";"],
    ["exosphere/http/server.ts", "import { openRing } from \"../../firmware/store/ring\";"],
    ["exosphere/http/server.ts", "const ring = await import(\"../../firmware/store/ring\");"],
    ["exosphere/http/server.ts", "export { runBoard } from \"../../boards/espruino_main\";"],
    ["exosphere/http/server.ts", "import { createS0Meter } from \"../../firmware/inputs/s0_meter\";"],
    ["exosphere/http/server.ts", "import { applyCommand } from \"../../firmware/commands/commands\";"],
    ["hal/host/index.ts", "import { world } from \"../../test/sim/world\";"],
    ["exosphere/http/server.ts", "import { root } from \"../../tools/root\";"],
    ["boards/linux.ts", "import { createServer } from \"node:http\";"],
  ];
  for (const [from, line] of refused) {
    it(`refuses in ${from}: ${line}`, () => assert.notEqual(verdict(from, line), ""));
  }

  const allowed: [string, string][] = [
    ["firmware/device.ts", "import type { Ports } from \"../hal/ports\";"],
    ["firmware/session/users.ts", "import { u32 } from \"../base/bytes\";"],
    ["hal/host/flash.ts", "import { readFileSync } from \"node:fs\";"],
    ["hal/espruino/pins.ts", "import { EDGES_MAX } from \"../../firmware/limits\";"],
    ["boards/linux/espruino.ts", "import { createDevice } from \"../../firmware/device\";"],
    ["exosphere/ingest/answer.ts", "import { ANSWER_BYTES_MAX } from \"../../firmware/limits\";"],
    ["exosphere/ingest/ingest.ts", "import { CONTENTS } from \"../../firmware/protocol\";"],
    ["exosphere/configuration/check.ts", "import { readConfiguration } from \"../../firmware/configuration/reader\";"],
    ["exosphere/configuration/check.ts", "import { meterWarning } from \"../../firmware/inputs/s0_check\";"],
    ["exosphere/releases/release_file.ts", "import { readManifest } from \"../../firmware/update/manifest\";"],
    ["exosphere/http/board.ts", "export { BOARDS } from \"../../boards/index\";"],
    ["test/sim/world.ts", "import { createPorts } from \"../../hal/mock/index\";"],
  ];
  for (const [from, line] of allowed) {
    it(`allows in ${from}: ${line}`, () => assert.equal(verdict(from, line), ""));
  }
});
