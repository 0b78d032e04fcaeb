/*
 * Builds that are made once and kept by the hash of their sources.
 *
 * Input: folders of a test's own. Output: test results. Invariant: what is given out is whole and of these very
 * sources, also when another process made it or was ended while making it.
 */
import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildHash, keptBuild, unhashed } from "../../../tools/build/cache";
import { root } from "../../../tools/root";

describe("a kept build", () => {
  let folder = "";
  let kept = "";
  let made = 0;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sdc-kept-"));
    kept = join(folder, "kept");
    made = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const into = (name: string): string => join(folder, name);
  const make = (text: string) => async (target: string): Promise<{ bytes: number }> => {
    made++;
    mkdirSync(join(target, "espruino"), { recursive: true });
    writeFileSync(join(target, "espruino", "loader.js"), text, "latin1");
    await Promise.resolve();
    return { bytes: text.length };
  };

  it("is made once and given out byte by byte, with its facts and no file more", async () => {
    for (const name of ["first", "second"]) {
      assert.deepEqual(await keptBuild("a1", into(name), make("go()\xff"), kept), { bytes: 5 });
      assert.equal(readFileSync(join(into(name), "espruino", "loader.js"), "latin1"), "go()\xff");
      assert.deepEqual(readdirSync(into(name)), ["espruino"]);
    }
    assert.equal(made, 1);
  });

  it("is made once by those who want it at the same time", async () => {
    const all = await Promise.all(["one", "two", "three"].map(async (name) => keptBuild("a1", into(name), make("go()"), kept)));
    assert.deepEqual(all, [{ bytes: 4 }, { bytes: 4 }, { bytes: 4 }]);
    assert.equal(made, 1);
    for (const name of ["one", "two", "three"]) assert.ok(existsSync(join(into(name), "espruino", "loader.js")), name);
  });

  it("is another one for another hash", async () => {
    await keptBuild("a1", into("one"), make("one"), kept);
    await keptBuild("b2", into("two"), make("two!"), kept);
    assert.equal(made, 2);
    assert.equal(readFileSync(join(into("two"), "espruino", "loader.js"), "latin1"), "two!");
  });

  it("is not kept when making it failed, and made anew by the next", async () => {
    const fail = async (target: string): Promise<{ bytes: number }> => {
      writeFileSync(join(target, "half"), "");
      await Promise.resolve();
      throw new Error("no");
    };
    await assert.rejects(keptBuild("a1", into("one"), fail, kept), /^Error: no$/);
    assert.deepEqual(readdirSync(kept), ["a1.lock"]);
    await keptBuild("a1", into("two"), make("go()"), kept);
    assert.equal(made, 1);
  });

  it("is made although a process was ended while it made it, whichever process has its number now", async () => {
    mkdirSync(kept);
    writeFileSync(join(kept, "a1.lock"), `process ${process.pid} on this machine\n`);
    assert.deepEqual(await keptBuild("a1", into("one"), make("go()"), kept), { bytes: 4 });
    assert.deepEqual(readdirSync(kept).sort(), ["a1", "a1.lock"]);
  });

  it("is waited for while another process has its lock, and made once that process has ended", async () => {
    mkdirSync(kept);
    const module = JSON.stringify(join(root, "exosphere/database/file_lock.ts"));
    const holder = spawn(process.execPath, ["--import", "tsx", "-e", `import(${module}).then((lock) => { lock.lockFile(${JSON.stringify(join(kept, "a1.lock"))}); process.stdout.write("held"); setInterval(() => undefined, 1000); })`], { cwd: root });
    await new Promise((resolve) => holder.stdout.once("data", resolve));
    const building = keptBuild("a1", into("one"), make("go()"), kept);
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(made, 0);
    holder.kill("SIGKILL");
    assert.deepEqual(await building, { bytes: 4 });
  });

  it("is named by its options and by every byte and name of its sources, and by nothing else", () => {
    const clone = join(folder, "clone");
    const write = (name: string, text: string): void => {
      mkdirSync(dirname(join(clone, name)), { recursive: true });
      writeFileSync(join(clone, name), text);
    };
    for (const name of ["firmware/a.ts", "hal/ports.ts", "hal/shared/ntp_packet.ts", "hal/espruino/b.ts", "boards/x/c.ts", "tools/build/d.ts", "tools/root.ts", "package-lock.json"]) write(name, name);
    const names = new Set<string>();
    const step = (change: () => void): void => {
      change();
      const name = buildHash({ minified: true }, clone);
      assert.ok(!names.has(name));
      names.add(name);
    };
    step(() => undefined);
    step(() => write("boards/x/c.ts", "d"));
    step(() => write("package-lock.json", ""));
    step(() => write("firmware/new.ts", ""));
    step(() => rmSync(join(clone, "hal/espruino/b.ts")));
    write("docs/e.md", "");
    assert.ok(names.has(buildHash({ minified: true }, clone)));
    assert.ok(!names.has(buildHash({ minified: false }, clone)));
  });

  it("would not know of changes to files elsewhere in the clone, which are named", () => {
    const inside = ["firmware/device.ts", "tools/root.ts", "node_modules/terser/main.js"].map((name) => join(root, name));
    assert.deepEqual(unhashed([...inside, "/usr/lib/lib.d.ts", join(root, "console", "a.ts"), join(root, "tools", "board", "b.ts")]), ["console/a.ts", "tools/board/b.ts"]);
  });
});
