/*
 * Whether the endpoint's own clock is right: boards take their time from it, so an error here is an error in every row.
 *
 * Input: what the operating system says of its synchronisation, what boards said of their clocks. Output: a verdict.
 * Invariants: boards are evidence against the endpoint only together, more than half of those that know the time; no
 * command of the system gets anything from a request.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { CLOCK_CORRECTION_S_MAX } from "../../firmware/limits";
import { onlyRow } from "../invariant";
import type { Queryable, Row } from "../database/database";
import type { OwnClock } from "./device_documents";

export type SystemClock = OwnClock["system"];

/** Commands that say whether the clock is synchronised, in the order in which they are asked: of systemd, of chrony. */
const SOURCES: [command: string, parameters: string[], read: (output: string) => SystemClock][] = [
  ["timedatectl", ["show", "--property=NTPSynchronized", "--value"], (output) => output.trim() === "yes" ? "synchronised" : output.trim() === "no" ? "unsynchronised" : "unknown"],
  ["chronyc", ["-n", "-c", "tracking"], (output) => {
    // The last field is the leap status.
    const leap = output.trim().split(",").at(-1) ?? "";
    return leap === "Not synchronised" ? "unsynchronised" : ["Normal", "Insert second", "Delete second"].includes(leap) ? "synchronised" : "unknown";
  }],
];
const TIMEOUT_MS = 2000;
const KEPT_MS = 60_000;
/** Left by systemd-timesyncd, also where its command cannot be asked. */
const TIMESYNC_MARK = "/run/systemd/timesync/synchronized";

/** The output of a command; "" when there is no such command, or it fails. */
function run(command: string, parameters: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, parameters, { timeout: TIMEOUT_MS, env: { PATH: process.env.PATH ?? "", LC_ALL: "C" } }, (error, output) => { resolve(error === null ? output : ""); });
  });
}

/** Asks the operating system; "unknown" in most containers, whose host keeps the time. */
export async function systemClock(ask: typeof run = run): Promise<SystemClock> {
  for (const [command, parameters, read] of SOURCES) {
    const said = read(await ask(command, parameters));
    if (said !== "unknown") return said;
  }
  return existsSync(TIMESYNC_MARK) ? "synchronised" : "unknown";
}

/** The same, asked once a minute at most, because pages ask every few seconds. */
export function keptSystemClock(ask: typeof systemClock = systemClock, nowMs: () => number = () => performance.now()): () => Promise<SystemClock> {
  let askedMs = -Infinity;
  let kept = Promise.resolve<SystemClock>("unknown");
  return () => {
    if (nowMs() - askedMs >= KEPT_MS) {
      askedMs = nowMs();
      kept = ask();
    }
    return kept;
  };
}

/** Boards that know the time, how many of them differ by more than a correction, and by how much those do: the middle one. */
export async function ownClock(queryable: Queryable, nowS: number, system: SystemClock): Promise<OwnClock> {
  const { boards, differing, offset } = onlyRow(await queryable.query<Row & { boards: number; differing: number; offset: number | null }>(
    `SELECT count(*) AS boards, count(*) FILTER (WHERE wrong) AS differing, percentile_disc(0.5) WITHIN GROUP (ORDER BY clock_offset_s) FILTER (WHERE wrong) AS offset
       FROM (SELECT clock_offset_s, abs(clock_offset_s) > $1 AS wrong FROM exosphere.device WHERE enabled AND clock_offset_s IS NOT NULL) known`, [CLOCK_CORRECTION_S_MAX]));
  const verdict = differing * 2 > boards ? "contradicted" : system === "unsynchronised" ? "unsynchronised" : "right";
  return { time: nowS, system, boards, differing, offsetS: offset, verdict };
}
