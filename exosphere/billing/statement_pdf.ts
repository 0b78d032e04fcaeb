/*
 * A statement as a PDF.
 *
 * Input: the content of a statement, and the day on which it was cancelled. Output: bytes. Invariants: everything on the
 * paper is in the content, so that it can be printed again years later; every number is exact; signs that the embedded
 * font lacks are shown as □ and named; no picture or font is fetched from elsewhere.
 */
import { speakerFor } from "../http/languages";
import type { Speaker } from "../pages/i18n.js";
import { amountText, shiftPoint } from "../pages/money.js";
import type { BilledRow } from "./billing_documents";
import { logoSize } from "./logo";
import { missingSigns, replaceMissing } from "./paper_font";
import { type Cell, FONT, makePdf, type PaperDefinition, type PaperNode } from "./pdfmake";
import { correctionAmount, pricePerKwh, type RowChange, type StatementContent, type TariffEntry } from "./statement";

/** Largest size of the logo on paper, in points. */
const LOGO = { width: 160, height: 60 };
const PRICE_DIGITS_MORE = 2;
const DASH = "–";
/** A time of day stays with its day; and what is one word is measured once. */
const NBSP = "\u00a0";

const right = (text: string, more: object = {}): Cell => ({ text, alignment: "right", ...more });
const bold = (text: string): Cell => ({ text, bold: true });

function logoPart(logo: string): PaperNode[] {
  const size = logoSize(logo);
  return size === undefined ? [] : [{ image: logo, fit: [LOGO.width, LOGO.height], alignment: "right" }];
}

function head({ letterhead, person, ...content }: StatementContent, { t, day }: Speaker, cancelledOn: string | undefined): PaperNode[] {
  const title = t(content.kind === "correction" ? "paper.correction" : "paper.statement");
  const facts: [string, string | undefined][] = [
    [t("paper.number"), content.number === "" ? undefined : content.number], [t("paper.date"), day(content.issuedOn)], [t("paper.period"), `${day(content.period.from)} – ${day(content.period.to)}`],
    [t("paper.personalno"), person.fields.personalno], [t("paper.debitor"), person.fields.debitor], [t("paper.cards"), person.cards.join(", ")],
  ];
  const address = [person.fields.name, person.fields.company, person.fields.department].filter((line) => (line ?? "") !== "").join("\n");
  return [
    { columns: [{ width: "*", stack: [{ text: letterhead.name, bold: true, fontSize: 11 }, { text: letterhead.address }] }, { width: LOGO.width, stack: logoPart(letterhead.logo) }], columnGap: 20, margin: [0, 0, 0, 24] },
    { columns: [{ width: "*", text: address, fontSize: 10 }, {
      width: "auto", layout: "noBorders", table: { widths: ["auto", 190], body: facts.filter(([, value]) => (value ?? "") !== "").map(([name, value = ""]) => [{ text: name, color: "#555" }, value]) },
    }], columnGap: 20, margin: [0, 0, 0, 18] },
    { text: content.number === "" ? title : `${title} ${content.number}`, bold: true, fontSize: 16, margin: [0, 0, 0, 4] },
    ...content.kind === "draft" ? [{ text: t("paper.draft"), bold: true, color: "#a00" }] : [],
    ...cancelledOn === undefined ? [] : [{ text: t("paper.cancelled", { day: day(cancelledOn) }), bold: true, color: "#a00" }],
    ...content.corrects === null ? [] : [{ text: t("paper.corrects", { number: content.corrects.number, day: day(content.corrects.issuedOn) }) }],
  ];
}

/** Which columns the sessions have: meter readings and money only where there are any. */
function columnsOf(content: StatementContent): { hasMeter: boolean; hasCost: boolean } {
  return { hasMeter: content.rows.some(({ meterStart, meterEnd }) => meterStart !== null || meterEnd !== null), hasCost: content.rows.some(({ cost }) => cost !== null) };
}

function rowCells(content: StatementContent, row: BilledRow, { energy, amount, decimal, moment }: Speaker): Cell[] {
  const { hasMeter, hasCost } = columnsOf(content);
  const isEstimate = row.clock === "estimated" || row.clock === "contradicted";
  const price = row.cost === null || row.energyWh === null ? undefined : pricePerKwh(row.cost, row.energyWh, content.minorDigits + PRICE_DIGITS_MORE);
  const time = (iso: string | null): string => iso === null ? DASH : `${moment(iso, content.timeZone)}${isEstimate ? " *" : ""}`.replaceAll(" ", NBSP);
  return [
    time(row.start), time(row.end), content.places[row.device] ?? row.device, ...hasMeter ? [row.meterStart, row.meterEnd].map((reading) => right(reading === null ? DASH : energy(reading))) : [],
    right(row.energyWh === null ? DASH : energy(row.energyWh)), ...hasCost ? [right(price === undefined ? DASH : decimal(price, content.minorDigits + PRICE_DIGITS_MORE)), right(row.cost === null ? DASH : amount(row.cost, content))] : [],
  ];
}

function sessionTable(content: StatementContent, voice: Speaker): PaperNode {
  const { t, energy, amount } = voice;
  const { hasMeter, hasCost } = columnsOf(content);
  const headings = [bold(t("paper.start")), bold(t("paper.end")), bold(t("paper.place")), ...hasMeter ? [right(t("paper.meterStart"), { bold: true }), right(t("paper.meterEnd"), { bold: true })] : [],
    right(t("paper.energy"), { bold: true }), ...hasCost ? [right(t("paper.price", { currency: content.currency }), { bold: true }), right(t("paper.amount"), { bold: true })] : []];
  const before = headings.length - (hasCost ? 3 : 1);
  const sum: Cell[] = [{ text: `${t("paper.total")}: ${t("billing.sessions")} ${voice.decimal(String(content.totals.sessions))}`, bold: true, colSpan: before }, ...Array.from({ length: before - 1 }, () => ""),
    right(energy(content.totals.energyWh), { bold: true }), ...hasCost ? ["", right(amount(content.totals.cost, content), { bold: true })] : []];
  return {
    margin: [0, 12, 0, 12],
    table: { headerRows: 1, keepWithHeaderRows: 1, dontBreakRows: true, widths: headings.map((_, index) => index === 2 ? "*" : "auto"), body: [headings, ...content.rows.map((row) => rowCells(content, row, voice)), sum] },
    layout: { hLineWidth: (line: number, node: { table: { body: unknown[] } }) => line === 1 || line === node.table.body.length - 1 ? 0.8 : 0, vLineWidth: () => 0, paddingLeft: (index: number) => index === 0 ? 0 : 5, paddingRight: () => 0, paddingTop: () => 1.2, paddingBottom: () => 1.2 },
  };
}

function changePart(content: StatementContent, voice: Speaker): PaperNode[] {
  const { corrects, changes } = content;
  if (corrects === null) return [];
  const { t, energy, amount } = voice;
  const line = (words: string, row: BilledRow): Cell[] => [words, voice.moment(row.end, content.timeZone), content.places[row.device] ?? row.device, right(row.energyWh === null ? DASH : energy(row.energyWh)), right(row.cost === null ? DASH : amount(row.cost, content))];
  const linesOf = ({ kind, before, after }: RowChange): Cell[][] => [
    ...before === null ? [] : [line(kind === "removed" ? t("paper.removed") : `${t("paper.changed")}, ${t("paper.before")}`, before)],
    ...after === null ? [] : [line(kind === "added" ? t("paper.added") : `${t("paper.changed")}, ${t("paper.after")}`, after)],
  ];
  const total = (words: string, cost: string): Cell[] => [{ text: words, colSpan: 4 }, "", "", "", right(amount(cost, content), { bold: true })];
  return [
    { text: t("paper.changes"), bold: true, fontSize: 10, margin: [0, 12, 0, 0] },
    { layout: "lightHorizontalLines", margin: [0, 4, 0, 0], table: { headerRows: 1, dontBreakRows: true, widths: ["auto", "auto", "*", "auto", "auto"], body: [
      ["", bold(t("paper.end")), bold(t("paper.place")), right(t("paper.energy"), { bold: true }), right(t("paper.amount"), { bold: true })], ...changes.flatMap(linesOf),
      total(t("paper.earlierTotal", { number: corrects.number }), corrects.totals.cost), total(t("paper.newTotal"), content.totals.cost), total(t("paper.difference"), correctionAmount(content))] } },
  ];
}

function tariffText(content: StatementContent, { device, since, tariff }: TariffEntry, { t, day, moment }: Speaker): string {
  const money = (minor: string | number, digits: number): string => amountText(shiftPoint(String(minor), -digits) ?? "0", content, content.language);
  const digits = tariff?.minorDigits ?? 2;
  const prices = tariff?.prices ?? [];
  const [only] = prices;
  const words = [...only !== undefined && prices.length === 1 ? [t("paper.tariffOne", { amount: money(only.perKwh, digits) })] : prices.map(({ from, perKwh }) => t("paper.tariffPrice", { amount: money(perKwh, digits), from })),
    ...tariff?.feePerHour === undefined || Number(tariff.feePerHour) === 0 ? [] : [t("paper.tariffFee", { amount: money(tariff.feePerHour, digits) })]];
  // The local day of the moment, as words of the language.
  const sinceWords = moment(since, content.timeZone).split(",")[0] ?? day(since.slice(0, 10));
  return t("paper.tariffSince", { place: content.places[device] ?? device, day: sinceWords, prices: words.length === 0 ? t("paper.tariffNone") : words.join(", ") });
}

function foot(content: StatementContent, voice: Speaker): PaperNode[] {
  const { t, decimal, amount } = voice;
  const { hasCost } = columnsOf(content);
  const { totals, letterhead } = content;
  const sums: [string, string][] = [
    ...hasCost && totals.meanPerKwh !== null ? [[t("paper.mean"), `${decimal(totals.meanPerKwh, content.minorDigits + PRICE_DIGITS_MORE)} ${content.currency}`] as [string, string]] : [],
    ...hasCost ? [[t("paper.totalAmount"), amount(totals.cost, content)] as [string, string]] : [],
  ];
  const notes = [
    ...totals.unpriced > 0 && hasCost ? [t("paper.unpriced", { n: totals.unpriced })] : [],
    ...content.rows.some(({ clock }) => clock === "estimated" || clock === "contradicted") ? [t("paper.estimated")] : [],
    t("paper.rule", { zone: content.timeZone }), letterhead.calibratedMeter === "" ? t("paper.uncalibrated") : t("paper.calibrated", { meter: letterhead.calibratedMeter }),
    ...!hasCost ? [] : content.tariffs.length === 0 ? [t("paper.tariffUnknown")] : [`${t("paper.tariff")}: ${content.tariffs.map((entry) => tariffText(content, entry, voice)).join("; ")}.`, t("paper.tariffUnknown")],
  ];
  const sumTable = (): PaperNode => ({ columns: [{ width: "*", text: "" }, { width: "auto", layout: "noBorders", table: { body: sums.map(([name, value]): Cell[] => [{ text: name, fontSize: 10 }, { text: value, alignment: "right", bold: true, fontSize: 10 }]) } }] });
  const paragraph = (text: string, above: number): PaperNode[] => text === "" ? [] : [{ text, margin: [0, above, 0, 0] }];
  return [
    ...sums.length === 0 ? [] : [sumTable()], ...paragraph(letterhead.taxLine, 10), ...paragraph(letterhead.paymentText, 6),
    { text: notes.join("\n"), color: "#555", fontSize: 7, margin: [0, 10, 0, 0] },
  ];
}

/** The paper as pdfmake describes one. `signs`: those that its font lacks. */
export function definitionOf(content: StatementContent, cancelledOn: string | undefined, signs: string[]): PaperDefinition {
  const voice = speakerFor(content.language);
  const { t } = voice;
  const owner = [content.letterhead.name, content.number].filter((part) => part !== "").join(" · ");
  return {
    pageSize: "A4", pageMargins: [48, 42, 48, 48], defaultStyle: { font: FONT, fontSize: 8 }, language: content.language,
    info: { title: [t(content.kind === "correction" ? "paper.correction" : "paper.statement"), content.number, content.person.fields.name ?? ""].filter((part) => part !== "").join(" "), author: content.letterhead.name, creationDate: new Date(`${content.issuedOn}T00:00:00Z`) },
    footer: (page: number, pages: number): PaperNode => ({ margin: [48, 14, 48, 0], fontSize: 7, color: "#555", columns: [{ width: "*", text: owner }, { width: "auto", text: t("paper.page", { n: page, all: pages }) }] }),
    content: [...head(content, voice, cancelledOn), ...changePart(content, voice), sessionTable(content, voice), ...foot(content, voice), ...signs.length === 0 ? [] : [{ text: t("paper.lacking", { signs: signs.join(", ") }), fontSize: 7, color: "#555" }]],
  };
}

/** Signs of a statement that the font lacks, as "U+1F642". */
export function lackingSigns(content: StatementContent): string[] {
  return missingSigns(JSON.stringify({ ...content, letterhead: { ...content.letterhead, logo: "" } }));
}

/** `cancelledOn`: local day on which the statement was cancelled. */
export async function statementPdf(content: StatementContent, cancelledOn?: string): Promise<Buffer> {
  const signs = lackingSigns(content);
  const { logo, ...rest } = content.letterhead;
  const shown: StatementContent = signs.length === 0 ? content : JSON.parse(replaceMissing(JSON.stringify({ ...content, letterhead: rest }))) as StatementContent;
  return makePdf(definitionOf({ ...shown, letterhead: { ...shown.letterhead, logo } }, cancelledOn, signs));
}
