/*
 * How good the time of a row is, for every row, also in tables without a column for it.
 *
 * Input: a record of a device and its table's description. Output: a word, or the moment whose date decides it.
 * Invariants: pure; a row that says nothing and has no undated moment has the time of a clock that was known.
 */
import type { SessionRecord } from "./batch";
import { UndatedCell } from "./batch";
import { ROW_CLOCKS, type RowClock, type TableSchema } from "../tables/table_documents";
import { CLOCK_COLUMN } from "../tables/table";

function wordOf(cell: unknown): RowClock | undefined {
  return ROW_CLOCKS.find((word) => word === cell);
}

/**
 * The quality that the record tells: in the cell of column 0, in that of a column for it, or by a moment without a
 * date, that of the start first. Undefined when the cell of column 0 holds anything else.
 */
export function clockOf(table: TableSchema, { cells }: SessionRecord): RowClock | UndatedCell | undefined {
  const own = cells.get(CLOCK_COLUMN.id);
  if (own !== undefined) return own instanceof UndatedCell ? own : wordOf(own);
  let undated: UndatedCell | undefined;
  for (const { id, content } of table.columns) {
    const cell = cells.get(id);
    if (cell === undefined) continue;
    if (content === CLOCK_COLUMN.content) {
      const told = cell instanceof UndatedCell ? cell : wordOf(cell);
      if (told !== undefined) return told;
    } else if (cell instanceof UndatedCell && (undated === undefined || content === "session.start")) undated = cell;
  }
  return undated ?? "synced";
}
