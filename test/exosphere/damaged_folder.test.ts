/*
 * The embedded database in a folder that is damaged, or whose making was cut off.
 *
 * Input: a folder made once, and copies with files missing or overwritten. Output: what the start says, and what stays.
 * Invariant: a refused start leaves every byte of the folder as it was.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmbedded } from "../../exosphere/database/embedded_database";

/** Path and hash of every file. */
function contentOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name)).sort()
    .map((path) => `${path.slice(folder.length)} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`);
}

describe("the folder of the embedded database", function () {
  this.timeout(180000);
  let scratch = "";
  let whole = "";

  before(async () => {
    scratch = mkdtempSync(join(tmpdir(), "damaged-"));
    whole = join(scratch, "whole");
    const database = await openEmbedded(whole);
    await database.script("CREATE TABLE kept (n integer); INSERT INTO kept VALUES (7);");
    await database.close();
  });
  after(() => { rmSync(scratch, { recursive: true, force: true }); });

  const damages: [string, (database: string) => void][] = [
    ["without PG_VERSION", (database) => { rmSync(join(database, "PG_VERSION")); }],
    ["without pg_control", (database) => { rmSync(join(database, "global", "pg_control")); }],
    ["with a pg_control of noise", (database) => { writeFileSync(join(database, "global", "pg_control"), Buffer.alloc(8192, 7)); }],
  ];
  for (const [name, damage] of damages) {
    it(`is named with a remedy and left as it is: ${name}`, async () => {
      const folder = join(scratch, name.replace(/ /g, "-"));
      cpSync(whole, folder, { recursive: true });
      damage(join(folder, "database"));
      const before = contentOf(join(folder, "database"));
      await assert.rejects(openEmbedded(folder), (error: Error) => {
        assert.equal(error.message.includes(`the database in ${join(folder, "database")} is damaged and does not start (`), true, error.message);
        assert.match(error.message, /nothing in it was changed\. Restore it from a backup, or move it away/);
        assert.doesNotMatch(error.message, /Aborted|ASSERTIONS/);
        return true;
      });
      assert.deepEqual(contentOf(join(folder, "database")), before);
    });
  }

  it("opens again after the damage was replaced by the whole one", async () => {
    const folder = join(scratch, "restored");
    mkdirSync(folder);
    cpSync(join(whole, "database"), join(folder, "database"), { recursive: true });
    const database = await openEmbedded(folder);
    assert.deepEqual(await database.query("SELECT n FROM kept"), [{ n: 7 }]);
    await database.close();
  });

  it("is made anew where an earlier making was cut off, and the cut-off one is gone", async () => {
    const folder = join(scratch, "cut");
    mkdirSync(join(folder, "database.new", "base"), { recursive: true });
    writeFileSync(join(folder, "database.new", "PG_VERSION"), "17\n");
    const database = await openEmbedded(folder);
    assert.deepEqual(await database.query("SELECT 1 AS one"), [{ one: 1 }]);
    await database.close();
    assert.equal(existsSync(join(folder, "database.new")), false);
  });
});
