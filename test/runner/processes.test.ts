/*
 * The processes of a test run: what they reported before they died counts, and none outlives the run.
 *
 * Input: small suites that die, hang, leave something behind or wait. Output: test results. Invariant: the processes are
 * real, and are looked for by the id that they told.
 */
import { strict as assert } from "node:assert";
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownNetwork } from "../../tools/test_runner/own_network";
import type { PartEvent } from "../../tools/test_runner/part_events";
import { openRunFolder } from "../../tools/test_runner/run_folder";
import type { PartResult } from "../../tools/test_runner/run_part";
import { runPart } from "../../tools/test_runner/run_part";
import { mochaCommand } from "../../tools/test_runner/suites";

const fixture = (name: string): string => join(import.meta.dirname, "fixtures", name);

async function runFixture(name: string, beyondMs?: number): Promise<PartResult & { events: PartEvent[] }> {
  const run = openRunFolder();
  const events: PartEvent[] = [];
  const part = { suite: "fixture", label: "", command: mochaCommand([fixture(name)], 20000, ""), kind: "mocha" as const, slots: 1, isAlone: false, needsBuild: false, usesConsolePort: false, processorS: 1 };
  try {
    return { ...await runPart(part, 0, process.env, run, (event) => events.push(event), beyondMs).result, events };
  } finally {
    run.endAll();
  }
}

/** Whether a process runs: one that has ended and is not yet collected does not. */
function runs(id: number): boolean {
  if (!existsSync(`/proc/${String(id)}`)) return false;
  return !/^State:\s+Z/m.test(readFileSync(`/proc/${String(id)}/status`, "latin1"));
}

/** @throws Error when it is not so after `tries` looks, at least a minute */
async function until(isSo: () => boolean, tries = 3000): Promise<void> {
  for (let look = 0; !isSo(); look++) {
    assert.ok(look < tries, `still not: ${String(isSo)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("the processes of a test run", function () {
  this.timeout(120000);

  it("count what passed before a process was killed, name the test in which it was, and are a failure", async () => {
    const { passed, failed, skipped, text } = await runFixture("dies.mjs");
    assert.deepEqual({ passed, failed, skipped }, { passed: 2, failed: 1, skipped: 0 });
    assert.match(text, /was ended by a signal in "a suite that dies is killed"/);
  });

  it("are stopped in a test that never returns, soon after its own limit", async () => {
    const { passed, failed, text } = await runFixture("hangs.mjs", 500);
    assert.deepEqual({ passed, failed }, { passed: 1, failed: 1 });
    assert.match(text, /was stopped after \d+ s without a result in "a suite that hangs never returns"/);
  });

  it("report failures in full, reasons for skipping, and go on after a test over its limit", async () => {
    const { passed, failed, skipped, reasons, text, events, processorS } = await runFixture("limits.mjs");
    assert.notEqual(processorS, 0);
    assert.deepEqual({ passed, failed, skipped }, { passed: 2, failed: 2, skipped: 1 });
    assert.deepEqual(reasons, ["there is no such thing here"]);
    assert.match(text, /wrong on purpose/);
    assert.match(text, /Timeout of \d+ms exceeded/);
    const results = events.filter((event) => !["begin", "limit"].includes(event.kind)).map((event) => event.kind);
    assert.deepEqual(results, ["passed", "failed", "skipped", "failed", "passed", "end"]);
  });

  it("take with them what they left in a group of its own", async () => {
    const { passed, text } = await runFixture("leaves.mjs");
    assert.equal(passed, 1);
    const id = Number(/left (\d+)/.exec(text)?.[1]);
    await until(() => !runs(id));
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const) {
    it(`are gone after ${signal} to the run, as is its folder`, async () => {
      const folder = mkdtempSync(join(tmpdir(), "sdc-runner-"));
      const ids = join(folder, "ids");
      const child: ChildProcess = spawn(process.execPath, ["--import", "tsx", join(import.meta.dirname, "run_fixture.ts"), "waits.mjs"],
        { env: { ...process.env, SDC_FIXTURE_IDS: ids, TMPDIR: folder }, stdio: ["ignore", "pipe", "inherit"] });
      let printed = "";
      child.stdout?.setEncoding("utf8").on("data", (data: string) => { printed += data; });
      const ended = new Promise((resolve) => { child.once("close", resolve); });
      await until(() => existsSync(ids) && readFileSync(ids, "latin1").includes(" "));
      const [suite = NaN, left = NaN] = readFileSync(ids, "latin1").split(" ").map(Number);
      assert.ok(runs(suite) && runs(left));
      child.kill(signal);
      await ended;
      await until(() => !runs(suite) && !runs(left));
      await until(() => !readdirSync(folder).some((name) => name.startsWith("sdc-test-")));
      if (signal !== "SIGKILL") assert.deepEqual(JSON.parse(printed.trim().split("\n").at(-1) ?? ""), { passed: 1, failed: 1, skipped: 0, signal });
      rmSync(folder, { recursive: true });
    });
  }

  it("may use one port number side by side where the system gives each a network of its own", async function () {
    const words = ownNetwork();
    if (words.length === 0) {
      process.stderr.write("SKIPPED: this system gives a process no network of its own; suites that use one port number run one after the other\n");
      this.skip();
    }
    const here = createServer();
    await new Promise<void>((resolve) => here.listen(0, "127.0.0.1", resolve));
    const { port } = here.address() as { port: number };
    const listen = `const server = require("node:net").createServer().listen(${String(port)}, "127.0.0.1", () => { console.log("listens"); server.close(); });`;
    const there = spawnSync(words[0]!, [...words.slice(1), process.execPath, "-e", listen], { encoding: "utf8" });
    assert.equal(there.stdout, "listens\n", there.stderr);
    await new Promise<void>((resolve) => {
      const client = connect(port, "127.0.0.1", () => {
        client.destroy();
        resolve();
      });
    });
    here.close();
  });
});
