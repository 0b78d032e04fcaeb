/*
 * What the sessions page costs at the server when the table is large.
 *
 * Input: a server whose table of the wallbox example is filled to a size. Output: one line a request.
 * Invariant: requests go through HTTP and login as a browser's do; the median of five is told.
 */
import { issueSecret, saveAccount } from "../../exosphere/account";
import type { Database } from "../../exosphere/database";
import type { RunningServer } from "../../exosphere/start_server";

/** Adds rows of 100 devices over three years until the table holds `size`; totals learn of their days. */
export async function fillTo(database: Database, size: number): Promise<void> {
  const [now] = await database.query<{ count: number }>("SELECT count(*) AS count FROM public.\"wallbox sessions\"");
  if (now!.count >= size) return;
  await database.query(
    `INSERT INTO public."wallbox sessions" (_device, _session, _start_sequence, _end_sequence, _at, _received_at, start, "end", card, energy, cost, clock, reading, duration)
     SELECT 'filled-' || n % 100, n, n * 2, n * 2 + 1, t, t, t, t + interval '1 hour', '04A2' || lpad(to_hex(n % 5000), 4, '0'), n % 50000, (n % 2000)::numeric / 100, 'synced', n % 77, 3600
       FROM generate_series($1::bigint, $2::bigint) n, LATERAL (SELECT timestamptz '2023-01-01' + (n * 7919 % 94608000) * interval '1 second' AS t) x`,
    [now!.count + 1, size]);
  await database.query(
    `INSERT INTO exosphere.rollup AS old (device, table_id, day) SELECT DISTINCT _device, 1, (_at AT TIME ZONE 'UTC')::date FROM public."wallbox sessions"
       ON CONFLICT (device, table_id, day) DO UPDATE SET version = old.version + 1`);
  await database.script("VACUUM ANALYZE");
}

export async function measurePages(server: RunningServer, size: number): Promise<string[]> {
  await saveAccount(server.database, "bench", "a long bench password", "viewer", "bench");
  const token = await issueSecret(server.database, "bench", "token", "bench", server.context.nowS(), 3600);
  const ask = async (path: string): Promise<{ ms: number; body: { next?: string } }> => {
    const begin = performance.now();
    const answer = await fetch(`${server.url}/api/v1/tables/1/${path}`, { headers: { authorization: `Bearer ${token}` } });
    const body = await answer.json() as { next?: string };
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${JSON.stringify(body)}`);
    return { ms: performance.now() - begin, body };
  };
  let deep = "";
  for (let page = 0; page < 20; page++) deep = (await ask(`rows?limit=500&cursor=${deep}`)).body.next ?? deep;
  const first = await ask("totals");
  const requests: [string, string][] = [
    ["first page, 50 rows", "rows?limit=50"], ["page after 10,000 rows", `rows?limit=50&cursor=${deep}`], ["one device, one month", "rows?limit=50&device=filled-7&month=2024-05"],
    ["one user", "rows?limit=50&user=04A20123"], ["sorted by energy", "rows?limit=50&sort=4"], ["totals of all", "totals"], ["totals of one month", "totals?month=2024-05"], ["totals of one user", "totals?user=04A20123"], ["months", "months"],
  ];
  const lines = [`totals, every day stale (once after a fill of ${size.toLocaleString("en")} rows) | ${first.ms.toFixed(0)}`];
  for (const [name, path] of requests) {
    const times: number[] = [];
    for (let run = 0; run < 5; run++) times.push((await ask(path)).ms);
    times.sort((a, b) => a - b);
    lines.push(`${name} | ${times[2]!.toFixed(0)}`);
  }
  return lines;
}
