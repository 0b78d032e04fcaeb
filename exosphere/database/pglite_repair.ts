/*
 * Patches PGlite: a real fsync for its log, and an error instead of an endless loop after a PANIC.
 *
 * Input: a PGlite that has just been made in a folder. Output: the same, mended. Invariants: what PostgreSQL
 * asks to be synchronised is; when PostgreSQL ends itself in the middle of a statement (its log cannot be
 * written: PANIC), the statement fails with EngineEnded. As shipped, PGlite has no fsync in its file layer,
 * and calls an ended PostgreSQL again and again, for ever, while the whole process stands still.
 */
import type { PGlite } from "@electric-sql/pglite";
import fs from "node:fs";

interface FileStream { nfd: number }
interface Works {
  NODEFS?: { stream_ops: { fsync?: (stream: FileStream) => number } };
  FS: { quit(): void };
  _PostgresMainLoopOnce(): void;
  stackRestore(pointer: unknown): void;
  _PostgresSendReadyForQueryIfNecessary(): void;
  _pgl_pq_flush(): void;
}

/** PostgreSQL has ended itself; nothing may be asked of this PGlite any more. The code is PostgreSQL's for it. */
export class EngineEnded extends Error {
  readonly code = "57P02";
}

function worksOf(lite: PGlite): Works {
  return lite.Module;
}

/** Files are synchronised when PostgreSQL says so. */
function mendSync(files: NonNullable<Works["NODEFS"]>): void {
  files.stream_ops.fsync = (stream) => {
    fs.fsyncSync(stream.nfd);
    return 0;
  };
}

/**
 * PGlite runs a loop: step; on an exception restore the stack, and, if it was PostgreSQL's jump out of an
 * error, let it jump. Of any other exception it takes no notice. Here that one is kept, and thrown again
 * where the stack would be restored, which is the way out of the loop.
 */
function mendEnd(works: Works, jump: unknown): void {
  let ended: EngineEnded | undefined;
  const { _PostgresMainLoopOnce: step, stackRestore: restore, _PostgresSendReadyForQueryIfNecessary: ready, _pgl_pq_flush: flush } = works;
  works._PostgresMainLoopOnce = () => {
    // PGlite asks on, to close the statement: it must not get as far as a lock that the ended one still holds.
    if (ended !== undefined) throw ended;
    try {
      step();
    } catch (cause) {
      if ((cause as { status?: unknown }).status !== jump) ended = new EngineEnded("the embedded PostgreSQL has ended itself", { cause });
      throw cause;
    }
  };
  works.stackRestore = (pointer) => {
    if (ended !== undefined) throw ended;
    restore(pointer);
  };
  works._PostgresSendReadyForQueryIfNecessary = () => { if (ended === undefined) ready(); };
  works._pgl_pq_flush = () => { if (ended === undefined) flush(); };
}

/** Mends `lite`; throws when this version of PGlite has other works than those that are known here. */
export function repair(lite: PGlite): void {
  const works = worksOf(lite);
  const jump = (lite as unknown as { POSTGRES_MAIN_LONGJMP?: number }).POSTGRES_MAIN_LONGJMP;
  const steps = [works._PostgresMainLoopOnce, works.stackRestore, works._PostgresSendReadyForQueryIfNecessary, works._pgl_pq_flush, works.FS?.quit];
  if (works.NODEFS === undefined || typeof jump !== "number" || steps.some((one) => typeof one !== "function")) throw new Error("this version of PGlite has no file layer that could be made durable");
  mendSync(works.NODEFS);
  mendEnd(works, jump);
}

/** Closes the files of a PGlite whose PostgreSQL has ended. */
export function abandon(lite: PGlite): void {
  worksOf(lite).FS.quit();
}
