/*
 * One process has a data folder at a time, with any content and in whichever namespace the others run.
 *
 * Input: processes that lock a folder, ended in all ways. Output: who gets it. Invariant: nothing waits by time;
 * each process says when it has the lock.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { lockFolder } from "../../exosphere/database/data_folder";

const HOLDER = fileURLToPath(new URL("./lock_holder.mts", import.meta.url));
const NAMESPACE = ["unshare", "--pid", "--fork", "--kill-child=KILL", "--mount-proc"];
const canUnshare = spawnSync(NAMESPACE[0]!, [...NAMESPACE.slice(1), "true"]).status === 0;
if (!canUnshare) process.stderr.write("\n  SKIPPED, not passed: unshare --pid needs root\n");

describe("the lock of a data folder", function () {
  this.timeout(60_000);
  let folder: string;
  const children: ChildProcess[] = [];

  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "exosphere-lock-")); });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  /** Starts a process that takes the lock and keeps it; resolves with "locked" or the words of its refusal. */
  function start(...wrapper: string[]): { said: Promise<string>; kill: () => Promise<void> } {
    const [command, ...rest] = [...wrapper, process.execPath, "--import", "tsx", HOLDER, folder];
    const child = spawn(command!, rest, { stdio: ["ignore", "pipe", "inherit"] });
    children.push(child);
    const said = new Promise<string>((resolve) => { child.stdout.once("data", (text: Buffer) => resolve(text.toString().trim())); });
    return { said, kill: () => new Promise((resolve) => { child.once("exit", () => resolve()); child.kill("SIGKILL"); }) };
  }

  it("is given to one at a time, and again after it was given back", () => {
    const unlock = lockFolder(folder);
    assert.throws(() => lockFolder(folder), new RegExp(`is in use by process ${process.pid} on `));
    unlock();
    assert.equal(readFileSync(join(folder, "in-use-by"), "utf8"), "");
    lockFolder(folder)();
  });

  it("takes no notice of what an earlier version or a power cut left in the file", () => {
    writeFileSync(join(folder, "in-use-by"), String(process.pid));
    lockFolder(folder)();
  });

  it("is given back by the system when its process is killed", async () => {
    const holder = start();
    assert.equal(await holder.said, "locked");
    assert.throws(() => lockFolder(folder), /is in use by process/);
    await holder.kill();
    lockFolder(folder)();
  });

  it("is given to one of two that start at once", async () => {
    writeFileSync(join(folder, "in-use-by"), "999999");
    const said = await Promise.all([start().said, start().said]);
    assert.equal(said.filter((text) => text === "locked").length, 1, said.join());
    assert.equal(said.filter((text) => text.includes("is in use by")).length, 1, said.join());
  });

  (canUnshare ? it : it.skip)("is seen by another container, and free after the power cut of one whose process number is the same again", async () => {
    const first = start(...NAMESPACE);
    assert.equal(await first.said, "locked");
    assert.match(await start(...NAMESPACE).said, /is in use by process 1 on /);
    await first.kill();
    // The namespace ends a moment after the process that made it.
    let said = "";
    while (said !== "locked") said = await start(...NAMESPACE).said;
  });
});
