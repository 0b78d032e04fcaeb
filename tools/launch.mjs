/*
 * Runs one TypeScript tool inside this process, through tsx.
 *
 * Input: the module's URL, the name under which it speaks, its arguments. The module exports
 * `main(arguments): Promise<number>`, or does its work while it is imported. Output: the exit code.
 * Invariant: each failure ends as one readable line on stderr and exit code 1, or 2 when the arguments
 * were wrong; the stack shows with SDC_DEBUG=1.
 */
import { register } from "tsx/esm/api";

/** Loads `url`, runs its `main`, and sets the exit code; never throws. */
export async function launch(url, name, list) {
  // The reader of our output has closed it, as `head` does: that is no error.
  process.stdout.on("error", (error) => { if (error.code === "EPIPE") process.exit(0); else throw error; });
  process.on("uncaughtException", (error) => giveUp(name, error));
  process.on("unhandledRejection", (error) => giveUp(name, error));
  try {
    register();
    process.argv = [process.argv[0], new URL(url).pathname, ...list];
    const module = await import(url.href);
    if (typeof module.main === "function") process.exitCode = await module.main(list);
  } catch (error) {
    giveUp(name, error);
  }
}

function giveUp(name, error) {
  const text = error instanceof Error ? (process.env.SDC_DEBUG === "1" ? error.stack : error.message) : String(error);
  const line = process.env.SDC_DEBUG === "1" ? text : text.split("\n")[0];
  process.stderr.write(`${name}: ${line}\n`);
  // An error of util.parseArgs is an error in the options.
  process.exit(String(error?.code).startsWith("ERR_PARSE_ARGS") ? 2 : 1);
}
