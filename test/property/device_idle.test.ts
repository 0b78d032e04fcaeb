/*
 * A device that rests does the same as one that never does.
 *
 * Input: random days of contacts that bounce, pulses, cards, commands and silence. Output: test results. Invariant: rows and Log
 * are the same, and sessions, registers and answers at every beat, whether the loop calls tick at every beat, or leaves out what tick and edgesTick
 * allow to be left out, as boards/espruino_main.ts does.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { edgesTick, tick } from "../../firmware/device";
import { TICK_MS } from "../../firmware/limits";
import { createDeviceTestBoard, rows, type DeviceTestBoard } from "../boards/device_board";

const CONTACT = 26;
const METER = 25;
const READER = 2;
const TOKEN = "0123456789abcdef";
const CARD = "\x0201000734E0D2\x03";

type Event = { kind: "contact" | "pulses" | "bounce" | "card" | "command" | "silence"; length: number };

interface Played { rows: unknown[][]; lines: string[]; trace: string[]; whole: number }

/** Plays the events; `isResting` leaves out what may be left out. */
function played(events: Event[], isResting: boolean): Played {
  const desk: DeviceTestBoard = createDeviceTestBoard();
  let contact = 1;
  let rests = 0;
  let isSettled = false;
  let edges = 0;
  let whole = 0;
  let others = false;
  const trace: string[] = [];
  const set = (afterMs: number, pin: number, level: number): void => desk.board.pins.schedule(desk.board.clock.worldMs + afterMs, pin, level);
  const beat = (): void => {
    desk.board.clock.advance(TICK_MS);
    step();
    const { connector, meters, ring } = desk.device;
    trace.push([connector.session.active, connector.session.uid, meters.pages[0]!.energyWh, ring.nextSequence, desk.board.calls.answers.size].join(" "));
  };
  const step = (): void => {
    if (isResting && rests > 0 && !others) {
      rests--;
      if (edges === 0 && isSettled) return;
      edges = 0;
      const found = edgesTick(desk.device);
      isSettled = found === "stable";
      if (found !== "contact") return;
    }
    others = false;
    edges = 0;
    rests = tick(desk.device);
    isSettled = false;
    whole++;
  };
  for (const event of events) {
    if (event.kind === "contact") {
      contact = 1 - contact;
      for (let bounce = 0; bounce < event.length % 4; bounce++) {
        set(bounce * 3, CONTACT, contact);
        set(bounce * 3 + 1, CONTACT, 1 - contact);
      }
      set(13, CONTACT, contact);
    } else if (event.kind === "bounce") set(event.length % 9, METER, 1 - event.length % 2);
    else if (event.kind === "pulses") {
      for (let pulse = 0; pulse < event.length; pulse++) {
        set(pulse * 70, METER, 0);
        set(pulse * 70 + 31 + event.length, METER, 1);
      }
    } else if (event.kind === "card") {
      desk.board.serial.arrive(READER, CARD.substring(0, 5));
      desk.board.serial.arrive(READER, CARD.substring(5));
      others = true;
    } else if (event.kind === "command") {
      desk.board.calls.arrive("http", TOKEN, "=SET(SDC;CI1;" + String(event.length) + ")&WAIT(300)&GETOUTPUT(SDC;Sa)");
      others = true;
    }
    for (let beats = event.kind === "silence" ? event.length * 30 : event.length; beats > 0; beats--) {
      // The interpreter tells the loop that there are edges; here a beat looks at the queue as if there always were some.
      edges = 1;
      beat();
    }
  }
  desk.board.pins.set(METER, 1);
  for (let beats = 0; beats < 100; beats++) {
    edges = 1;
    beat();
  }
  return { rows: rows(desk), lines: desk.board.system.lines, trace, whole };
}

describe("a device that rests", () => {
  const event = fc.record({ kind: fc.constantFrom<Event["kind"]>("contact", "pulses", "bounce", "card", "command", "silence"), length: fc.integer({ min: 1, max: 12 }) });

  it("stores the same rows, says the same lines and counts the same pulses, all at the same beat as one that does all of its ticks", () => {
    const share = { whole: 0, all: 0 };
    fc.assert(fc.property(fc.array(event, { minLength: 3, maxLength: 40 }), (events) => {
      const always = played(events, false);
      const resting = played(events, true);
      assert.deepEqual(resting.rows, always.rows);
      assert.deepEqual(resting.lines, always.lines);
      assert.deepEqual(resting.trace, always.trace);
      share.whole += resting.whole;
      share.all += always.whole;
    }), { numRuns: 150 });
    assert.ok(share.whole * 2 < share.all, `${String(share.whole)} of ${String(share.all)} ticks were done`);
  });
});
