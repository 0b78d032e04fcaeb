/*
 * The state of a running board's wires, as its module `monitor` tells it.
 *
 * Input: an open console. Output: a Look, all times in the board's milliseconds (0 … 2^30 - 1, wrapping).
 * Invariants: the board is only read; while its memory is short it is left alone, and there is no Look.
 */
import type { ReaderConfiguration } from "../../firmware/configuration/configuration";
import type { BoardConsole } from "../../console/board_console";

export interface MeterLook {
  energyWh: number;
  /** Pulses x 1,000 modulo pulsesPerKwh, which are not a whole Wh yet. */
  rest: number;
  pulsesPerKwh: number;
  /** Setting `registerWh`: what the register began with. */
  registerWh: number;
  powerW: number;
  on: boolean;
  /** Refused by the filter since start: levels too short, pulses too close to another. */
  bounces: number;
  tooClose: number;
  fault: string;
}

export interface ContactLook {
  /** As in the block: SStart, SEnd, CI3; "contact" for the level contact. */
  name: string;
  pin: number;
  on: boolean;
  settledMs: number;
  bounces: number;
  fault: string;
}

export interface CardLook {
  uid: string;
  /** It has been there for its hold time, and was acted upon or refused. */
  done: boolean;
  firstMs: number;
  lastMs: number;
}

export interface ReaderLook {
  model: string;
  uidFormat: ReaderConfiguration["uidFormat"];
  heldMs: number;
  /** Frames since start, and why the last one was refused; bytes that arrived too fast. */
  refused: number;
  why: string;
  lostBytes: number;
  fault: string;
  cards: CardLook[];
}

export interface Look {
  nowMs: number;
  boot: number;
  lostEdges: number;
  sessionActive: boolean;
  sessionNumber: number;
  /** As in the status of the fleet page; looked at every 30 s. */
  faults: string;
  deviceId: string;
  uid: string;
  meters: MeterLook[];
  contacts: ContactLook[];
  readers: ReaderLook[];
}

const ROLES: { [role: string]: string } = { "-1": "SStart", "-2": "SEnd", "-3": "contact" };
/** Variables that must be free: a look takes fewer than half as many for a moment. */
const FREE_MIN = 300;

/** Between two looks; the board counts at its own pace, independent of this. */
export const LOOK_MS = 250;
/** An upload under way gives its memory back within seconds. */
const LOOKS_UNTIL_FREE = 40;

/** `count` fields, and what is left of the line. */
function fieldsOf(line: string, count: number): string[] {
  const words = line.split(" ");
  return [...words.slice(1, 1 + count), words.slice(1 + count).join(" ")];
}

/** Reads what the board wrote; UTF-8 as bytes. Lines of a newer firmware are passed over. */
export function parseLook(bytes: string): Look {
  const look: Look = { nowMs: 0, boot: 0, lostEdges: 0, sessionActive: false, sessionNumber: 0, faults: "", deviceId: "", uid: "", meters: [], contacts: [], readers: [] };
  for (const line of Buffer.from(bytes, "latin1").toString("utf8").split("\n")) {
    const number = (words: string[], place: number): number => Number(words[place]);
    if (line.startsWith("t ")) {
      const words = fieldsOf(line, 5);
      Object.assign(look, { nowMs: number(words, 0), boot: number(words, 1), lostEdges: number(words, 2), sessionActive: words[3] === "1", sessionNumber: number(words, 4), faults: words[5] });
    } else if (line.startsWith("d ")) look.deviceId = line.slice(2);
    else if (line.startsWith("u ")) look.uid = line.slice(2);
    else if (line.startsWith("m ")) {
      const words = fieldsOf(line, 8);
      look.meters.push({
        energyWh: number(words, 0), rest: number(words, 1), pulsesPerKwh: number(words, 2), registerWh: number(words, 3), powerW: number(words, 4),
        on: words[5] === "1", bounces: number(words, 6), tooClose: number(words, 7), fault: words[8]!,
      });
    } else if (line.startsWith("c ")) {
      const words = fieldsOf(line, 5);
      look.contacts.push({ name: ROLES[words[0]!] ?? `CI${words[0]}`, pin: number(words, 1), on: words[2] === "1", settledMs: number(words, 3), bounces: number(words, 4), fault: words[5]! });
    } else if (line.startsWith("r ")) {
      const words = fieldsOf(line, 6);
      look.readers.push({ model: words[0]!, uidFormat: words[1] as "hex", heldMs: number(words, 2), refused: number(words, 3), lostBytes: number(words, 4), fault: words[5]!, why: words[6]!, cards: [] });
    } else if (line.startsWith("k ")) {
      const words = fieldsOf(line, 4);
      look.readers.at(-1)?.cards.push({ uid: words[0]!, done: words[1] === "2", firstMs: number(words, 2), lastMs: number(words, 3) });
    }
  }
  return look;
}

/**
 * One look; "busy" while the board's memory is short, "waits" when it has no configuration. Called as a part,
 * so that it is out of memory after the next tick, and in few characters: the input queue is that of the pins too.
 * Collects garbage first, which takes time; so only where it may give the memory that is missing.
 * @throws ConsoleError
 */
export async function lookAtBoard(board: BoardConsole): Promise<Look | "busy" | "waits"> {
  const short = (collect: number): string => `process.memory(${String(collect)}).free<${String(FREE_MIN)}`;
  const text = await board.ask(`${short(0)}&&${short(1)}?0:part("monitor").snapshot(sdc)`);
  return text === 0 ? "busy" : text === "" ? "waits" : parseLook(String(text));
}

/** The same as soon as the board's memory allows it; "busy" when it is short for ten seconds on end. @throws ConsoleError */
export async function lookOnceFree(board: BoardConsole): Promise<Look | "busy" | "waits"> {
  for (let looks = 1; ; looks++) {
    const look = await lookAtBoard(board);
    if (look !== "busy" || looks === LOOKS_UNTIL_FREE) return look;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
