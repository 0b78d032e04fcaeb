/*
 * What the board and the endpoint both must know: column contents, datatypes, and the shape of rows.
 *
 * Input: SPEC 2.3, as one table. Output: used by the configuration check, the endpoint, the pages and
 * the documents. The device's row path does not load it: a cell is written in its content's own type and
 * becomes the column's datatype at the database. Invariant: CONTENTS is the only place that says what
 * may fill what.
 */

export type Datatype = "text" | "number" | "integer" | "boolean" | "datetime";

/** The type of a content before it meets a column. "declared": as the custom input or constant says. */
export interface Content {
  name: string;
  /** Permanent code of the content in a stored configuration, 1 … 255; never reused. */
  code: number;
  type: Datatype | "declared";
  /** Column datatypes it may fill; for "declared" see DECLARED_FILLS. */
  fills: Datatype[];
  /** At which event the value is known first: at start already, or only at the end. */
  knownAt: "start" | "end";
}

const TIME: Datatype[] = ["datetime", "text"];
const WHOLE: Datatype[] = ["integer", "number", "text"];
const TRUTH: Datatype[] = ["boolean", "integer", "number", "text"];
const TEXT: Datatype[] = ["text"];

export const USER_FIELDS = [
  "name", "firstname", "lastname", "email", "phone", "company", "department", "personalno", "title",
  "debitor", "custom1", "custom2", "custom3", "custom4", "custom5",
];

const DECIMAL: Datatype[] = ["number", "text"];

/** What a custom input or constant of a declared type may fill. A function, because bundles shorten field names. */
export function declaredFills(type: Datatype): Datatype[] {
  if (type === "number") return DECIMAL;
  if (type === "integer") return WHOLE;
  if (type === "boolean") return TRUTH;
  return type === "datetime" ? TIME : TEXT;
}

/** The same as a table, for the endpoint and its pages. */
export const DECLARED_FILLS: { [type: string]: Datatype[] } = {
  number: DECIMAL,
  integer: WHOLE,
  text: TEXT,
  boolean: TRUTH,
  datetime: TIME,
};

export const CONTENT_CUSTOM_INPUT = 100;
export const CONTENT_USER_FIELD = 60;
export const CONTENT_CONSTANT = 50;

function contents(): Content[] {
  const list: Content[] = [
    { name: "session.start", code: 1, type: "datetime", fills: TIME, knownAt: "start" },
    { name: "session.end", code: 2, type: "datetime", fills: TIME, knownAt: "end" },
    { name: "trigger.time", code: 3, type: "datetime", fills: TIME, knownAt: "start" },
    { name: "session.duration", code: 4, type: "integer", fills: WHOLE, knownAt: "end" },
    { name: "session.number", code: 5, type: "integer", fills: WHOLE, knownAt: "start" },
    { name: "session.energy", code: 6, type: "integer", fills: WHOLE, knownAt: "end" },
    { name: "meter.start", code: 7, type: "integer", fills: WHOLE, knownAt: "start" },
    { name: "meter.end", code: 8, type: "integer", fills: WHOLE, knownAt: "end" },
    { name: "session.cost", code: 9, type: "integer", fills: WHOLE, knownAt: "end" },
    { name: "session.active", code: 10, type: "boolean", fills: TRUTH, knownAt: "start" },
    { name: "session.short", code: 11, type: "boolean", fills: TRUTH, knownAt: "end" },
    { name: "session.endReason", code: 12, type: "text", fills: TEXT, knownAt: "end" },
    { name: "session.clock", code: 13, type: "text", fills: TEXT, knownAt: "start" },
    { name: "device.id", code: 14, type: "text", fills: TEXT, knownAt: "start" },
    { name: "device.name", code: 15, type: "text", fills: TEXT, knownAt: "start" },
    { name: "uid", code: 16, type: "text", fills: TEXT, knownAt: "start" },
    { name: "session.lastUid", code: 17, type: "text", fills: TEXT, knownAt: "end" },
    { name: "constant", code: CONTENT_CONSTANT, type: "declared", fills: [], knownAt: "start" },
  ];
  for (let index = 0; index < USER_FIELDS.length; index++) {
    list.push({ name: "user." + USER_FIELDS[index], code: CONTENT_USER_FIELD + index, type: "text", fills: TEXT, knownAt: "start" });
  }
  for (let index = 1; index <= 16; index++) {
    list.push({ name: "ci" + String(index), code: CONTENT_CUSTOM_INPUT + index, type: "declared", fills: [], knownAt: "start" });
  }
  return list;
}

/** SPEC 2.3 as data. */
export const CONTENTS: Content[] = contents();

/** Kinds of records, first element of each CBOR array in the ring and in an upload. docs/PROTOCOL.md. */
export const KIND_STATUS = 0;
export const KIND_START = 1;
export const KIND_END = 2;
export const KIND_EVENT = 3;
export const KIND_LOSS = 4;
export const KIND_CLOCK = 5;
export const KIND_GAP = 6;

/** CBOR tag of a time that is known only as [boot number, uptime in seconds]; first-come range. */
export const TAG_UPTIME = 40100;
/** CBOR tag of epoch seconds, RFC 8949 §3.4.2. */
export const TAG_EPOCH = 1;
