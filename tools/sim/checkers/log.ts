/*
 * The Log of a board against its rows.
 *
 * Input: lines that the board wrote when it had stored a row, and the rows of SQL. Output: violations. Invariant: a value
 * that the Log names is the value that the database has; a row whose line the power cut off has none.
 */
import type { SimRow } from "./rows";
import type { Violation } from "./violation";

/** Names and values of a line, unquoted. */
export function valuesOf(line: string): { session: number; event: string; values: Map<string, string> } | undefined {
  const head = /^(?:\S+Z|boot \d+ \+\d+ s) \S+ (\d+) (start|end) (.*)$/s.exec(line);
  if (head === null) return undefined;
  const values = new Map<string, string>();
  for (const [, name, quoted, plain] of head[3]!.matchAll(/([^\s=]+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g)) {
    const text = quoted === undefined ? plain! : quoted.replace(/\\(x[0-9a-f]{2}|.)/gi, (_, code: string) => code === "n" ? "\n" : code === "r" ? "\r" : code === "t" ? "\t" : code.length === 3 ? String.fromCharCode(parseInt(code.slice(1), 16)) : code);
    values.set(name!, Buffer.from(text, "latin1").toString("utf8"));
  }
  return { session: Number(head[1]), event: head[2]!, values };
}

function texts(row: SimRow): Map<string, string> {
  const text = (value: number | string | null): string => (value === null ? "" : String(value));
  const cost = row.cost_minor === null ? "" : `${String(Math.floor(row.cost_minor / 100))}.${String(row.cost_minor % 100).padStart(2, "0")}`;
  return new Map([["user", text(row.user)], ["card", text(row.card)], ["energy_wh", text(row.energy_wh)], ["duration_s", text(row.duration_s)], ["cost", cost], ["reason", text(row.reason)], ["meter_start", text(row.meter_start)], ["meter_end", text(row.meter_end)]]);
}

export function logViolations(board: string, lines: string[], rows: SimRow[]): Violation[] {
  const bySession = new Map(rows.map((row) => [row.session, row]));
  const found: Violation[] = [];
  for (const line of lines) {
    const said = valuesOf(line);
    const row = said === undefined ? undefined : bySession.get(said.session);
    if (said?.event !== "end" || row === undefined || row.end_sequence === null) continue;
    for (const [name, value] of texts(row)) {
      const logged = said.values.get(name);
      if (logged !== undefined && logged !== value) found.push({ rule: "log", board, text: `session ${String(said.session)}: the Log says ${name}=${logged}, the database ${value}` });
    }
  }
  return found;
}
