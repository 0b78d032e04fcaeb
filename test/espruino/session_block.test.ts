/*
 * The block on the real interpreter, started from flash: exact values, whole configurations, and memory
 * that 10,000 ticks and 50 sessions leave as it was.
 *
 * Input: the connector, built as a program is built. Output: test results, with the variables it takes.
 * Invariant: measured in the interpreter's own memory; without an interpreter the test is skipped and says so.
 */
import { strict as assert } from "node:assert";
import { join } from "node:path";
import { buildBundle } from "../../tools/build/bundle";
import { propertyNames } from "../../tools/build/property_names";
import { root } from "../../tools/root";
import { vectorLists, vectorsEntry } from "../vectors/run_all";
import { Interpreter, forms } from "./interpreter";

const PROGRAM = `
import { createConnector } from "./firmware/session/connector";
import { connectorStep, connectorTick } from "./firmware/session/effects";
import { onStored } from "./firmware/session/row_write";
import type { Moment } from "./firmware/session/row";
import { exactnessConfiguration } from "./test/vectors/exactness_configuration";
const connector = createConnector(exactnessConfiguration(), undefined);
// Small numbers live inside the variable of their field: begin with those of a board that has run for a day.
const now = { ms: 86400000, s: 0 };
const moment: Moment = { epochS: 1780000000, boot: 1, uptimeS: 0 };
let sequence = 1;
function play(): void {
  now.ms += 20;
  now.s = Math.floor(now.ms / 1000);
  connectorTick(connector, now, moment, 5);
  for (;;) {
    const effect = connectorStep(connector, sequence);
    if (effect === "none") break;
    if (effect === "row") sequence++;
    if (effect === "row" || effect === "state") onStored(connector, "stored");
  }
  if (connector.lines.length > 0) connector.lines = [];
}
function ticks(count: number): void { for (let index = 0; index < count; index++) play(); }
function sessions(count: number): void {
  for (let index = 0; index < count; index++) {
    connector.uid = "04A1B2C3";
    connector.startTrigger = true;
    play();
    connector.endTrigger = 1;
    play();
  }
}
function used(): number { return process.memory().usage; }
ticks(10);
const idle = used();
ticks(10000);
const later = used();
sessions(5);
const first = used();
sessions(50);
const last = used();
print("variables " + [idle, later, first, last, sequence].join(",") + " end");
`;

/** Portable lists that need more room than a script in memory leaves. */
const LISTS = ["test/vectors/exactness", "test/vectors/configuration"];

describe("the block on the interpreter", () => {
  const programs = new Map<string, string>();

  before(async function () {
    this.timeout(120000);
    if (forms().every(({ path }) => path === "")) this.skip();
    const entry = join(root, "block_entry.ts");
    const build = (text: string): Promise<string> => buildBundle(entry, { kind: "program", minified: true, properties: propertyNames(), extra: { [entry]: text } });
    programs.set("memory", await build(PROGRAM));
    for (const path of LISTS) {
      for (const list of vectorLists().filter((one) => one.path === path)) {
        programs.set(list.name, await build(vectorsEntry([list], "") + "print(\"answers begin \" + run() + \" answers end\");\n"));
      }
    }
  });

  for (const { name, path } of forms()) {
    /** The program's lines before `end`, started from flash. */
    async function output(program: string, end: string): Promise<string> {
      const board = new Interpreter(path);
      try {
        board.install({ ".bootcde": programs.get(program) ?? "" });
        board.start();
        await board.printed(end, 100000);
        return board.log();
      } finally {
        await board.close();
      }
    }

    it(`does not grow in 10,000 ticks and 50 sessions: ${name}`, async function () {
      if (path === "") this.skip();
      this.timeout(120000);
      const found = /variables (\d+),(\d+),(\d+),(\d+),(\d+) end/.exec(await output("memory", " end"));
      assert.ok(found !== null);
      console.log(`      variables: ${found[1]} idle, ${found[3]} after sessions`);
      const [idle, later, first, last, sequence] = found.slice(1).map(Number);
      assert.equal(later, idle, "10,000 ticks");
      assert.equal(last, first, "50 sessions");
      assert.equal(sequence, 1 + 2 * 55, "rows");
    });

    for (const list of vectorLists().filter((one) => LISTS.includes(one.path))) {
      it(`gives the known answers of ${list.name}: ${name}`, async function () {
        if (path === "") this.skip();
        this.timeout(120000);
        assert.match(await output(list.name, " answers end"), /answers begin {2}answers end/);
      });
    }
  }
});
