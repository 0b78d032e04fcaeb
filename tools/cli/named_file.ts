/*
 * A file that is named on the command line.
 *
 * Input: its path. Output: its bytes, or one sentence that says what is wrong with the name. Invariant:
 * never throws; the sentence begins with the path.
 */
import { readFileSync } from "node:fs";

export function readNamedFile(file: string): Buffer | string {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT") return `${file}: there is no such file`;
    if (code === "EISDIR") return `${file}: this is a folder; name the file in it`;
    if (code === "EACCES") return `${file}: you may not read this file`;
    return `${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
