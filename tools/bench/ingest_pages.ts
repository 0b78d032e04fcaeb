/*
 * Times of the sessions page's requests at the server when the table is large.
 *
 * Input: a server whose table of the wallbox example is filled to a size. Output: one line a request.
 * Invariant: requests go through HTTP and login as a browser's do; the median of five is told.
 */
import { issueSecret, saveAccount } from "../../exosphere/accounts/account";
import type { Database } from "../../exosphere/database/database";
import type { RunningServer } from "../../exosphere/start_server";

/** Rows that one statement adds; sessions that a filled device has at least, four a day over 500 days. */
const CHUNK = 250_000;
const SESSIONS_PER_DEVICE = 2000;
const FEWEST_DEVICES = 100;
/** Up to so many rows the sums of the days are left to the first request, which is measured; beyond, they are there. */
const STALE_MAX = 1_000_000;

/**
 * Adds rows, and what the endpoint keeps of their records, until the table holds `size`: a session every six
 * hours of each device, all devices in turn, so that rows come in the order of time as they do in service.
 */
export async function fillTo(database: Database, size: number): Promise<void> {
  const [now] = await database.query<{ count: number }>("SELECT count(*) AS count FROM public.\"wallbox sessions\"");
  const missing = size - now!.count;
  if (missing <= 0) return;
  const devices = Math.max(FEWEST_DEVICES, Math.ceil(size / SESSIONS_PER_DEVICE));
  const prefix = `filled-${size}`;
  for (let from = 0; from < missing; from += CHUNK) {
    const range = [prefix, devices, from, Math.min(from + CHUNK, missing) - 1];
    await database.query(
      `INSERT INTO public."wallbox sessions" (_device, _session, _start_sequence, _end_sequence, _at, _received_at, start, "end", card, energy, cost, clock, reading, duration)
       SELECT $1 || '-' || n % $2, n / $2 + 1, n / $2 * 2 + 1, n / $2 * 2 + 2, t, t + interval '1 hour', t, t + interval '1 hour', '04A2' || upper(lpad(to_hex(n * 31 % 5000), 4, '0')), n * 7919 % 50000, (n * 7919 % 2000)::numeric / 100, 'synced', n % 77, 3600
         FROM generate_series($3::bigint, $4::bigint) n, LATERAL (SELECT timestamptz '2024-01-01' + (n / $2 * 21600 + n % $2 * 7919 % 21600) * interval '1 second' AS t) x`, range);
    await database.query(
      `INSERT INTO exosphere.record_content (device, sequence, content)
       SELECT $1 || '-' || n % $2, n / $2 * 2 + side, (n * 2 + side) * 104729 FROM generate_series($3::bigint, $4::bigint) n, generate_series(1, 2) side`, range);
  }
  const summed = size > STALE_MAX;
  await database.query(
    `INSERT INTO exosphere.rollup AS old (device, table_id, day, summed, row_count, energy_wh, duration_s, cost)
       SELECT _device, 1, (_at AT TIME ZONE 'UTC')::date, $1, count(*), sum(energy), sum(duration), sum(cost) FROM public."wallbox sessions" WHERE _device LIKE $2 || '-%' GROUP BY 1, 3`,
    [summed ? 1 : 0, prefix]);
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
    ["first page, 50 rows", "rows?limit=50"], ["page after 10,000 rows", `rows?limit=50&cursor=${deep}`], ["one device, one month", `rows?limit=50&device=filled-${size}-7&month=2024-05`],
    ["one user", "rows?limit=50&user=04A20123"], ["sorted by energy", "rows?limit=50&sort=4"], ["totals of all", "totals"], ["totals of one month", "totals?month=2024-05"], ["totals of one user", "totals?user=04A20123"], ["months", "months"],
  ];
  const lines = [`totals, ${size > STALE_MAX ? "the first after an ingest" : "every day stale, once after a fill"} | ${first.ms.toFixed(0)}`];
  for (const [name, path] of requests) {
    const times: number[] = [];
    for (let run = 0; run < 5; run++) times.push((await ask(path)).ms);
    times.sort((a, b) => a - b);
    lines.push(`${name} | ${times[2]!.toFixed(0)}`);
  }
  return lines;
}
