/*
 * Runs one TypeScript tool inside this process, through tsx.
 *
 * Input: the module's URL, the name under which it speaks, its arguments. The module exports
 * `main(arguments, name): Promise<number>`, or does its work while it is imported. Output: the exit code.
 * Invariant: each failure ends as one readable line on stderr and exit code 1, or 2 when the arguments
 * were wrong; the stack shows with SDC_DEBUG=1.
 */
import { register } from "tsx/esm/api";

/** Loads `url`, runs its `main`, and sets the exit code; never throws. */
export async function launch(url, name, list) {
  // The reader of our output has closed it, as `head` does: that is not an error.
  process.stdout.on("error", (error) => { if (error.code === "EPIPE") process.exit(0); else throw error; });
  process.on("uncaughtException", (error) => process.exit(sayFailure(name, error)));
  process.on("unhandledRejection", (error) => process.exit(sayFailure(name, error)));
  register();
  const { exitCode, hasFailed } = await run(url, name, list);
  // A failed program ends although something may still wait, such as an open server.
  if (hasFailed) process.exit(exitCode);
  if (exitCode !== undefined) process.exitCode = exitCode;
}

/** Loads `url` and runs its `main`; `exitCode` is undefined when it has none. Never throws: a failure is said, and `hasFailed`. */
export async function run(url, name, list) {
  try {
    process.argv = [process.argv[0], new URL(url).pathname, ...list];
    const module = await import(url.href);
    return { exitCode: typeof module.main === "function" ? await module.main(list, name) : undefined, hasFailed: false };
  } catch (error) {
    return { exitCode: await sayWrongWords(name, list, error) ?? sayFailure(name, error), hasFailed: true };
  }
}

/** Says an error of util.parseArgs, which is one in the options, and where the help is; undefined for any other error. */
async function sayWrongWords(name, list, error) {
  if (!String(error?.code).startsWith("ERR_PARSE_ARGS")) return undefined;
  const { wrongWords } = await import("./cli/wrong_words.ts");
  process.stderr.write(wrongWords(error.message, name === "sdc" ? `sdc ${list[0]}` : name));
  return 2;
}

/** Says what went wrong in one line; returns the exit code. */
function sayFailure(name, error) {
  const text = error instanceof Error ? (process.env.SDC_DEBUG === "1" ? error.stack : error.message) : String(error);
  const line = process.env.SDC_DEBUG === "1" ? text : text.split("\n")[0];
  process.stderr.write(`${name}: ${line}\n`);
  return 1;
}
