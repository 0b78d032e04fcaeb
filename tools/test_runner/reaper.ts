/*
 * Waits for the end of a test run, however it ends, and then ends what the run has left and removes its folder.
 *
 * Input: the run's mark and folder as arguments; on stdin lines "+ID" and "-ID" for process groups that began and
 * ended. Output: none. Invariant: stdin ends when the runner is gone, also after SIGKILL, so no process of
 * a run outlives it.
 */
import { rmSync } from "node:fs";
import { endMarked } from "./marked_processes";

const [mark, folder] = process.argv.slice(2);
if (mark === undefined || folder === undefined) throw new Error("usage: reaper MARK FOLDER");
const groups = new Set<number>();
let text = "";

process.stdin.setEncoding("utf8").on("data", (data: string) => {
  const lines = (text + data).split("\n");
  text = lines.pop() ?? "";
  for (const line of lines) {
    if (line.startsWith("+")) groups.add(Number(line.slice(1)));
    else groups.delete(Number(line.slice(1)));
  }
});
process.stdin.on("close", () => {
  endMarked(`${mark}-\\d+`, [...groups]);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
