/*
 * A copy of the project in which a defect can be made without touching the work tree.
 *
 * Input: the project's folder. Output: a folder with the same files and packages. Invariant: the copy is gone after `remove`; the
 * project itself is only read.
 */
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const LEFT_OUT = ["node_modules", "dist", "coverage", "data", ".git"];

export function copyProject(root: string): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "sdc-mutation-"));
  for (const name of readdirSync(root).filter((entry) => !LEFT_OUT.includes(entry))) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
