/* The power fails before or after every single flash write of a day at the block, and again during recovery. */
import assert from "node:assert/strict";
import { KIND_END, KIND_EVENT, KIND_LOSS, KIND_START } from "../../../firmware/protocol";
import type { Configuration } from "../../../firmware/configuration/configuration";
import { pulseEnd, pulseStart, setContact, setUid } from "../../../firmware/session/pins";
import { REASON_END } from "../../../firmware/session/session_record";
import { ConnectorTestBoard, PowerCut, testConfiguration } from "../../boards/connector_board";

/** A step of a scenario happens at the first tick after it; a contact step sets the level that the wire then keeps. */
type Step = "start" | "end" | "card" | "on" | "off" | "wait" | "full" | "room";

interface World {
  board: ConnectorTestBoard;
  level: boolean;
  wired: boolean;
}

function act(world: World, step: Step): void {
  const c = world.board.connector;
  if (step === "start") pulseStart(c);
  if (step === "end") pulseEnd(c, REASON_END);
  if (step === "card") setUid(c, "04A1B2C3", true);
  if (step === "full") world.board.room = 0;
  if (step === "room") world.board.room = 1e9;
  if (step === "on" || step === "off") {
    world.level = step === "on";
    setContact(c, world.level, REASON_END);
  }
}

/** Ticks that survive cuts: after each the board starts again, the next of `cuts` armed. Returns whether a cut happened. */
function tick(world: World, ms: number, cuts: { after: number; keeps: boolean }[]): boolean {
  let cut = false;
  let pass = ms;
  for (;;) {
    try {
      world.board.tick(pass);
      return cut;
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      cut = true;
      world.board.restart(5);
      const next = cuts.shift();
      if (next !== undefined) {
        world.board.cutAfter = next.after;
        world.board.cutKeepsLast = next.keeps;
      }
      if (world.wired) setContact(world.board.connector, world.level, REASON_END);
      pass = 20;
    }
  }
}

/** Plays a scenario with cuts; a pulse that a cut made forgotten is given again, as a person would who sees that nothing happened. */
function play(configuration: Configuration, steps: Step[], cuts: { after: number; keeps: boolean }[]): ConnectorTestBoard {
  const world = { board: new ConnectorTestBoard(configuration), level: false, wired: steps.includes("on") };
  world.board.tick(1000);
  const first = cuts.shift();
  if (first !== undefined) {
    world.board.cutAfter = first.after;
    world.board.cutKeepsLast = first.keeps;
  }
  for (const step of steps) {
    const number = world.board.connector.session.number;
    act(world, step);
    let cut = tick(world, 500, cuts);
    while (cut && (step === "start" || step === "end")) {
      const session = world.board.connector.session;
      if (step === "start" ? session.active && session.number > number : !session.active) break;
      act(world, step);
      cut = tick(world, 500, cuts);
    }
    if (step === "wait") tick(world, 400000, cuts);
  }
  if (configuration.pauseS > 0) tick(world, configuration.pauseS * 1000, cuts);
  for (let rest = 0; rest < 4; rest++) tick(world, 2000, cuts);
  return world.board;
}

const scenarios: { [name: string]: Step[] } = {
  "two sessions with pulses": ["card", "start", "wait", "end", "start", "end"],
  "a restart during a session": ["start", "card", "start", "wait", "end"],
  "two sessions of a contact": ["on", "card", "wait", "off", "on", "off"],
  "a ring that is full for a while": ["start", "full", "end", "room", "start", "end"],
};
const settings: { [name: string]: Partial<Configuration> } = {
  "without delay": {},
  "with Td": { triggerDelayMs: 1000 },
  "event rows": { rowMode: "event" },
  "only ends": { writeAt: 2 },
  "pauses joined": { pauseS: 60 },
};

/** Checks the rows after every cut. */
function check(board: ConnectorTestBoard, id: string): void {
  const rows = board.rows();
  const seen = new Set<string>();
  let latest = 0;
  for (const row of rows) {
    if (row.kind === KIND_LOSS) continue;
    const key = `${row.kind === KIND_EVENT ? String(row.cells.get(6)) : row.kind} of ${row.session}`;
    assert.ok(!seen.has(key), `${id}: ${key} is in the ring twice`);
    seen.add(key);
    assert.ok(row.session >= latest, `${id}: session ${row.session} after ${latest}`);
    latest = row.session;
  }
  assert.equal(board.connector.session.active, false, `${id}: a session is still open`);
  assert.equal(board.connector.session.write, 0, `${id}: a row still waits`);
}

describe("a power cut at any flash write of the block", () => {
  for (const [scenario, steps] of Object.entries(scenarios)) {
    for (const [setting, changes] of Object.entries(settings)) {
      it(`neither loses nor doubles a row: ${scenario}, ${setting}`, () => {
        const configuration = testConfiguration(changes);
        const whole = play(configuration, steps, []);
        const plain = whole.rows().map((row) => [row.kind, row.session].join("/"));
        const writes = whole.writes.length;
        assert.ok(writes >= 4);
        for (let after = 0; after < writes; after++) {
          for (const keeps of [false, true]) {
            const once = play(configuration, steps, [{ after, keeps }]);
            check(once, `${after}${keeps ? "+" : "-"}`);
            // A full ring may have had room again when the row was tried once more: then it is stored instead of lost.
            if (!steps.includes("full")) assert.deepEqual(once.rows().map((row) => [row.kind, row.session].join("/")), plain, `cut ${after}${keeps ? "+" : "-"}`);
            for (let second = 0; second < 4; second++) {
              for (const keepsSecond of [false, true]) {
                const twice = play(configuration, steps, [{ after, keeps }, { after: second, keeps: keepsSecond }]);
                check(twice, `${after}${keeps ? "+" : "-"},${second}${keepsSecond ? "+" : "-"}`);
                if (!steps.includes("full")) assert.deepEqual(twice.rows().map((row) => [row.kind, row.session].join("/")), plain);
              }
            }
          }
        }
      });
    }
  }

  it("keeps start, user and energy of the session that it interrupts", () => {
    const board = new ConnectorTestBoard(testConfiguration());
    board.energyWh = 5000;
    setUid(board.connector, "04A1B2C3", true);
    pulseStart(board.connector);
    board.tick(1000);
    const startS = board.epochS;
    board.tick(400000);
    board.energyWh = 6000;
    board.tick(100000);
    board.restart(3600);
    assert.equal(board.connector.session.active, true, "Sa is right before the first tick");
    board.energyWh = 6500;
    board.tick(20);
    board.tick(600000);
    pulseEnd(board.connector, REASON_END);
    board.tick(20);
    const end = board.rows()[1]!;
    assert.equal(end.kind, KIND_END);
    assert.deepEqual(end.cells.get(1), { epochS: startS });
    assert.equal(end.cells.get(4), 1500);
    assert.equal(end.cells.get(5), 400 + 100 + 3600 + 600, "the hour without power is counted once the clock is known");
    assert.deepEqual(end.cells.get(3), new Uint8Array([4, 0xa1, 0xb2, 0xc3]));
  });

  it("leaves the time without power out of the duration when the clock was never known", () => {
    const board = new ConnectorTestBoard(testConfiguration());
    board.synced = false;
    pulseStart(board.connector);
    board.tick(1000);
    board.tick(301000);
    board.restart(3600);
    board.tick(10000);
    pulseEnd(board.connector, REASON_END);
    board.tick(20);
    assert.equal(board.rows()[1]!.cells.get(5), 301 + 10);
    assert.deepEqual(board.rows()[1]!.cells.get(1), { bootUptime: [1, 1] });
  });

  it("closes with the last checkpoint as the end, energy up to the cut included", () => {
    const board = new ConnectorTestBoard(testConfiguration({ onPowerLoss: "close" }));
    pulseStart(board.connector);
    board.tick(1000);
    const startS = board.epochS;
    board.tick(300000);
    board.tick(200000);
    board.energyWh += 2500;
    board.restart(3600);
    board.tick(20);
    const end = board.rows()[1]!;
    assert.deepEqual(end.cells.get(2), { epochS: startS + 300 });
    assert.equal(end.cells.get(5), 300);
    assert.equal(end.cells.get(4), 2500);
    assert.equal(end.cells.get(6), "interrupted");
    assert.equal(board.rows()[0]!.kind, KIND_START);
  });

  it("begins a new session after a close when the contact is still on", () => {
    const board = new ConnectorTestBoard(testConfiguration({ onPowerLoss: "close" }));
    setContact(board.connector, true, REASON_END);
    board.tick(1000);
    board.restart(60);
    setContact(board.connector, true, REASON_END);
    board.tick(20);
    assert.deepEqual(board.rows().map((row) => [row.kind, row.session]), [[KIND_START, 1], [KIND_END, 1], [KIND_START, 2]]);
  });
});
