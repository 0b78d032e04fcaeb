/*
 * The first command a person types: makes a clone runnable, then runs the tool behind the verb.
 *
 * Input: `node tools/first_run.mjs <verb> [arguments]`, as the npm scripts call it. Output: the verb's own,
 * and its exit code. Invariant: needs nothing but Node itself, because on a fresh clone nothing else is
 * there yet; packages are installed only when those present differ from package-lock.json.
 */
import { existsSync, lstatSync, readFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const TOOLS = { start: "./world/main.ts", test: "./test_runner/main.ts", build: "./build/main.ts", bench: "./bench/main.ts", endpoint: "../exosphere/main.ts", mutate: "./mutation/main.ts" };

const root = fileURLToPath(new URL("..", import.meta.url));
const [verb, ...argumentsOfVerb] = process.argv.slice(2);
const command = verb === "start" || verb === "test" ? `npm ${verb}` : `npm run ${verb}`;

function fail(line, code = 1) {
  process.stderr.write(`${command}: ${line}\n`);
  process.exit(code);
}

/** Why packages must be installed, or "" when those present are the locked ones. */
function packagesMissing() {
  const installed = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return "the packages are not installed yet";
  const locked = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const present = JSON.parse(readFileSync(installed, "utf8")).packages;
  for (const [path, entry] of Object.entries(locked)) {
    // Optional packages are for other machines: npm leaves them out on purpose.
    if (path === "" || entry.optional === true || entry.peer === true) continue;
    if (present[path]?.version !== entry.version) return `${path.replace("node_modules/", "")} ${entry.version} is missing`;
  }
  return "";
}

function install(reason) {
  if (lstatSync(join(root, "node_modules"), { throwIfNoEntry: false })?.isSymbolicLink() === true) {
    fail(`${reason}, and node_modules is a link to another folder: install there with 'npm ci'.`);
  }
  process.stderr.write(`${command}: ${reason}: running 'npm ci' …\n`);
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const result = spawnSync(npm, ["ci", "--include=dev", "--no-audit", "--no-fund"], { cwd: root, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
  if (result.error !== undefined) fail(`npm could not be started (${result.error.code}): install it together with Node.`);
  if (result.status !== 0) fail("'npm ci' failed, see its lines above; is the package registry reachable?");
}

if (verb === undefined) fail(`say what to run: ${Object.keys(TOOLS).join(", ")}.`);
if (Number(process.versions.node.split(".")[0]) < 20) fail(`Node 20 or newer is needed, this is ${process.version}.`);
const tool = TOOLS[verb];
if (tool === undefined) fail(`there is no "${verb}" to run; there are ${Object.keys(TOOLS).join(", ")}.`);
const reason = packagesMissing();
if (reason !== "") install(reason);

// Imported only now: it uses the packages.
const { launch } = await import("./launch.mjs");
await launch(new URL(tool, import.meta.url), command, argumentsOfVerb);
