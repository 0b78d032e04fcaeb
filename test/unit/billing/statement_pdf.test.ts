/*
 * The description from which a statement's PDF is made.
 *
 * Input: contents of statements. Output: its texts and tables. The PDF itself is read by test/web/billing.test.ts.
 */
import assert from "node:assert/strict";
import type { BilledRow } from "../../../exosphere/billing/billing_documents";
import { totalsOf, type StatementContent } from "../../../exosphere/billing/statement";
import { definitionOf } from "../../../exosphere/billing/statement_pdf";

const ROW: BilledRow = { device: "box", key: 1, start: "2026-11-02T08:00:00Z", end: "2026-11-02T09:00:00Z", card: "", name: "", energyWh: "7450", durationS: "3600", cost: "2.38", meterStart: null, meterEnd: null, clock: "" };

function content(more: Partial<StatementContent> = {}): StatementContent {
  const rows = more.rows ?? [ROW];
  return {
    format: 1, number: "R-1", kind: "statement", language: "en", issuedOn: "2026-12-01", currency: "EUR", minorDigits: 2, timeZone: "UTC", table: { id: 1, name: "sessions" },
    period: { from: "2026-11-01", to: "2026-11-30" } as StatementContent["period"],
    letterhead: { name: "Garage", address: "", logo: "", taxLine: "", paymentText: "", calibratedMeter: "", numberPrefix: "" } as unknown as StatementContent["letterhead"],
    person: { id: 1, fields: { name: "Anna" }, cards: [] }, places: { box: "Bay 1" }, rows, totals: totalsOf(rows, 2), tariffs: [], corrects: null, changes: [], ...more,
  };
}

/** All texts of a part, in order. */
function textsOf(part: unknown): string[] {
  if (typeof part === "string") return [part];
  if (Array.isArray(part)) return part.flatMap(textsOf);
  if (typeof part !== "object" || part === null) return [];
  const { text, stack, columns, table } = part as Record<string, unknown>;
  return [text, stack, columns, (table as { body?: unknown } | undefined)?.body].flatMap(textsOf);
}

interface TableNode { table: { headerRows: number; keepWithHeaderRows: number; dontBreakRows: boolean; widths: string[]; body: unknown[][] } }

/** The table of the sessions: the only one whose header must stay with a row. */
function sessionsOf(one: StatementContent): TableNode["table"] {
  const nodes = definitionOf(one, undefined, []).content as unknown as Partial<TableNode>[];
  const found = nodes.find(({ table }) => table?.keepWithHeaderRows === 1)?.table;
  assert.ok(found !== undefined);
  return found;
}

describe("the paper of a statement", () => {
  for (const [kind, title] of [["statement", "Statement R-1"], ["correction", "Correction R-1"]] as const) {
    it(`is titled ${title}`, () => {
      const paper = definitionOf(content({ kind }), undefined, []);
      assert.deepEqual(textsOf(paper.content).filter((text) => /^(Statement|Correction)/.test(text)), [title]);
      assert.equal((paper as unknown as { info: { title: string } }).info.title, `${title} Anna`);
    });
  }

  it("repeats one row of headings on each page, and sums below the last session", () => {
    const { headerRows, dontBreakRows, widths, body } = sessionsOf(content());
    assert.deepEqual([headerRows, dontBreakRows, widths], [1, true, ["auto", "auto", "*", "auto", "auto", "auto"]]);
    assert.deepEqual(body.map((row) => row.length), [6, 6, 6]);
    assert.equal((body[2]![0] as { colSpan: number }).colSpan, 3);
    assert.deepEqual(textsOf(body[1]).slice(2, 3), ["Bay 1"]);
  });

  it("has columns for meter readings and for money only where a session has them", () => {
    const widths = (row: Partial<BilledRow>): number => sessionsOf(content({ rows: [{ ...ROW, ...row }] })).widths.length;
    assert.deepEqual([widths({}), widths({ cost: null }), widths({ meterStart: "100" }), widths({ cost: null, meterEnd: "100" })], [6, 4, 8, 6]);
  });
});
