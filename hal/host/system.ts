/*
 * The program's surroundings on a computer.
 *
 * Input: where lines go, what a restart does, and the seldom-used modules by name. Output: SystemPort.
 * Invariant: a restart never returns to the core; by default it ends the process with status 75, so that
 * the caller can start it again on the same flash file.
 */
import { memoryUsage } from "node:process";
import type { Bytes, SystemPort } from "../ports";

export interface HostSystemOptions {
  write?: (line: string) => void;
  restart?: (reason: string) => void;
  modules?: Record<string, unknown>;
}

/** Status of a process that asks to be started again (EX_TEMPFAIL). */
export const RESTART_STATUS = 75;

export function createHostSystem(options: HostSystemOptions = {}): SystemPort {
  const write = options.write ?? ((line: string) => void process.stdout.write(line + "\n"));
  // A line of the core is bytes of UTF-8; a terminal wants text.
  const log = (line: Bytes): void => write(Buffer.from(line, "latin1").toString("utf8"));
  const modules = options.modules ?? {};
  return {
    memoryFree() {
      const { heapUsed, heapTotal } = memoryUsage();
      return Math.max(0, Math.min(1000, Math.floor((1 - heapUsed / Math.max(heapTotal, heapUsed, 256 * 1024 * 1024)) * 1000)));
    },
    restart(reason) {
      if (options.restart !== undefined) options.restart(reason);
      else {
        process.stderr.write(`restart: ${reason}\n`);
        process.exit(RESTART_STATUS);
      }
    },
    kickWatchdog: () => undefined,
    log,
    load: (name) => modules[name],
  };
}
