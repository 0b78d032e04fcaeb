/*
 * A trace of what `sdc monitor` sees, for `sdc sim replay`.
 *
 * Input: the configuration document of the board, and its Looks in order. Output: lines of a trace. Invariants: energy,
 * contacts and cards are those that the board counted; a contact's moment is exact to the millisecond, a card's too, a
 * pulse lies in the quarter of a second between two looks; nothing secret is written.
 */
import { headLine } from "../sim/replay/trace";
import { pulsesBetween } from "./board_changes";
import type { Look } from "./board_snapshot";

const CIRCLE_MS = 2 ** 30;
/** IEC 62053-31: a pulse lasts 30 ms or more; drawn shorter only where more come than that leaves room for. */
const PULSE_MS = 30;

interface Wiring {
  inputs?: { [role: string]: { pin: number; activeLevel?: number } | undefined };
  customInputs?: { pin?: number; activeLevel?: number }[];
  meters?: { pin: number; activeLevel?: number }[];
}

type Entry = { atMs: number } & ({ pin: number; level: number } | { reader: number; card: string } | { power: "off" | "on" });

export interface TraceRecorder {
  /** Lines for what changed since the look before. */
  look(look: Look): string[];
}

function passedMs(fromMs: number, toMs: number): number {
  return (toMs - fromMs + CIRCLE_MS) % CIRCLE_MS;
}

/** `activeLevel` of a document; contacts and meters that do not name it close to ground. */
function levelOf(isOn: boolean, activeLevel = 0): number {
  return isOn ? activeLevel : 1 - activeLevel;
}

/** `document` is the board's configuration; `startS` is UTC of the first look. `head` gets the first line. */
export function createTraceRecorder(document: Record<string, unknown>, startS: number): { head: string; recorder: TraceRecorder } {
  const { meters = [], inputs = {}, customInputs = [] } = document as Wiring;
  const contacts = [...Object.values(inputs), ...customInputs].flatMap((input) => (input?.pin === undefined ? [] : [[input.pin, input.activeLevel] as const]));
  const activeLevels = new Map(contacts);
  let before: Look | undefined;
  /** Moment of the trace at the look before, and the last one written: lines are in order of time. */
  let beforeMs = 0;
  let lastMs = 0;

  const changes = (from: Look, to: Look): Entry[] => {
    const toMs = beforeMs + passedMs(from.nowMs, to.nowMs);
    /** A change from before the look before was seen too late: it counts from there on. */
    const momentOf = (boardMs: number): number => {
      const afterMs = passedMs(from.nowMs, boardMs);
      return Math.max(lastMs, Math.min(toMs, beforeMs + (afterMs > CIRCLE_MS / 2 ? 0 : afterMs)));
    };
    const entries: Entry[] = [];
    for (const contact of to.contacts) {
      const known = from.contacts.find(({ pin }) => pin === contact.pin);
      if (known === undefined || known.settledMs === contact.settledMs) continue;
      const atMs = momentOf(contact.settledMs);
      const level = levelOf(contact.on, activeLevels.get(contact.pin));
      // It went and came back between two looks: the edge before it lies half way.
      if (known.on === contact.on) entries.push({ atMs: Math.floor((beforeMs + atMs) / 2), pin: contact.pin, level: 1 - level });
      entries.push({ atMs, pin: contact.pin, level });
    }
    to.meters.forEach((meter, index) => {
      const wire = meters[index];
      const pulses = from.meters[index] === undefined ? 0 : pulsesBetween(from.meters[index], meter);
      if (wire === undefined || !(pulses > 0)) return;
      const distanceMs = (toMs - beforeMs) / pulses;
      for (let pulse = 0; pulse < pulses; pulse++) {
        const atMs = Math.floor(beforeMs + pulse * distanceMs);
        entries.push({ atMs, pin: wire.pin, level: levelOf(true, wire.activeLevel) });
        entries.push({ atMs: atMs + Math.min(PULSE_MS, Math.floor(distanceMs / 2)), pin: wire.pin, level: levelOf(false, wire.activeLevel) });
      }
    });
    to.readers.forEach((reader, index) => {
      const held = from.readers[index]?.cards ?? [];
      for (const card of reader.cards) {
        if (held.some(({ uid, firstMs }) => uid === card.uid && firstMs === card.firstMs)) continue;
        entries.push({ atMs: momentOf(card.firstMs), reader: index + 1, card: card.uid });
      }
      for (const card of held) {
        if (!reader.cards.some(({ uid }) => uid === card.uid)) entries.push({ atMs: momentOf(card.lastMs), reader: index + 1, card: "" });
      }
    });
    entries.sort((a, b) => a.atMs - b.atMs);
    lastMs = entries.at(-1)?.atMs ?? lastMs;
    beforeMs = toMs;
    return entries;
  };

  const first = (look: Look): Entry[] => [
    ...look.contacts.map(({ pin, on }) => ({ atMs: 0, pin, level: levelOf(on, activeLevels.get(pin)) })),
    ...look.meters.flatMap(({ on }, index) => (meters[index] === undefined ? [] : [{ atMs: 0, pin: meters[index].pin, level: levelOf(on, meters[index].activeLevel) }])),
  ];

  return {
    head: headLine(startS, document),
    recorder: {
      look(look) {
        let entries: Entry[];
        if (before === undefined) entries = first(look);
        else if (before.boot !== look.boot) {
          // The board started anew; the time for which it was off is unknown.
          lastMs = beforeMs += 1000;
          entries = [{ atMs: beforeMs, power: "off" }, { atMs: beforeMs + 1000, power: "on" }];
          lastMs = beforeMs += 1000;
        } else entries = changes(before, look);
        before = look;
        return entries.map((entry) => JSON.stringify(entry));
      },
    },
  };
}
