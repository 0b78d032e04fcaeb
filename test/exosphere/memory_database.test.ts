/*
 * A database in memory: the files that one start leaves for the next.
 *
 * Input: folders of this test, with and without such files. Output: test results. Invariant: the kept files only save time.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInMemory } from "../../exosphere/database/memory_database";

describe("a database in memory", () => {
  const folder = mkdtempSync(join(tmpdir(), "exosphere-memory-"));
  const kept = join(folder, "packages", "empty.tar");

  after(() => { rmSync(folder, { recursive: true, force: true }); });

  /** Tables that a start finds, after it has made one more. */
  async function tablesOf(path: string): Promise<string[]> {
    const lite = await createInMemory({}, path);
    await lite.exec("CREATE TABLE seen (a integer)");
    const { rows } = await lite.query<{ tablename: string }>("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
    await lite.close();
    return rows.map((row) => row.tablename);
  }

  it("keeps its files at the first start, and begins empty with them at the next", async () => {
    assert.deepEqual(await tablesOf(kept), ["seen"]);
    const bytes = readFileSync(kept);
    assert.deepEqual(await tablesOf(kept), ["seen"]);
    assert.ok(readFileSync(kept).equals(bytes), "a start with kept files leaves them as they are");
  });

  it("begins without files that are damaged, and replaces them", async () => {
    const bytes = readFileSync(kept);
    for (const damaged of [Buffer.alloc(0), bytes.subarray(0, 100000)]) {
      writeFileSync(kept, damaged);
      assert.deepEqual(await tablesOf(kept), ["seen"], String(damaged.length));
      assert.equal(statSync(kept).size, bytes.length);
    }
  });

  it("begins where no file can be kept", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    assert.deepEqual(await tablesOf(join(file, "empty.tar")), ["seen"]);
    assert.ok(!existsSync(join(file, "empty.tar")));
  });
});
