/*
 * JSON Schemas (2020-12) of everything the API takes and gives, for the OpenAPI document.
 *
 * Input: nothing. Output: one record of named schemas. Invariant: test/exosphere/openapi.test.ts validates
 * answers of the running server against them; additional members of an answer are an error there.
 */
import { DATATYPES } from "../tables/table";

type Schema = Record<string, unknown>;

const text: Schema = { type: "string" };
const whole: Schema = { type: "integer", minimum: 0 };
const moment: Schema = { type: "string", format: "date-time" };
const truth: Schema = { type: "boolean" };
const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: "null" }] });
const sessionCount: Schema = { ...orNull(whole), description: "null in a table of mode event, which counts rows" };
const list = (items: Schema): Schema => ({ type: "array", items });
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const pair = (first: Schema, second: Schema): Schema => ({ type: "array", prefixItems: [first, second], items: false, minItems: 2 });

const lastNumbers: Schema = { type: "array", prefixItems: [whole, whole, whole], items: false, minItems: 3, description: "Highest boot, sequence and session that the endpoint has of the device" };

/** An object whose members are all required, except those that end in "?". */
function object(members: Record<string, Schema>): Schema {
  const names = Object.keys(members);
  return {
    type: "object", additionalProperties: false,
    properties: Object.fromEntries(names.map((name) => [name.replace("?", ""), members[name]!])),
    required: names.filter((name) => !name.endsWith("?")),
  };
}

export const SCHEMAS: Record<string, Schema> = {
  Problem: { ...object({ type: text, title: text, status: whole, detail: text, "last?": lastNumbers, "time?": whole }), description: "RFC 9457; last and time only with replayed-request" },
  UploadAnswer: object({
    acknowledged: list(pair(whole, whole)), refused: list(pair(whole, { type: "string", maxLength: 60 })), time: whole, users: whole, configuration: whole,
    commands: list(object({ id: whole, text })), "minIntervalS?": whole, "last?": lastNumbers,
  }),
  Ok: object({ ok: truth }),
  Made: object({ id: whole }),
  Login: { oneOf: [object({ name: text, password: text }), object({ link: text })] },
  Me: object({ account: text, role: { enum: ["admin", "viewer"] } }),
  Accounts: list(object({ name: text, role: { enum: ["admin", "viewer"] } })),
  AccountChange: object({ password: { type: "string", minLength: 10 }, role: { enum: ["admin", "viewer"] } }),
  TokenRequest: object({ "note?": text, "days?": whole, "forAccount?": text }),
  Token: object({ token: text }),
  Audit: list(object({ id: whole, at: moment, actor: text, action: text, subject: text, detail: { type: "object" } })),
  Contents: list(object({ name: text, type: text, fills: list({ enum: DATATYPES }) })),
  Column: object({ id: { type: "integer", minimum: 1, maximum: 255 }, name: { type: "string", minLength: 1 }, type: { enum: DATATYPES }, "content?": text }),
  Table: object({
    id: { type: "integer", minimum: 1, maximum: 2 ** 31 - 1 }, name: { type: "string", minLength: 1 }, "mode?": { enum: ["session", "event"] }, "minorDigits?": { type: "integer", minimum: 0, maximum: 6 }, "timeZone?": text,
    columns: { type: "array", items: ref("Column"), minItems: 1, maxItems: 32 },
  }),
  Tables: list(ref("Table")),
  Rows: object({
    rows: list(object({ device: text, session: whole, at: moment, running: { ...truth, description: "Whether the session has no end yet and is its device's last; false in mode event." }, cells: { ...list({ type: ["string", "boolean", "null"] }), description: "In the order of the table's columns; numbers as exact decimal text, moments in UTC." } })),
    next: { ...orNull(text), description: "The cursor of the next page." },
  }),
  Totals: object({ rows: whole, sessions: sessionCount, energyWh: text, durationS: text, cost: text }),
  Months: list(object({ month: { type: "string", pattern: "^\\d{4}-\\d{2}$" }, rows: whole, sessions: sessionCount, energyWh: text, durationS: text, cost: text })),
  Devices: list(object({
    id: text, name: text, enabled: truth, lastContact: orNull(moment), lastContactAgoS: { ...orNull(whole), description: "By the clock of the endpoint." }, boot: orNull(whole), uptimeS: orNull(whole), firmwareVersion: orNull(text), board: orNull(text),
    memoryFree: orNull(whole), pending: orNull(whole), quarantinedOnBoard: orNull(whole), lost: orNull(whole), ringFill: orNull(whole), clockOffsetS: orNull({ type: "integer" }), faults: orNull(text), unknownCard: orNull(text),
    usersHeld: orNull(whole), usersVersion: whole, configurationHeld: orNull(whole), configurationRevision: whole, minIntervalS: orNull(whole),
    gaps: whole, lostRows: whole, quarantined: whole, undated: whole, keys: list(object({ keyId: text, revoked: truth, used: truth })),
    rejectedRequest: {
      ...orNull(object({ problem: { enum: ["signature-wrong", "body-changed", "key-revoked", "device-disabled"] }, keyId: text, at: moment, agoS: whole })),
      description: "The last request under this device's name that was turned away, to the minute; with signature-wrong and body-changed anybody may have sent it.",
    },
  })),
  RejectedRequests: { ...list(object({ keyId: { type: "string", maxLength: 32 }, at: moment, agoS: whole })), maxItems: 1, description: "Unverified: anybody can send such a request. The key id without characters that are not letters, digits, . _ or -." },
  DeviceProblems: object({
    losses: list(object({ sequence: whole, rows: whole, first: whole, reason: whole, receivedAt: moment })),
    gaps: list(object({ sequence: whole, firstSequence: whole, lastSequence: whole, rows: whole, receivedAt: moment })),
    quarantine: list(object({ sequence: whole, reason: text, itemHex: text, receivedAt: moment })),
    commands: list(object({ id: whole, text, status: orNull(whole), result: orNull(text), createdAt: moment, doneAt: orNull(moment) })),
  }),
  Retried: object({ stored: whole, refused: whole }),
  NewDevice: object({ id: { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9_-]{0,27}$" }, "name?": text }),
  NewKey: { ...object({ keyId: text, keyHex: { type: "string", pattern: "^[0-9A-F]{64}$" } }), description: "Shown once." },
  DeviceChange: object({ "name?": text, "enabled?": truth, "minIntervalS?": whole, "configuration?": { type: "object" } }),
  OfferedConfiguration: object({ revision: whole, held: orNull(whole), configuration: { ...orNull({ type: "object" }), description: "Each secret reads (secret); sent back so, it stays as it is." } }),
  ConfigurationToCheck: object({ configuration: { type: "object" }, "keepsSecrets?": { ...truth, description: "Whether (secret) stands for a secret that the board has." } }),
  ConfigurationMistakes: object({
    mistakes: list(object({ path: text, what: text, remedy: text })),
    warnings: { ...list(object({ path: text, what: text, remedy: text })), description: "What is allowed and does not fit this endpoint's tables, or is hardly meant." },
  }),
  NewCommand: object({ text: { type: "string", pattern: "^=" } }),
  Person: object({ "cards?": list(text), "fields?": { type: "object", additionalProperties: text }, "validFrom?": whole, "validUntil?": whole }),
  People: list(object({ id: whole, cards: list(text), fields: { type: "object", additionalProperties: text }, validFrom: whole, validUntil: whole })),
};
