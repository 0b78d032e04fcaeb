/*
 * The wires of a trace: its entries as inputs of a simulated board.
 *
 * Input: a trace, and the moment of the world at which it begins. Output: levels at rest, inputs, and what is laid on the
 * readers that answer questions. Invariant: bytes of a reader come as its maker's papers say, by tools/emulator.
 */
import { createReaderEmulator, sendsUnasked, type ReaderEmulator } from "../../emulator/reader";
import { sorted, type SimInput } from "../world/inputs";
import { TraceError, type Trace, type TraceEntry } from "./trace";

/** A card lies so long when the trace does not take it away. */
const CARD_MS = 1000;
/** The emulated reader is asked for its bytes so often. */
const STEP_MS = 5;
const SEED = 1;

interface ReaderWords { model: string; port: number }

export interface Wires {
  atRest: [pin: number, level: number][];
  inputs: SimInput[];
  /** A reader that is asked: its port, and the cards laid on it, in order of time. */
  asked: { port: number; emulator: ReaderEmulator; cards: { atMs: number; card: string }[] }[];
}

function cardsOf(entries: TraceEntry[], reader: number, beginMs: number): { atMs: number; card: string }[] {
  const given = entries.flatMap((entry) => ("card" in entry && entry.reader === reader ? [{ atMs: beginMs + entry.atMs, card: entry.card.toUpperCase() }] : []));
  return given.flatMap((one, index) => {
    const next = given[index + 1];
    return one.card === "" || (next !== undefined && next.atMs <= one.atMs + CARD_MS) || next?.card === "" ? [one] : [one, { atMs: one.atMs + CARD_MS, card: "" }];
  });
}

/** The bytes of a reader that sends on its own. */
function bytesOf(model: string, port: number, cards: { atMs: number; card: string }[]): SimInput[] {
  const emulator = createReaderEmulator(model, SEED);
  const inputs: SimInput[] = [];
  let next = 0;
  for (const [index, { atMs }] of cards.entries()) {
    const endMs = cards[index + 1]?.atMs ?? atMs + CARD_MS;
    for (let ms = atMs; ms < endMs; ms += STEP_MS) {
      for (; next < cards.length && cards[next]!.atMs <= ms; next++) emulator.show(cards[next]!.card, cards[next]!.atMs);
      const bytes = emulator.send(ms);
      if (bytes !== "") inputs.push({ atMs: ms, kind: "bytes", port, bytes });
    }
  }
  return inputs;
}

/** @throws TraceError when an entry names a reader that the configuration has not */
export function wiresOf({ head, entries }: Trace, beginMs: number): Wires {
  const { readers: list } = head.configuration as { readers?: unknown };
  const readers = (Array.isArray(list) ? list : []) as ReaderWords[];
  const missing = entries.find((entry) => "card" in entry && entry.reader > readers.length);
  if (missing !== undefined && "card" in missing) throw new TraceError(`reader ${String(missing.reader)} is not in the configuration, which has ${String(readers.length)}`);
  const levels = entries.flatMap((entry) => ("pin" in entry ? [entry] : []));
  const atRest = levels.filter(({ atMs }) => atMs === 0).map(({ pin, level }): [number, number] => [pin, level]);
  const inputs: SimInput[] = levels.filter(({ atMs }) => atMs > 0).map(({ atMs, pin, level }) => ({ atMs: beginMs + atMs, kind: "level", pin, level }));
  for (const entry of entries) if ("hex" in entry) inputs.push({ atMs: beginMs + entry.atMs, kind: "bytes", port: entry.port, bytes: Buffer.from(entry.hex, "hex").toString("latin1") });
  const asked: Wires["asked"] = [];
  readers.forEach(({ model, port }, index) => {
    const cards = cardsOf(entries, index + 1, beginMs);
    if (cards.length === 0) return;
    if (sendsUnasked(model)) inputs.push(...bytesOf(model, port, cards));
    else asked.push({ port, emulator: createReaderEmulator(model, SEED), cards });
  });
  return { atRest, inputs: sorted(inputs), asked };
}
