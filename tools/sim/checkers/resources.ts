/*
 * The resources of a board: memory that does not grow, flash that wears evenly, queues that are empty at the end.
 *
 * Input: a device at rest, at two moments; the wear of its pages. Output: a size, violations. Invariants: the size counts
 * each text, number and record that the device holds; it is compared between moments of the same kind.
 */
import type { SimBoard } from "../board/sim_board";
import type { Violation } from "./violation";

/** Of what a record holds, left out: ports are hardware. */
const LEFT_OUT = new Set(["ports", "flash", "crypto", "board"]);
/** Texts that stand in a record for a while, such as the last Log line. */
const SIZE_SLACK = 600;

/** Letters and values that a device holds. */
export function sizeOf(root: object): number {
  const seen = new Set<object>();
  let size = 0;
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === "string") size += value.length;
    else if (typeof value !== "object" || value === null) size += 1;
    else if (!seen.has(value)) {
      seen.add(value);
      for (const [name, inner] of Object.entries(value)) if (!LEFT_OUT.has(name)) open.push(inner);
    }
  }
  return size;
}

export function growthViolations(board: SimBoard, firstSize: number): Violation[] {
  const device = board.device;
  if (device === undefined || firstSize < 0) return [];
  const size = sizeOf(device);
  return size <= firstSize + SIZE_SLACK ? [] : [{ rule: "growth", board: board.place.id, text: `the device holds ${String(size)} letters and values at the end, ${String(firstSize)} after its first day` }];
}

/** 100,000 erases in 20 years, at any length of the world; a start of the world is no year. */
const ERASES_A_DAY = 100_000 / (20 * 365);
const ERASES_BASE = 60;

export function wearViolations(board: SimBoard, days: number): Violation[] {
  const found: Violation[] = [];
  const { wear, pageBytes } = board.flash;
  const most = Math.max(...wear);
  if (most > ERASES_BASE + days * ERASES_A_DAY) found.push({ rule: "wear", board: board.place.id, text: `a page was erased ${String(most)} times in ${String(Math.round(days))} days` });
  const ring = board.device?.ring;
  if (ring !== undefined && board.flash.faults.stuckPages.length + board.flash.faults.scarredPages.length === 0) {
    const first = ring.address / pageBytes;
    const pages = wear.slice(first, first + ring.pages);
    if (Math.max(...pages) - Math.min(...pages) > 2) found.push({ rule: "wear", board: board.place.id, text: `pages of the ring were erased ${String(Math.min(...pages))} to ${String(Math.max(...pages))} times` });
  }
  return found;
}
