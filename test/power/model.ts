/*
 * The promises of a store, as data.
 *
 * Input: each operation before and after it is done. Output: what may be found after a power cut. Invariant:
 * an operation that returned is certain; only the one that was cut off is in doubt.
 */

export type Operation =
  | { op: "append"; bytes: number }
  /** `endpoint`: which of several decides, 0 when absent. */
  | { op: "acknowledge" | "aside"; nth: number; endpoint?: number }
  | { op: "pulse" | "check" | "restart" }
  /** A reader keeps the place of the oldest row, and acknowledges it later. */
  | { op: "hold" | "release" }
  | { op: "register"; registerWh: number }
  | { op: "state"; kind: number; bytes: number }
  | { op: "document"; bytes: number };

export interface Row {
  sequence: number;
  payload: string;
  /** For each endpoint. */
  places: Place[];
}

/** A row as one endpoint has it. */
export interface Place {
  status: "pending" | "acknowledged" | "aside" | "dropped";
  /** A mark that was cut off: shown or not, both are right. */
  doubt: boolean;
}

export interface Model {
  rows: Row[];
  /** Appends that answered "full". */
  refused: number;
  dropped: number;
  /** Highest sequence that was ever stored. */
  highest: number;
  /** Register by pulses that were counted, and the part of it that was checked. */
  energyWh: number;
  safeWh: number;
  registerWh: number;
  /** All that was ever metered: corrections of the register change nothing of it. */
  meteredWh: number;
  values: Map<number, string>;
  document: string;
}

export function createModel(): Model {
  return { rows: [], refused: 0, dropped: 0, highest: 0, energyWh: 0, safeWh: 0, registerWh: 0, meteredWh: 0, values: new Map(), document: "" };
}

export function copyModel(model: Model): Model {
  return { ...model, rows: model.rows.map((row) => ({ ...row, places: row.places.map((place) => ({ ...place })) })), values: new Map(model.values) };
}

/** A payload that names its sequence, as a row does, of at least 8 bytes; the rest depends on both. */
export function payloadOf(sequence: number, bytes: number): string {
  const high = Math.floor(sequence / 65536);
  const middle = Math.floor(sequence / 256) % 256;
  const head = String.fromCharCode(0x85, 1, 0x1a, Math.floor(high / 256), high % 256, middle, sequence % 256);
  let text = head;
  for (let index = head.length; index < bytes; index++) text += String.fromCharCode((sequence * 7 + index * 13 + bytes) % 256);
  return text;
}

/** Bytes for values and documents, different for each length and number. */
export function contentOf(number: number, bytes: number): string {
  return Array.from({ length: bytes }, (_, index) => String.fromCharCode((number * 31 + index * 11) % 256)).join("");
}
