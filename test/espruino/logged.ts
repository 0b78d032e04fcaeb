/*
 * A board's promises in its Log, against the endpoint's rows.
 *
 * Input: logs of one or more lives of a board, and the endpoint's SQL. Output: numbers of sessions. Invariant: a session counts
 * as promised once its line is in the Log, also when the board was killed after it.
 */
import assert from "node:assert/strict";
import { TABLE_NAME } from "../../tools/world/garage";
import type { Garage } from "../../tools/world/garage";
import { wait } from "./driver";
import type { Interpreter } from "./interpreter";
import { patience } from "./patience";

/** Numbers of the sessions whose start or end a Log called stored. */
export interface Logged {
  starts: Set<number>;
  ends: Set<number>;
}

export function loggedSessions(log: string, logged: Logged): void {
  for (const [, number] of log.matchAll(/ garage-1 (\d+) start start=/g)) logged.starts.add(Number(number));
  for (const [, number] of log.matchAll(/ garage-1 (\d+) end start=/g)) logged.ends.add(Number(number));
}

/**
 * Waits until the running `board` has delivered all of them. @returns the numbers that are still missing, starts or ends
 * @throws AssertionError when a session has two rows
 */
export async function missingSessions(garage: Garage, logged: Logged, board: Interpreter, patienceMs = patience(60000)): Promise<number[]> {
  let missing: number[] = [];
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += 200) {
    await wait(200);
    loggedSessions(board.log(), logged);
    const rows = await garage.server.database.query<{ session: number; ended: boolean; many: number }>(
      `SELECT _session::int AS session, bool_or("end" IS NOT NULL) AS ended, count(*)::int AS many FROM public.${TABLE_NAME} GROUP BY 1`);
    assert.deepEqual(rows.filter((row) => row.many !== 1), []);
    missing = [...logged.starts].filter((number) => !rows.some((row) => row.session === number))
      .concat([...logged.ends].filter((number) => !rows.some((row) => row.session === number && row.ended)));
    if (missing.length === 0) break;
  }
  return missing;
}
