#!/usr/bin/env node
/*
 * The `sdc` command as npm links it: runs the command line of tools/cli/ straight from its sources.
 *
 * Input: the words typed behind `npx sdc`. Output: the verb's own, and its exit code. Invariant: needs no
 * build, only the packages; without them it says how to get them.
 */
import { existsSync } from "node:fs";

if (!existsSync(new URL("../node_modules/tsx/package.json", import.meta.url))) {
  process.stderr.write("sdc: the packages are not installed yet; run 'npm ci' in the clone first.\n");
  process.exit(1);
}
const { launch } = await import("./launch.mjs");
await launch(new URL("./cli/main.ts", import.meta.url), "sdc", process.argv.slice(2));
