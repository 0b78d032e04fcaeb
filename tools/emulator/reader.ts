/*
 * A whole card reader: what it sends unsolicited, and what it answers, with its own pace and moods.
 *
 * Input: a model, cards laid on it and taken away, the bytes that the board sends. Output: the bytes on
 * its line as they arrive in time. Invariant: it behaves as its maker's papers say, also where that is
 * awkward: a PN532 sleeps until woken and searches for ever until told not to, an SM130 has its field off.
 */
import type { Bytes } from "../../hal/ports";
import { CLEAN, sendFrame } from "./line";
import type { LineFaults, Piece } from "./line";
import { createRandom } from "./random";
import { cardFrame, noCardFrame, pn532Frame } from "./reader_frames";

/** Milliseconds after which a reader that sends unsolicited repeats a card; 0: it sends once. */
const REPEAT_MS: { [model: string]: number } = { rdm6300: 50, id12la: 0, em18: 0, hz1050: 150, "7941e": 250, linehex: 0, linedecimal: 0 };
const BAUD: { [model: string]: number } = {
  rdm6300: 9600, id12la: 9600, em18: 9600, hz1050: 9600, "7941e": 9600, linehex: 9600, linedecimal: 9600, twn4: 9600,
  sm130: 19200, yhy502: 19200, "7941w": 115200, pn532: 115200, sl032: 115200, r200: 115200,
};
/** Command that asks for a card, as far as it tells it from others. */
const QUESTION: { [model: string]: string } = {
  "7941w": "abba001", sl032: "ba0201b9", sm130: "ff00018283", yhy502: "aabb022022", twn4: "3035303031300d", r200: "bb00220000227e",
};

export interface ReaderEmulator {
  /** Lays a card on the reader; "" takes it away. */
  show(uidHex: string, nowMs: number): void;
  /** The board's bytes. */
  receive(bytes: Bytes, nowMs: number): void;
  /** The bytes that have arrived at the board by now. */
  send(nowMs: number): Bytes;
  /** As if its supply was cut for a moment; with `dead` it stays silent until the next call. */
  powerCycle(dead: boolean): void;
}

function hexOf(bytes: Bytes): string {
  return Buffer.from(bytes, "latin1").toString("hex");
}

/** True: the model sends a card on its own; false: it is asked for one. */
export function sendsUnasked(model: string): boolean {
  return model in REPEAT_MS;
}

/** `seed` decides pauses and pieces; `faults` what the line does to the bytes. */
export function createReaderEmulator(model: string, seed: number, faults: LineFaults = CLEAN): ReaderEmulator {
  const random = createRandom(seed);
  const repeatMs = REPEAT_MS[model]!;
  let pieces: Piece[] = [];
  let card = "";
  let repeatAtMs = -1;
  let dead = false;
  let heard = "";
  // PN532 and SM130 only.
  let awake = false;
  let limited = false;
  let selected = false;

  const say = (frame: Bytes, atMs: number): void => {
    pieces.push(...sendFrame(frame, atMs, BAUD[model]!, 12, faults, random));
  };

  const pn532 = (nowMs: number): void => {
    if (heard.includes("5555000000")) awake = true;
    for (;;) {
      const found = /0000ff(..)(..)d4((?:..)*)/.exec(heard) ?? /^(?:55|00)*ff(..)(..)d4((?:..)*)/.exec(heard);
      if (found === null) return;
      const length = parseInt(found[1]!, 16);
      if (found[3]!.length / 2 < length) return;
      heard = heard.substring(found.index + found[0].length - found[3]!.length + 2 * length);
      if (!awake) continue;
      say("\x00\x00\xff\x00\xff\x00", nowMs + 1);
      const command = parseInt(found[3]!.substring(0, 2), 16);
      const answer = (data: number[], afterMs: number): void => say(pn532Frame([0xd5, command + 1, ...data]), nowMs + afterMs);
      if (command === 0x14) answer([], 5);
      else if (command === 0x32) {
        limited = true;
        answer([], 5);
      } else if (command === 0x52) {
        selected = false;
        answer([0], 5);
      } else if (command === 0x4a && card !== "" && !selected) {
        selected = card.length === 8;
        say(cardFrame(model, card), nowMs + 30 + random.below(20));
      } else if (command === 0x4a && limited) answer([0], 90 + random.below(30));
    }
  };

  const sm130 = (): Bytes => {
    if (heard.includes("ff0002900193")) {
      awake = true;
      return "\xff\x00\x02\x90\x01\x93";
    }
    if (!heard.includes(QUESTION.sm130!)) return "";
    if (!awake) return "\xff\x00\x02\x82\x55\xd9";
    return card === "" ? noCardFrame(model) : cardFrame(model, card);
  };

  return {
    show(uidHex, nowMs) {
      card = uidHex;
      selected = false;
      repeatAtMs = uidHex === "" || repeatMs === undefined ? -1 : nowMs;
    },
    receive(bytes, nowMs) {
      if (dead || repeatMs !== undefined) return;
      heard += hexOf(bytes);
      if (model === "pn532") {
        pn532(nowMs);
        return;
      }
      let answer: Bytes = "";
      if (model === "sm130") answer = sm130();
      else if (model === "7941w" && heard.includes("abba00")) {
        // Each of its two questions finds only its own kind of card.
        const here = card !== "" && (card.length === 10) === heard.includes("abba00150015");
        answer = here ? cardFrame(model, card) : noCardFrame(model);
      } else if (heard.includes(QUESTION[model]!)) answer = card === "" ? noCardFrame(model) : cardFrame(model, card);
      if (answer === "") return;
      heard = "";
      say(answer, nowMs + 3 + random.below(40));
    },
    send(nowMs) {
      while (!dead && repeatAtMs >= 0 && repeatAtMs <= nowMs) {
        say(cardFrame(model, card), repeatAtMs);
        repeatAtMs = repeatMs === 0 ? -1 : repeatAtMs + repeatMs;
      }
      const due = pieces.filter((piece) => piece.atMs <= nowMs);
      pieces = pieces.filter((piece) => piece.atMs > nowMs);
      return due.map((piece) => piece.bytes).join("");
    },
    powerCycle(stayDead) {
      dead = stayDead;
      pieces = [];
      heard = "";
      awake = false;
      limited = false;
      selected = false;
      repeatAtMs = -1;
    },
  };
}
