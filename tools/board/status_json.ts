/*
 * `npx sdc status --json`: the lines of a board's status as one object, for programs.
 *
 * Input: the lines that a person reads. Output: JSON with numbers as numbers, their unit last in the name. Invariant:
 * nothing is left out: a line of no known form is one of `notes`, as it is.
 */

type Facts = { [name: string]: string | number | boolean | null | string[] };

/** A line's form, and what it says. */
const FORMS: [RegExp, (words: string[]) => Facts][] = [
  [/^(version|board|device|interpreter|clock): (.*)$/, ([name, value]) => ({ [name!]: value === "not set" ? null : value! })],
  [/^memory free: (\d+) of 1000$/, ([free]) => ({ memoryFreePermille: Number(free) })],
  [/^configuration: revision (\d+)$/, ([revision]) => ({ configurationRevision: Number(revision) })],
  [/^configuration: none.*$/, () => ({ configurationRevision: null })],
  [/^uptime: (\d+) s, start (\d+)$/, ([uptime, start]) => ({ uptimeS: Number(uptime), start: Number(start) })],
  [/^session: (active|none)$/, ([word]) => ({ isSessionActive: word === "active" })],
  [/^ring: (\d+) rows wait, (\d+) of 1000 filled, (\d+) lost, (\d+) (?:quarantined|set aside)$/,
    ([wait, filled, lost, quarantined]) => ({ rowsWaiting: Number(wait), ringFilledPermille: Number(filled), rowsLost: Number(lost), rowsQuarantined: Number(quarantined) })],
  [/^last contact: (\d+) s ago$/, ([ago]) => ({ sinceContactS: Number(ago) })],
  [/^last contact: (.*)$/, ([why]) => ({ sinceContactS: null, contact: why! })],
  [/^upload error: (.*)$/, ([why]) => ({ uploadError: why! })],
  [/^endpoint (\d): last contact (?:(\d+) s ago|.*?)(?:, upload error (.*))?$/,
    ([number, ago, why]) => ({ [`endpoint${number!}SinceContactS`]: ago === undefined ? null : Number(ago), ...why === undefined ? {} : { [`endpoint${number!}UploadError`]: why } })],
  [/^faults: (.*)$/, ([words]) => ({ faults: words === "none" ? [] : words!.split(/[ ,]+/) })],
];

export function statusJson(lines: string[]): string {
  const facts: Facts = {};
  const notes: string[] = [];
  for (const line of lines) {
    const form = FORMS.find(([pattern]) => pattern.test(line));
    if (form === undefined) notes.push(line);
    else Object.assign(facts, form[1](form[0].exec(line)!.slice(1)));
  }
  return JSON.stringify({ ...facts, notes }, undefined, 2);
}
