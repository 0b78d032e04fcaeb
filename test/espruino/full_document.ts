/*
 * A board with everything on: what the memory budgets are measured with.
 *
 * Input: the wallbox example for a board on the desk. Output: the document with two meters, two readers, three contacts, sixteen
 * custom inputs, thirty-two columns, both outputs and the API. Invariant: it is within every limit of the
 * configuration, and at most of them.
 */
import { wallboxDocument } from "../../tools/world/garage";

export const FULL_API_TOKEN = "0123456789abcdef";
/** Pins of the inputs beside the example's. */
export const START_PIN = 4;
export const END_PIN = 5;
export const SECOND_METER_PIN = 27;

type Json = Record<string, unknown>;

/** Columns 9 to 32: every custom input as text, and what the example leaves out. */
export function fullColumns(): { id: number; name: string; type: string; content: string }[] {
  const more = ["device.id", "device.name", "session.number", "meter.start", "meter.end", "session.active", "session.lastUid", "session.clock"];
  return [
    ...wallboxDocument().table.columns,
    ...Array.from({ length: 16 }, (_, index) => ({ id: 9 + index, name: `input_${String(index + 1)}`, type: "text", content: `ci${String(index + 1)}` })),
    ...more.map((content, index) => ({ id: 25 + index, name: content.replace(".", "_").toLowerCase(), type: "text", content })),
  ];
}

/** `base` is a document of a device. */
export function fullDocument(base: unknown, apiPort: number): Json {
  const document = base as Json & { table: Json; inputs: Json; meters: Json[]; readers: Json[]; outputs: Json };
  const button = { pull: "up", activeLevel: 0 };
  return {
    ...document,
    api: { token: FULL_API_TOKEN, port: apiPort },
    table: { ...document.table, columns: fullColumns() },
    inputs: { ...document.inputs, sStart: { ...button, pin: START_PIN }, sEnd: { ...button, pin: END_PIN } },
    customInputs: Array.from({ length: 16 }, (_, index) => ({ index: index + 1, name: `input ${String(index + 1)}`, type: ["number", "integer", "text", "boolean"][index % 4] })),
    meters: [document.meters[0], { ...document.meters[0], pin: SECOND_METER_PIN }],
    // The board on the desk has one serial line; the second reader's driver and record take their memory all the same.
    readers: [document.readers[0], { ...document.readers[0], port: 2 }],
    outputs: { ...document.outputs, relay: { pin: 23, activeLevel: 1, follows: "sa" } },
  };
}
