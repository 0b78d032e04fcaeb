/*
 * Processor time of this process and of a PostgreSQL server on this machine.
 *
 * Input: none, or the process number of the server's postmaster. Output: milliseconds. Invariant: only processes that
 * are there at both looks are counted, so a pool must be warm before the first.
 */
import { readdirSync, readFileSync } from "node:fs";

/** Of /proc/…/stat: USER_HZ, which Linux has fixed for programs. */
const TICKS_PER_S = 100;

export function cpuMsSince(used: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(used);
  return (user + system) / 1000;
}

/** User and system time of the postmaster and its present children. */
export function serverCpuMs(postmaster: number): number {
  let ticks = 0;
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    let stat: string;
    try {
      stat = readFileSync(`/proc/${name}/stat`, "utf8");
    } catch (error) {
      // The process has ended between the list and the look.
      if (["ENOENT", "ESRCH"].includes(String((error as NodeJS.ErrnoException).code))) continue;
      throw error;
    }
    // After the name in parentheses: state, parent, …; user and system time are the 12th and 13th.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (Number(name) === postmaster || Number(fields[1]) === postmaster) ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks * 1000 / TICKS_PER_S;
}
