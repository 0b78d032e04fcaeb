/*
 * `npm start` as a process: it goes on in the same folder, and every way to end it leaves nothing behind.
 *
 * Input: the command as a person types it, signals, a folder. Output: what it says and what stays on the disk.
 * Invariant: the processes are ended by this suite, also when a test fails.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasScreen } from "../../tools/world/browser";
import { root } from "../../tools/root";

interface Run {
  child: ChildProcess;
  output: () => string;
  /** Waits until `text` was said; fails when the process ends before. */
  says: (text: RegExp) => Promise<RegExpExecArray>;
  ended: Promise<number | null>;
}

const running: Run[] = [];

function start(scratch: string, ...words: string[]): Run {
  const child = spawn(process.execPath, [join(root, "tools", "first_run.mjs"), "start", "--speed", "3600", ...words], { cwd: root, env: { ...process.env, TMPDIR: scratch }, stdio: ["pipe", "pipe", "pipe"] });
  let text = "";
  const waiting: (() => void)[] = [];
  const take = (bytes: Buffer): void => {
    text += bytes.toString();
    for (const look of waiting) look();
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const run: Run = {
    child, ended, output: () => text,
    says: (pattern) => new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(text);
        if (found !== null) resolve(found);
      };
      waiting.push(look);
      void ended.then(() => { reject(new Error(`ended before it said ${String(pattern)}:\n${text}`)); });
      look();
    }),
  };
  running.push(run);
  return run;
}

describe("npm start", function () {
  this.timeout(400000);
  let scratch = "";
  beforeEach(() => { scratch = mkdtempSync(join(tmpdir(), "start-test-")); });
  afterEach(async () => {
    for (const run of running.splice(0)) {
      run.child.kill("SIGKILL");
      await run.ended;
    }
    rmSync(scratch, { recursive: true, force: true });
  });

  it("goes on in its folder where it was: the same device, later times, higher session numbers", async () => {
    const data = join(scratch, "new", "garage");
    const first = start(scratch, "--data", data);
    await first.says(/garage-1 2 end /);
    first.child.kill("SIGTERM");
    assert.equal(await first.ended, 0, first.output());
    const noted = JSON.parse(readFileSync(join(data, "played.json"), "utf8")) as { starts: number; untilS: number };
    assert.equal(noted.starts, 1);
    const highest = Math.max(...[...first.output().matchAll(/garage-1 (\d+) start /g)].map(([, number]) => Number(number)));

    const second = start(scratch, "--data", data);
    await second.says(/go on where they were/);
    const [, time, number] = await second.says(/(\S+) garage-1 (\d+) start /);
    assert.equal(Number(number), highest + 1);
    assert.ok(Date.parse(time ?? "") / 1000 >= noted.untilS, `${String(time)} is before the end of the first start`);
    second.child.kill("SIGINT");
    assert.equal(await second.ended, 0, second.output());
  });

  it("gives another login link at Enter, and removes its temporary folder when its terminal is closed", async () => {
    const run = start(scratch);
    const [, first] = await run.says(/login\.html#(\S+)/);
    run.child.stdin?.write("\n");
    const [, second] = await run.says(/login\.html#[\s\S]*login\.html#(\S+)/);
    assert.notEqual(second, first);
    assert.equal(readdirSync(scratch).some((name) => name.startsWith("garage-")), true);
    run.child.kill("SIGHUP");
    assert.equal(await run.ended, 0, run.output());
    assert.deepEqual(readdirSync(scratch).filter((name) => name.startsWith("garage-")), []);
  });

  it("removes its temporary folder when the scripted day is broken off, and says that nothing was compared", async () => {
    const run = start(scratch, "--once");
    await run.says(/garage-1 1 start /);
    run.child.kill("SIGINT");
    assert.equal(await run.ended, 130, run.output());
    assert.match(run.output(), /nothing was compared/);
    assert.deepEqual(readdirSync(scratch).filter((name) => name.startsWith("garage-")), []);
  });

  it("plays the scripted day in a folder that does not exist yet, and refuses one with a board", async () => {
    const data = join(scratch, "deep", "day");
    const run = start(scratch, "--once", "--data", data);
    assert.equal(await run.ended, 0, run.output());
    assert.equal(existsSync(join(data, "board.flash")), true);
    const again = start(scratch, "--once", "--data", data);
    assert.equal(await again.ended, 1);
    assert.match(again.output(), /--data .*day: it holds a board already/);
  });

  it("says in one line what is wrong with a folder", async () => {
    writeFileSync(join(scratch, "file"), "");
    const run = start(scratch, "--data", join(scratch, "file"));
    assert.equal(await run.ended, 1);
    assert.match(run.output(), /--data .*file: no folder can be made there \(EEXIST\)/);
    const data = join(scratch, "note");
    mkdirSync(data);
    writeFileSync(join(data, "played.json"), "{}");
    const other = start(scratch, "--data", data);
    assert.equal(await other.ended, 1);
    assert.match(other.output(), /played\.json: this is not a note of an earlier 'npm start'/);
  });

  it("says of a port that is taken which option gave it", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as AddressInfo;
      for (const words of [[], ["--once"]]) {
        const run = start(scratch, "--port", String(port), ...words);
        assert.equal(await run.ended, 1);
        assert.match(run.output(), new RegExp(`^npm start: --port ${String(port)}: something listens there already; choose another$`, "m"));
      }
    } finally {
      server.close();
    }
  });

  it("ends at once and shows no link when it is ended while it starts", async () => {
    const run = start(scratch);
    await run.says(/starting the database/);
    run.child.kill("SIGINT");
    assert.equal(await run.ended, 0, run.output());
    assert.match(run.output(), /\nending …\nended\n$/);
    assert.doesNotMatch(run.output(), /open in a browser/);
    assert.deepEqual(readdirSync(scratch).filter((name) => name.startsWith("garage-")), []);
  });

  it("makes a table whose amounts can be billed", async () => {
    const run = start(scratch);
    const [, origin, link] = await run.says(/(http:\S+)\/login\.html#(\S+)/);
    const login = await fetch(`${origin!}/api/v1/login`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ link }) });
    const cookie = login.headers.getSetCookie().map((one) => one.split(";")[0]!).join("; ");
    const answer = await fetch(`${origin!}/api/v1/tables`, { headers: { cookie } });
    assert.deepEqual((await answer.json() as { name: string; currency: string; minorDigits: number }[]).map(({ name, currency, minorDigits }) => ({ name, currency, minorDigits })), [{ name: "wallbox", currency: "EUR", minorDigits: 2 }]);
  });

  it("opens a browser only for a person with a screen", () => {
    assert.equal(hasScreen({ DISPLAY: ":0" }, true, "linux"), true);
    assert.equal(hasScreen({ WAYLAND_DISPLAY: "wayland-0" }, true, "linux"), true);
    assert.equal(hasScreen({}, true, "darwin"), true);
    assert.equal(hasScreen({ DISPLAY: ":0" }, false, "linux"), false);
    assert.equal(hasScreen({ DISPLAY: "" }, true, "linux"), false);
    assert.equal(hasScreen({ DISPLAY: ":0", CI: "1" }, true, "linux"), false);
    assert.equal(hasScreen({ DISPLAY: ":0", SSH_CONNECTION: "1 2" }, true, "linux"), false);
  });
});
