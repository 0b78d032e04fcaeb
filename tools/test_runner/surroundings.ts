/*
 * The programs of a machine beside Node: the real interpreter, a browser, a PostgreSQL server.
 *
 * Input: environment variables, the PATH, well-known folders. Output: where each was found, for the
 * suites (as environment variables) and for the reader of a test run. Invariant: what is absent is said
 * loudly, with the way to get it; nothing is installed here.
 */
import { accessSync, constants, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

export interface Surrounding {
  name: string;
  /** Variable that names it, set for the suites when it was found. */
  variable: string;
  /** Path or address; "" when absent. */
  found: string;
  /** Suites that skip tests without it. */
  suites: string[];
  remedy: string;
}

function runnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there or not executable: both mean that it cannot be used.
    return false;
  }
}

function onPath(names: string[]): string {
  // npm puts the packages' own commands in front; one of them is called espruino and is only the uploader.
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => !folder.endsWith(join("node_modules", ".bin")));
  for (const name of names) {
    for (const folder of folders) {
      if (folder !== "" && runnable(join(folder, name))) return join(folder, name);
    }
  }
  return "";
}

/** Debian keeps the server's programs outside the PATH, one folder a version: the newest is taken. */
function debianPostgres(): string {
  const base = "/usr/lib/postgresql";
  let versions: string[] = [];
  try {
    versions = readdirSync(base);
  } catch {
    return "";
  }
  versions.sort((left, right) => Number(right) - Number(left));
  const path = versions.map((version) => join(base, version, "bin", "postgres")).find(runnable);
  return path ?? "";
}

function named(variable: string, otherwise: () => string): string {
  const given = process.env[variable] ?? "";
  return given !== "" ? given : otherwise();
}

/** Looks around; no process is started. */
export function surroundings(): Surrounding[] {
  return [
    {
      name: "Espruino interpreter", variable: "ESPRUINO", suites: ["espruino", "console"],
      found: named("ESPRUINO", () => onPath(["espruino"])),
      remedy: "build Espruino's Linux target (make BOARD=LINUX) and set ESPRUINO to the binary, or put it on the PATH",
    },
    {
      name: "Espruino interpreter, 32 bit with 2,500 variables", variable: "ESPRUINO32", suites: ["espruino", "console"],
      found: named("ESPRUINO32", () => onPath(["espruino32"])),
      remedy: "the same with 32-bit code (CFLAGS=-m32) and variables=2500; set ESPRUINO32",
    },
    {
      name: "emulated ESP32", variable: "ESPRUINO_ESP32", suites: ["espruino"],
      found: named("ESPRUINO_ESP32", () => ""),
      remedy: "set ESPRUINO_ESP32 to a command that runs the interpreter's ESP32 build in an emulator, as docs/PLATFORMS.md section 8 says",
    },
    {
      name: "Chromium", variable: "CHROMIUM", suites: ["web"],
      found: named("CHROMIUM", () => onPath(["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"])),
      remedy: "apt-get install chromium-headless-shell, which takes a third of the time of chromium, or set CHROMIUM to a browser's path",
    },
    {
      name: "PostgreSQL server", variable: "POSTGRES", suites: ["exosphere"],
      found: process.env.DATABASE_URL !== undefined ? "DATABASE_URL" : named("POSTGRES", () => onPath(["postgres"]) || debianPostgres()),
      remedy: "apt-get install postgresql, or set DATABASE_URL",
    },
  ];
}

/** Environment for the suites: each finds what was found here. */
export function suiteEnvironment(list: Surrounding[]): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env };
  for (const item of list) {
    if (item.found !== "" && item.found !== "DATABASE_URL") environment[item.variable] = item.found;
  }
  return environment;
}
