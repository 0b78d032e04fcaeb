/*
 * The command line `sdc` without a process of its own for each question.
 *
 * Input: words typed. Output: exit code and what was printed. Invariants: it runs as tools/sdc.mjs runs it, up to the one line in
 * which each failure ends; what it changes of this process is put back. Only the first steps of the process itself
 * are left out, which sdcProcess() has.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../../tools/root";

export interface Said { code: number | null; out: string; err: string }

interface Launcher { run(url: URL, name: string, list: string[]): Promise<{ exitCode: number | undefined }> }

/** A process as a shell starts it. */
export function sdcProcess(...words: string[]): Said {
  const result = spawnSync(process.execPath, [join(root, "tools", "sdc.mjs"), ...words], { encoding: "utf8", cwd: root });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

/** Takes what is written to a stream while `work` runs. */
async function taken(stream: NodeJS.WriteStream, work: () => Promise<void>): Promise<string> {
  const write = stream.write;
  let text = "";
  stream.write = ((chunk: string | Uint8Array) => {
    text += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
    return true;
  }) as typeof stream.write;
  try {
    await work();
  } finally {
    stream.write = write;
  }
  return text;
}

export function sdc(...words: string[]): Promise<Said> {
  return sdcWith({}, ...words);
}

/** With variables of the environment that are gone afterwards. */
export async function sdcWith(variables: Record<string, string>, ...words: string[]): Promise<Said> {
  const { run } = await import(pathToFileURL(join(root, "tools", "launch.mjs")).href) as Launcher;
  const said: Said = { code: null, out: "", err: "" };
  const { argv, exitCode } = process;
  Object.assign(process.env, variables);
  try {
    said.err = await taken(process.stderr, async () => {
      said.out = await taken(process.stdout, async () => {
        said.code = (await run(pathToFileURL(join(root, "tools", "cli", "main.ts")), "sdc", words)).exitCode ?? 0;
      });
    });
    return said;
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
    process.argv = argv;
    process.exitCode = exitCode;
  }
}
