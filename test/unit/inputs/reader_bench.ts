/*
 * A reader on the bench: its emulator, its driver, and the presence of its cards, ticked as the device ticks them.
 *
 * Input: a model, cards, time that passes. Output: what the driver saw and what presence made of it. Invariant:
 * the order of a tick is the device's: feed, poll, take, presence; time is virtual.
 */
import { hexOf } from "../../../firmware/base/bytes";
import { createPresence, presenceSeen, presenceTake } from "../../../firmware/inputs/presence";
import type { Presence } from "../../../firmware/inputs/presence";
import { takeUid } from "../../../firmware/inputs/reader/frame";
import type { ReaderState } from "../../../firmware/inputs/reader/frame";
import type { ReaderModel } from "../../../firmware/inputs/reader/registry";
import { CLEAN } from "../../../tools/emulator/line";
import type { LineFaults } from "../../../tools/emulator/line";
import { createReaderEmulator } from "../../../tools/emulator/reader";
import type { ReaderEmulator } from "../../../tools/emulator/reader";
import { uidBytesOf } from "../../../tools/emulator/reader_frames";

const CARDS = ["A1B2C3D4", "0102B0A5FD", "047BCB51962280", "E200001D7315016521408FC6"];
const OTHERS = ["9EB36E66", "62E3086CED", "047FA99A1F6680", "30751FEB705C5904E3D50D70"];

/** A card of `bytes` bytes, and another one of the same kind. */
export function cardOfLength(bytes: number, other = false): string {
  return (other ? OTHERS : CARDS).find((card) => card.length === bytes * 2) ?? "";
}

/** A card that the model can read. */
export function cardOf(model: ReaderModel, other = false): string {
  return cardOfLength(uidBytesOf(model.name)[0]!, other);
}

export class Bench {
  readonly model: ReaderModel;
  readonly emulator: ReaderEmulator;
  readonly state: ReaderState;
  readonly presence: Presence;
  readonly sightings: string[] = [];
  readonly events: string[] = [];
  nowMs = 1000;

  constructor(model: ReaderModel, seed: number, faults: LineFaults = CLEAN, holdMs = 0) {
    this.model = model;
    this.emulator = createReaderEmulator(model.name, seed, faults);
    this.state = model.driver.create();
    const configuration = { model: model.name, port: 2, baud: 0, uidFormat: "hex" as const, presenceTimeoutMs: 400, rearmDelayMs: 5000, minHoldMs: holdMs, minSightings: 0 };
    this.presence = createPresence(configuration, model.driver.refusesRandom, model.driver.minSightings);
  }

  /** Lets time pass in ticks of `tickMs`. */
  run(forMs: number, tickMs = 10): void {
    const now = { ms: 0, s: 0 };
    for (const untilMs = this.nowMs + forMs; this.nowMs < untilMs; this.nowMs += tickMs) {
      now.ms = this.nowMs;
      this.model.driver.feed(this.state, this.emulator.send(this.nowMs), now.ms);
      const question = this.model.driver.poll(this.state, now.ms);
      if (question !== "") this.emulator.receive(question, this.nowMs);
      for (let uid = takeUid(this.state); uid !== undefined; uid = takeUid(this.state)) {
        this.sightings.push(hexOf(uid));
        presenceSeen(this.presence, hexOf(uid), now);
      }
      for (let uid = presenceTake(this.presence, now); uid !== ""; uid = presenceTake(this.presence, now)) this.events.push(uid);
    }
  }

  card(uidHex: string): void {
    this.emulator.show(uidHex, this.nowMs);
  }
}
