/*
 * Constants that board and endpoint share: column contents, datatypes, and the shape of rows.
 *
 * Input: the block's documentation of column contents, as one table. Output: used by the configuration check, the endpoint, the pages and
 * the documents. The device's row path does not load it: a cell is written in its content's own type and
 * becomes the column's datatype at the database. Invariant: CONTENTS is the only place that says what
 * may fill what.
 */
import { CUSTOM_INPUTS_MAX } from "./limits";

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

/** Datatypes that a custom input or constant of a declared type may fill. A function, because bundles shorten field names. */
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

/** Codes of the contents that are not one of a series; their names stand in SINGLE, and test/unit/project/limits.test.ts compares both. */
/** A column whose content this session cannot say: its cell is empty. */
export const CONTENT_NONE = 0;
export const CONTENT_SESSION_START = 1;
export const CONTENT_SESSION_END = 2;
export const CONTENT_TRIGGER_TIME = 3;
export const CONTENT_SESSION_DURATION = 4;
export const CONTENT_SESSION_NUMBER = 5;
export const CONTENT_SESSION_ENERGY = 6;
export const CONTENT_METER_START = 7;
export const CONTENT_METER_END = 8;
export const CONTENT_SESSION_COST = 9;
export const CONTENT_SESSION_ACTIVE = 10;
export const CONTENT_SESSION_SHORT = 11;
export const CONTENT_END_REASON = 12;
export const CONTENT_SESSION_CLOCK = 13;
export const CONTENT_DEVICE_ID = 14;
export const CONTENT_DEVICE_NAME = 15;
export const CONTENT_UID = 16;
export const CONTENT_LAST_UID = 17;
/** Series of a meter's energy, register at start and at end, three codes for each meter from the first on. */
export const CONTENT_METER = 30;
/** Series: this code plus the number of the custom input or of the user field. */
export const CONTENT_CUSTOM_INPUT = 100;
export const CONTENT_USER_FIELD = 60;
export const CONTENT_CONSTANT = 50;

/** Name, code, type and first moment of every content that is not one of a series; one text, because a board has no room for fifty records. */
const SINGLE = "\nsession.start|1|datetime|start\nsession.end|2|datetime|end\ntrigger.time|3|datetime|start\nsession.duration|4|integer|end" +
  "\nsession.number|5|integer|start\nsession.energy|6|integer|end\nmeter.start|7|integer|start\nmeter.end|8|integer|end\nsession.cost|9|integer|end" +
  "\nsession.active|10|boolean|start\nsession.short|11|boolean|end\nsession.endReason|12|text|end\nsession.clock|13|text|start\ndevice.id|14|text|start" +
  "\ndevice.name|15|text|start\nuid|16|text|start\nsession.lastUid|17|text|end" +
  "\nmeter1.energy|30|integer|end\nmeter1.start|31|integer|start\nmeter1.end|32|integer|end" +
  "\nmeter2.energy|33|integer|end\nmeter2.start|34|integer|start\nmeter2.end|35|integer|end\nconstant|50|declared|start\n";

/** The content of this name; undefined when there is none. */
export function contentNamed(name: string): Content | undefined {
  for (let index = 0; index < USER_FIELDS.length; index++) {
    if (name === "user." + USER_FIELDS[index]) return { name: name, code: CONTENT_USER_FIELD + index, type: "text", fills: TEXT, knownAt: "start" };
  }
  for (let index = 1; index <= CUSTOM_INPUTS_MAX; index++) {
    if (name === "ci" + String(index)) return { name: name, code: CONTENT_CUSTOM_INPUT + index, type: "declared", fills: [], knownAt: "start" };
  }
  const at = name.indexOf("|") < 0 && name.indexOf("\n") < 0 ? SINGLE.indexOf("\n" + name + "|") : -1;
  if (at < 0) return undefined;
  const parts = SINGLE.substring(at + 1, SINGLE.indexOf("\n", at + 1)).split("|");
  const type = parts[2] as Datatype | "declared";
  return { name: name, code: Number(parts[1]), type: type, fills: type === "declared" ? [] : DECLARED_FILLS[type]!, knownAt: parts[3] as "start" };
}

function contents(): Content[] {
  const list: Content[] = [];
  const names = SINGLE.split("\n");
  for (let index = 0; index < names.length; index++) {
    const content = contentNamed(names[index]!.split("|")[0]!);
    if (content !== undefined) list.push(content);
  }
  for (let index = 0; index < USER_FIELDS.length; index++) list.push(contentNamed("user." + USER_FIELDS[index]) as Content);
  for (let index = 1; index <= CUSTOM_INPUTS_MAX; index++) list.push(contentNamed("ci" + String(index)) as Content);
  return list;
}

/** All contents, with what each may fill. */
export const CONTENTS: Content[] = /* @__PURE__ */ contents();

/** Format of sealed secrets that this firmware opens; the status tells it (key 16). */
export const SEAL_FORMAT = 1;
/** Prefix of a sealed secret; no secret that a person chooses begins so. */
export const SEALED = "(sealed)";

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
