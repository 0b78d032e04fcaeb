/*
 * Requests and answers of the API about bills: letterhead, debts of people, statements.
 *
 * Input: none. Output: schemas and the types that follow from them. Invariant: energies, times and amounts travel as
 * exact decimal text, amounts in the main unit of the table's currency.
 */
import { type Static, Type } from "typebox";
import { count, flag, INTEGER_MAX, line, moment, named, numberPath, object, orNull, text, textRule } from "../http/schema/vocabulary";
import { LOGO_BYTES_MAX, logoError } from "./logo";

const day = Type.String({ pattern: "^[12]\\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$", ...textRule("day", (value) => Number.isNaN(Date.parse(`${value}T00:00:00Z`)) || new Date(`${value}T00:00:00Z`).toISOString().slice(0, 10) !== value ? "must be a day that exists" : undefined), description: "a day such as 2026-01-31" });
const periodMembers = { from: day, to: day };
/** Local days of the table's zone, both included. */
export const PeriodQuery = object(periodMembers);

/** Some lines of text. */
const lines = (maxLength: number) => Type.String({ maxLength, default: "", pattern: "^[^\\u0000-\\u0009\\u000b-\\u001f\\ud800-\\udfff]*$", description: `a text of at most ${maxLength} characters` });

export const LetterheadDocument = named("Letterhead", object({
  name: lines(200), address: lines(500), taxLine: lines(300), paymentText: lines(1000),
  /** Before the year in the running number. */
  numberPrefix: Type.String({ maxLength: 20, default: "", pattern: "^[A-Za-z0-9_.-]*$", description: "a text of at most 20 letters, digits, points, hyphens and underscores" }),
  /** Which meter is calibrated; "" for none, which the paper then says. */
  calibratedMeter: lines(300),
  logo: Type.String({ default: "", maxLength: Math.ceil(LOGO_BYTES_MAX * 4 / 3) + 100, ...textRule("logo", logoError), description: `a PNG or JPEG of at most ${LOGO_BYTES_MAX / 1024} KiB as a data: address, or empty` }),
}));
export type Letterhead = Static<typeof LetterheadDocument>;

const decimal = text;
export const BilledRowDocument = named("BilledRow", object({
  device: text, key: count, start: orNull(moment), end: moment, card: text, name: text,
  energyWh: orNull(decimal), durationS: orNull(decimal), cost: orNull(decimal), meterStart: orNull(decimal), meterEnd: orNull(decimal), clock: text,
}));
export type BilledRow = Static<typeof BilledRowDocument>;

const totals = object({
  sessions: count, energyWh: decimal, durationS: decimal, cost: decimal,
  unpriced: Type.Integer({ minimum: 0, description: "Sessions whose amount is not known; they are not in cost." }),
  meanPerKwh: orNull(decimal, "Cost of the priced sessions by their energy, rounded to two decimals more than the currency has; null without energy."),
});
export type StatementTotals = Static<typeof totals>;

const issued = object({ id: count, number: text, issuedAt: moment, cost: decimal, energyWh: decimal, sessions: count });
const lineDocument = object({
  person: count, name: text, isListed: flag, cards: Type.Array(text), totals,
  statement: orNull(issued, "The last one that was issued for this period."),
  isChanged: Type.Boolean({ description: "Whether rows have changed since that statement: the next one is a correction." }),
  blockedBy: orNull(text, "The number of a statement for another period that shares days with this one."),
});
export type BillingLine = Static<typeof lineDocument>;
const groupDocument = object({
  group: Type.String({ description: "card:, name: or neither; what belongs together." }), label: text, totals,
});
export const BillingDocument = named("Billing", object({
  from: day, to: day, currency: text, minorDigits: count, timeZone: text, lines: Type.Array(lineDocument), groups: Type.Array(groupDocument), totals,
  open: Type.Integer({ minimum: 0, description: "Sessions that began before the end of the period and have no end yet." }),
}));
export type Billing = Static<typeof BillingDocument>;

export const SessionsQuery = object({ ...periodMembers, person: Type.Optional(Type.Integer({ minimum: 1, maximum: INTEGER_MAX })), group: Type.Optional(Type.String({ maxLength: 300 })) });
export const BilledRows = named("BilledRows", Type.Array(BilledRowDocument));

export const AssignmentDocument = named("Assignment", object({
  ...periodMembers, group: line(1, 300), person: orNull(Type.Integer({ minimum: 1, maximum: INTEGER_MAX }), "the id of a person"),
}));
export const Assigned = named("Assigned", object({ sessions: count }));

const language = Type.String({ pattern: "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", maxLength: 35, default: "en", description: "a language such as de" });
export const DraftQuery = object({ ...periodMembers, person: Type.Integer({ minimum: 1, maximum: INTEGER_MAX }), language });
export const PEOPLE_MAX = 1000;
export const IssueDocument = named("Issue", object({
  ...periodMembers, language, people: Type.Array(Type.Integer({ minimum: 1, maximum: INTEGER_MAX }), { minItems: 1, maxItems: PEOPLE_MAX, description: `a list of 1 … ${PEOPLE_MAX} ids of people` }),
}));
const statementMembers = {
  id: count, number: text, kind: Type.Enum(["statement", "correction"]), table: count, person: count, name: text, from: day, to: day, issuedAt: moment, issuedBy: text,
  currency: text, minorDigits: count, totals, corrects: orNull(text), cancelledAt: orNull(moment),
};
export const StatementDocument = named("Statement", object(statementMembers));
export type StatementEntry = Static<typeof StatementDocument>;
export const Statements = named("Statements", Type.Array(StatementDocument));
export const StatementsQuery = object({ table: Type.Optional(Type.Integer({ minimum: 1, maximum: INTEGER_MAX })), person: Type.Optional(Type.Integer({ minimum: 1, maximum: INTEGER_MAX })), before: Type.Integer({ default: 0, minimum: 0, maximum: INTEGER_MAX }), limit: Type.Integer({ default: 100, minimum: 1, maximum: 500 }) });
export const Issued = named("Issued", object({
  statements: Type.Array(StatementDocument),
  unchanged: Type.Array(count, { description: "People whose statement is issued already, and has not changed." }),
}));
export const ZipQuery = object({ ids: Type.String({ pattern: "^\\d{1,10}(,\\d{1,10}){0,999}$", description: "numbers between commas, at most 1000" }) });
export const StatementPath = numberPath;
export const TablePath = numberPath;
