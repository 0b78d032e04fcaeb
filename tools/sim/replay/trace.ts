/*
 * A trace: what reached the wires of one board, and when, as a text file.
 *
 * Input: lines of JSON; the first one is the head, with the configuration document. Output: head and entries in order of
 * time, or an error that names the line. Invariant: a trace holds no key, password or token; `sdc monitor --record` writes
 * one, and a person can write one by hand.
 */
import { type Static, type TSchema, Type } from "typebox";
import Value from "typebox/value";

const TRACE_FORMAT = 1;
/** A longer trace is cut by hand: it is played in memory. */
const TRACE_MS_MAX = 400 * 86_400_000;

const atMs = Type.Integer({ minimum: 0, maximum: TRACE_MS_MAX });
const strict = { additionalProperties: false };

const TraceHead = Type.Object({
  trace: Type.Literal(TRACE_FORMAT),
  /** UTC seconds of moment 0. */
  epochS: Type.Integer({ minimum: 0, maximum: 4_294_967_295 }),
  configuration: Type.Object({}, { additionalProperties: true }),
}, strict);

/** Forms of an entry by the word that tells them apart. */
const FORMS = {
  pin: Type.Object({ atMs, pin: Type.Integer({ minimum: 0, maximum: 63 }), level: Type.Integer({ minimum: 0, maximum: 1 }) }, strict),
  hex: Type.Object({ atMs, port: Type.Integer({ minimum: 0, maximum: 3 }), hex: Type.String({ pattern: "^([0-9A-Fa-f]{2})+$" }) }, strict),
  /** A card lies on reader n of the configuration, from 1 on; "" takes it away. */
  card: Type.Object({ atMs, reader: Type.Integer({ minimum: 1, maximum: 3 }), card: Type.String({ pattern: "^([0-9A-Fa-f]{2}){0,12}$" }) }, strict),
  command: Type.Object({ atMs, command: Type.String({ minLength: 1 }) }, strict),
  power: Type.Object({ atMs, power: Type.Union([Type.Literal("off"), Type.Literal("on")]) }, strict),
} satisfies Record<string, TSchema>;

export type TraceHead = Static<typeof TraceHead>;
export type TraceEntry = Static<typeof FORMS[keyof typeof FORMS]>;

export interface Trace { head: TraceHead; entries: TraceEntry[] }

/** A trace that cannot be read; the message names line and remedy. */
export class TraceError extends Error {}

function readLine(text: string, number: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TraceError(`line ${String(number)} is no JSON: a trace has one JSON object a line`);
  }
}

function check(schema: TSchema, value: unknown, number: number): void {
  const error = Value.Errors(schema, value).find(({ keyword }) => keyword !== "boolean");
  if (error === undefined) return;
  const { instancePath: path, params, message } = error;
  const what = "additionalProperties" in params ? `knows no ${String(params.additionalProperties)}` : message;
  throw new TraceError(`line ${String(number)}${path === "" ? "" : `, '${path.slice(1)}'`} ${what}`);
}

/** The trace of a file's text. Empty lines are passed over. @throws TraceError */
export function parseTrace(text: string): Trace {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/).map((line, index) => ({ line, number: index + 1 })).filter(({ line }) => line.trim() !== "");
  const [first, ...rest] = lines;
  if (first === undefined) throw new TraceError("the file is empty: the first line is {\"trace\":1,\"epochS\":…,\"configuration\":{…}}");
  const head = readLine(first.line, first.number);
  check(TraceHead, head, first.number);
  let beforeMs = 0;
  const entries = rest.map(({ line, number }) => {
    const value = readLine(line, number);
    const form = typeof value === "object" && value !== null ? Object.entries(FORMS).find(([word]) => word in value)?.[1] : undefined;
    if (form === undefined) throw new TraceError(`line ${String(number)} is none of: {atMs,pin,level}, {atMs,port,hex}, {atMs,reader,card}, {atMs,command}, {atMs,power}`);
    check(form, value, number);
    const entry = value as TraceEntry;
    if (entry.atMs < beforeMs) throw new TraceError(`line ${String(number)}, 'atMs': ${String(entry.atMs)} is before the line above (${String(beforeMs)}); sort the lines by time`);
    beforeMs = entry.atMs;
    return entry;
  });
  return { head: head as TraceHead, entries };
}

/** Sections of a configuration that decide rows; the others hold secrets, addresses, or settings without effect in a trace. */
const DECIDING = ["version", "revision", "device", "block", "table", "inputs", "customInputs", "meters", "readers", "tariff", "store"];

/** A configuration document without what a trace must not hold: the sections above, and the password of the device. */
export function withoutSecrets(document: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.fromEntries(Object.entries(document).filter(([name]) => DECIDING.includes(name)));
  const { device } = kept;
  if (typeof device !== "object" || device === null) return kept;
  return { ...kept, device: Object.fromEntries(Object.entries(device).filter(([name]) => name !== "password")) };
}

export function headLine(epochS: number, document: Record<string, unknown>): string {
  return JSON.stringify({ trace: TRACE_FORMAT, epochS, configuration: withoutSecrets(document) });
}
