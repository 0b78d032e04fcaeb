/*
 * Roll-outs: a release on its way to devices, group by group.
 *
 * Input: requests of an administrator, states that devices tell. Output: offers. Invariants: a device is in one roll-out
 * at a time that is not at its end; a group begins when enough of the one before have confirmed, and the roll-out stops
 * for good when too many of a group returned or refused; each step is one transaction under the lock of the roll-out's
 * row, so any number of processes may take it, and one that dies leaves it taken or not.
 */
import { writeAudit } from "../accounts/audit";
import type { Database, Queryable, Row } from "../database/database";
import { Problem } from "../http/problem";
import { onlyRow, present } from "../invariant";
import type { NewRollout, Rollout, RolloutSummary } from "./release_documents";

const utc = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
/** States of a roll-out in which its devices belong to it. */
const OPEN = "('running', 'paused')";
const FAILED = "('returned', 'refused')";

/** Of the devices that could take the release, those of each group. @throws Problem */
function groupsOf(document: NewRollout, candidates: string[]): string[][] {
  let left = candidates;
  return document.groups.map(({ devices, percent }, index) => {
    const unfit = devices?.find((device) => !left.includes(device));
    if (unfit !== undefined) throw new Problem(422, "device-unfit", `Group ${String(index + 1)}: ${unfit} is not known, says nothing of its board, has no image in this release, runs it or a newer one, is in another group or in a roll-out that is not at its end.`);
    const group = devices === undefined ? left.slice(0, Math.ceil(left.length * present(percent, "a group has devices or percent") / 100)) : [...new Set(devices)];
    left = left.filter((device) => !group.includes(device));
    return group;
  });
}

/** Begins a roll-out with its first group. @throws Problem */
export async function createRollout(database: Database, document: NewRollout, actor: string, nowS: number): Promise<number> {
  return database.transaction(async (queryable) => {
    // Two that begin at once must not both take the same devices.
    await queryable.query("LOCK TABLE exosphere.rollout IN SHARE ROW EXCLUSIVE MODE");
    if ((await queryable.query("SELECT number FROM exosphere.release WHERE number = $1", [document.release])).length === 0) throw new Problem(404, "release-unknown", `There is no release ${String(document.release)}.`);
    const candidates = await queryable.query<Row & { id: string }>(`SELECT d.id FROM exosphere.device d JOIN exosphere.release_image i ON i.release = $1 AND i.board = d.board
      WHERE d.enabled AND COALESCE(d.release, 0) < $1 AND NOT EXISTS (SELECT 1 FROM exosphere.rollout_device rd JOIN exosphere.rollout r ON r.id = rd.rollout WHERE rd.device = d.id AND r.state IN ${OPEN} AND rd.state NOT IN ('confirmed', 'returned', 'refused'))
      ORDER BY d.id`, [document.release]);
    const groups = groupsOf(document, candidates.map(({ id }) => id));
    if (groups.every((group) => group.length === 0)) throw new Problem(422, "no-device", "No device could take this release.");
    const window = document.window;
    const { id } = onlyRow(await queryable.query<Row & { id: number }>("INSERT INTO exosphere.rollout (name, release, state, current_group, window_from, window_to, time_zone, created_at, created_by) VALUES ($1, $2, 'running', 0, $3, $4, $5, to_timestamp($6::integer), $7) RETURNING id",
      [document.name, document.release, window?.from ?? null, window?.to ?? null, window?.timeZone ?? "UTC", nowS, actor]));
    for (const [index, devices] of groups.entries()) {
      const { successPercent = 100, errorPercent = 1 } = present(document.groups[index], "each group is described");
      await queryable.query("INSERT INTO exosphere.rollout_group (rollout, number, success_percent, error_percent) VALUES ($1, $2, $3, $4)", [id, index + 1, successPercent, errorPercent]);
      await queryable.query("INSERT INTO exosphere.rollout_device (rollout, device, group_number, state, changed_at) SELECT $1, id, $2, 'waiting', to_timestamp($3::integer) FROM json_array_elements_text($4::json) AS id", [id, index + 1, nowS, JSON.stringify(devices)]);
    }
    await writeAudit(queryable, actor, "rollout.create", String(id), { release: document.release, groups: groups.map((group) => group.length) });
    await advance(queryable, id, nowS);
    return id;
  });
}

interface GroupState extends Row { number: number; success_percent: number; error_percent: number; devices: number; confirmed: number; failed: number }

/** The next step of a roll-out that runs, if its numbers say so: the next group, the end, or the stop. */
export async function advance(queryable: Queryable, id: number, nowS: number): Promise<void> {
  const rollout = onlyRow(await queryable.query<Row & { state: string; current_group: number }>("SELECT state, current_group FROM exosphere.rollout WHERE id = $1 FOR UPDATE", [id]));
  if (rollout.state !== "running") return;
  const groups = await queryable.query<GroupState>(`SELECT g.number, g.success_percent, g.error_percent, count(d.device)::integer AS devices,
      (count(d.device) FILTER (WHERE d.state = 'confirmed'))::integer AS confirmed, (count(d.device) FILTER (WHERE d.state IN ${FAILED}))::integer AS failed
    FROM exosphere.rollout_group g LEFT JOIN exosphere.rollout_device d ON d.rollout = g.rollout AND d.group_number = g.number WHERE g.rollout = $1 GROUP BY g.rollout, g.number ORDER BY g.number`, [id]);
  const setState = (state: string): Promise<unknown> => queryable.query("UPDATE exosphere.rollout SET state = $2 WHERE id = $1", [id, state]);
  const begun = groups.filter(({ number }) => number <= rollout.current_group);
  if (begun.some(({ devices, failed, error_percent }) => failed > 0 && failed * 100 >= error_percent * devices)) {
    await setState("stopped");
    return;
  }
  let current = rollout.current_group;
  const isEnough = (number: number): boolean => {
    const group = groups.find((one) => one.number === number);
    return group === undefined || group.confirmed * 100 >= group.success_percent * group.devices;
  };
  while (current < groups.length && isEnough(current)) {
    current++;
    await queryable.query("UPDATE exosphere.rollout_device SET state = 'offered', offer = nextval('exosphere.offer'), changed_at = to_timestamp($3::integer) WHERE rollout = $1 AND group_number = $2", [id, current, nowS]);
  }
  if (current !== rollout.current_group) await queryable.query("UPDATE exosphere.rollout SET current_group = $2 WHERE id = $1", [id, current]);
  if (current === groups.length && groups.every(({ devices, confirmed, failed }) => confirmed + failed === devices)) await setState("finished");
}

/** Pauses, resumes or aborts. @throws Problem */
export async function changeRollout(database: Database, id: number, state: "running" | "paused" | "aborted", actor: string, nowS: number): Promise<void> {
  await database.transaction(async (queryable) => {
    const [row] = await queryable.query<Row & { state: string }>("SELECT state FROM exosphere.rollout WHERE id = $1 FOR UPDATE", [id]);
    if (row === undefined) throw new Problem(404, "rollout-unknown", `There is no roll-out ${String(id)}.`);
    // One that its error threshold stopped goes on only as a new one, with a new release or the same.
    if (row.state !== "running" && row.state !== "paused" && !(row.state === "stopped" && state === "aborted")) throw new Problem(409, "at-its-end", `The roll-out is ${row.state}.`);
    await queryable.query("UPDATE exosphere.rollout SET state = $2 WHERE id = $1", [id, state]);
    await writeAudit(queryable, actor, "rollout.change", String(id), { state });
    await advance(queryable, id, nowS);
  });
}

export async function listRollouts(queryable: Queryable, id = 0): Promise<RolloutSummary[]> {
  return queryable.query<Row & RolloutSummary>(`SELECT r.id, r.name, r.release, e.version, r.state, r.current_group AS "currentGroup", r.window_from AS "windowFrom", r.window_to AS "windowTo", r.time_zone AS "timeZone",
      ${utc("r.created_at")} AS "createdAt", r.created_by AS "createdBy",
      (SELECT json_agg(json_build_object('number', g.number, 'successPercent', g.success_percent, 'errorPercent', g.error_percent,
          'devices', (SELECT count(*) FROM exosphere.rollout_device d WHERE d.rollout = r.id AND d.group_number = g.number),
          'confirmed', (SELECT count(*) FROM exosphere.rollout_device d WHERE d.rollout = r.id AND d.group_number = g.number AND d.state = 'confirmed'),
          'failed', (SELECT count(*) FROM exosphere.rollout_device d WHERE d.rollout = r.id AND d.group_number = g.number AND d.state IN ${FAILED})) ORDER BY g.number)
         FROM exosphere.rollout_group g WHERE g.rollout = r.id) AS groups
    FROM exosphere.rollout r JOIN exosphere.release e ON e.number = r.release WHERE $1 = 0 OR r.id = $1 ORDER BY r.id DESC`, [id]);
}

/** One roll-out with the state of each device. @throws Problem */
export async function readRollout(queryable: Queryable, id: number): Promise<Rollout> {
  const [rollout] = await listRollouts(queryable, id);
  if (rollout === undefined) throw new Problem(404, "rollout-unknown", `There is no roll-out ${String(id)}.`);
  const devices = await queryable.query<Row & Rollout["devices"][number]>(`SELECT device, group_number AS group, state, reason, pieces_done AS "piecesDone", pieces, ${utc("changed_at")} AS "changedAt"
    FROM exosphere.rollout_device WHERE rollout = $1 ORDER BY group_number, device`, [id]);
  return { ...rollout, devices };
}
