/*
 * A database in memory. The files of an empty one are kept between starts, because PostgreSQL takes much
 * longer to make them than to read them.
 *
 * Input: PGlite's options. Output: an open PGlite. Invariant: kept files are whole ones of this very version, and
 * without them a start only takes longer. A database in a folder never begins with them: its PostgreSQL has an
 * identity of its own.
 */
import { PGlite, type PGliteOptions } from "@electric-sql/pglite";
import { randomUUID } from "node:crypto";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The package exports neither its folder nor its package.json; its main file lies in a folder of the package. */
const PACKAGE = dirname(dirname(createRequire(import.meta.url).resolve("@electric-sql/pglite")));
const { version } = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8")) as { version: string };
const KEPT = join(dirname(dirname(PACKAGE)), ".cache", "exosphere", `empty-${version}.tar`);

/** PostgreSQL clears its buffers at each start: 128 MB, its default, take longer than the rest of a start (`npm run bench -- endpoint`). The files are in memory too. */
const START_PARAMETERS = [...PGlite.defaultStartParams, "-c", "shared_buffers=8MB"];

/** A file in one piece: of a Blob of its own, PGlite would copy 40 MB piece by piece. */
class WholeFile extends Blob {
  private readonly content: ArrayBuffer;

  constructor(path: string) {
    super([]);
    const { buffer, byteOffset, length } = readFileSync(path);
    // A large file has a buffer of its own, and needs no copy.
    this.content = length === buffer.byteLength ? buffer : buffer.slice(byteOffset, byteOffset + length);
  }

  override arrayBuffer(): Promise<ArrayBuffer> {
    return Promise.resolve(this.content);
  }
}

/** Power that fails before the rename leaves the old state; after it the file is whole. */
function keep(kept: string, bytes: Uint8Array): void {
  // Not named by the process: another container has the same number.
  const fresh = `${kept}.${randomUUID()}.new`;
  try {
    mkdirSync(dirname(kept), { recursive: true });
    const file = openSync(fresh, "w");
    for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
    fsyncSync(file);
    closeSync(file);
    renameSync(fresh, kept);
  } catch {
    // A package folder that cannot be written, or a full disk: the next start makes the files again.
    if (existsSync(fresh)) rmSync(fresh, { force: true });
  }
}

/** `kept`: where the files of an empty database are, or will be. */
export async function createInMemory(options: PGliteOptions, kept = KEPT): Promise<PGlite> {
  const all = { ...options, startParams: START_PARAMETERS };
  try {
    if (existsSync(kept)) return await PGlite.create({ ...all, loadDataDir: new WholeFile(kept) });
  } catch {
    // A damaged file, which the new one replaces. What else fails does so again below, and is told there.
  }
  const lite = await PGlite.create(all);
  keep(kept, new Uint8Array(await (await lite.dumpDataDir("none")).arrayBuffer()));
  return lite;
}
