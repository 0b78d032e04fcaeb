/*
 * Traces: what a board saw, played again.
 *
 * Input: traces written by hand, and one that the recorder makes of a mock board. Output: the rows of the database.
 * Invariant: expected rows are worked out by hand.
 */
import assert from "node:assert/strict";
import { snapshot } from "../../firmware/console/monitor";
import { parseLook } from "../../tools/board/board_snapshot";
import { createTraceRecorder } from "../../tools/board/trace_recorder";
import { rdm6300Frame } from "../../tools/emulator/rdm6300";
import { closeSpare } from "../../tools/sim/run/simulation";
import { replay } from "../../tools/sim/replay/replay";
import { parseTrace, TraceError, type Trace } from "../../tools/sim/replay/trace";
import { wallboxDocument } from "../../tools/world/garage";
import { createDeviceTestBoard, run } from "../boards/device_board";

const CARD = "0102B0A5FD";
const EPOCH_S = 1_780_272_000;
const [CONTACT, METER] = [26, 25];

function head(change: (configuration: Record<string, unknown>) => void = () => undefined): string {
  const configuration = wallboxDocument() as unknown as Record<string, unknown>;
  for (const name of ["endpoint", "network", "api", "outputs"]) delete configuration[name];
  change(configuration);
  return JSON.stringify({ trace: 1, epochS: EPOCH_S, configuration });
}

function pulsesAt(...moments: number[]): object[] {
  return moments.flatMap((atMs) => [{ atMs, pin: METER, level: 0 }, { atMs: atMs + 40, pin: METER, level: 1 }]);
}

function traceOf(lines: object[], first = head()): Trace {
  return parseTrace([first, ...lines.map((line) => JSON.stringify(line))].join("\n"));
}

const REST = [{ atMs: 0, pin: CONTACT, level: 1 }, { atMs: 0, pin: METER, level: 1 }];

describe("a trace", function () {
  this.timeout(120_000);
  after(() => closeSpare());

  it("makes the rows of its session, card, pulses and commands, at its own times", async () => {
    const { rows, refused } = await replay(traceOf([
      ...REST, { atMs: 1000, reader: 1, card: CARD }, { atMs: 3000, pin: CONTACT, level: 0 }, ...pulsesAt(5000, 9000), { atMs: 10_000, command: "=SET(SDC;Uid;0412345678)" },
      { atMs: 60_000, pin: CONTACT, level: 1 },
    ]), () => undefined);
    assert.equal(refused, 0);
    assert.deepEqual(rows, [{
      start: new Date((EPOCH_S + 3) * 1000), end: new Date((EPOCH_S + 60) * 1000), user: null, card: CARD, energy_wh: 2, duration_s: 57, cost: "0.00", reason: "end",
    }]);
  });

  it("keeps a session over a power cut that it names", async () => {
    const { rows } = await replay(traceOf([
      ...REST, { atMs: 3000, pin: CONTACT, level: 0 }, ...pulsesAt(5000), { atMs: 20_000, power: "off" }, { atMs: 25_000, power: "on" }, ...pulsesAt(60_000), { atMs: 90_000, pin: CONTACT, level: 1 },
    ]), () => undefined);
    assert.deepEqual(rows.map(({ energy_wh: energy, reason }) => [energy, reason]), [[2, "end"]]);
  });

  it("asks the emulated reader where the model answers questions only", async () => {
    const first = head((configuration) => { configuration.readers = [{ model: "pn532", port: 2 }]; });
    const { rows } = await replay(traceOf([
      ...REST, { atMs: 5000, reader: 1, card: "04F6D9F21F6880" }, { atMs: 7000, reader: 1, card: "" }, { atMs: 9000, pin: CONTACT, level: 0 }, { atMs: 30_000, pin: CONTACT, level: 1 },
    ], first), () => undefined);
    assert.deepEqual(rows.map(({ card }) => card), ["04F6D9F21F6880"]);
  });

  it("of a board, as the monitor records it, makes the board's own rows, and holds no secret", async () => {
    let document: Record<string, unknown> = {};
    const desk = createDeviceTestBoard((given) => {
      given.inputs = { contact: { pin: CONTACT, pull: "up", activeLevel: 0, debounceMs: 20 } };
      given.device = { id: "garage-1", name: "Garage left", password: "electricians only" };
      document = given;
    });
    const { board } = desk;
    for (const pin of [CONTACT, METER]) board.pins.set(pin, 1);
    run(desk, 1000);
    const { head: first, recorder } = createTraceRecorder(document, EPOCH_S);
    const lines = [first, ...recorder.look(parseLook(snapshot(desk.device)))];
    const look = (forMs: number): void => {
      for (let ms = 0; ms < forMs; ms += 250) {
        run(desk, 250);
        lines.push(...recorder.look(parseLook(snapshot(desk.device))));
      }
    };
    const beginMs = board.clock.worldMs;
    board.serial.arrive(2, rdm6300Frame(CARD), beginMs + 600);
    board.serial.arrive(2, rdm6300Frame(CARD), beginMs + 700);
    board.pins.schedule(beginMs + 4100, CONTACT, 0);
    for (let pulse = 0; pulse < 7; pulse++) {
      board.pins.schedule(beginMs + 6000 + pulse * 110, METER, 0);
      board.pins.schedule(beginMs + 6040 + pulse * 110, METER, 1);
    }
    board.pins.schedule(beginMs + 50_300, CONTACT, 1);
    look(60_000);
    for (const secret of ["key", "token", "password", "electricians only"]) assert.ok(!lines.join("\n").includes(secret), `${secret} is in the trace`);
    const { rows } = await replay(parseTrace(lines.join("\n")), () => undefined);
    assert.deepEqual(rows.map(({ card, energy_wh: energy, start, end }) => [card, energy, start, end]), [[CARD, 7, new Date((EPOCH_S + 4) * 1000), new Date((EPOCH_S + 50) * 1000)]]);
  });

  const BAD: [name: string, text: string, message: RegExp][] = [
    ["nothing", "\n", /^the file is empty: the first line is /],
    ["no JSON", `${head()}\n{"atMs":1,`, /^line 2 is no JSON: a trace has one JSON object a line$/],
    ["an unknown form", `${head()}\n{"atMs":1,"temperature":3}`, /^line 2 is none of: /],
    ["a level of 2", `${head()}\n{"atMs":1,"pin":4,"level":2}`, /^line 2, 'level' must be <= 1$/],
    ["a word too many", `${head()}\n{"atMs":1,"pin":4,"level":1,"note":"x"}`, /^line 2 knows no note$/],
    ["time that runs back", `${head()}\n{"atMs":9,"pin":4,"level":1}\n{"atMs":8,"pin":4,"level":0}`, /^line 3, 'atMs': 8 is before the line above \(9\); sort the lines by time$/],
    ["another format", `{"trace":2,"epochS":1,"configuration":{}}`, /^line 1, 'trace' must be equal to constant$/],
  ];
  for (const [name, text, message] of BAD) {
    it(`with ${name} is refused, and the line is named`, () => {
      assert.throws(() => parseTrace(text), (error: unknown) => error instanceof TraceError && message.test(error.message));
    });
  }

  it("is refused when its reader, its power or its configuration cannot be played", async () => {
    const refusal = async (trace: Trace): Promise<string> => replay(trace, () => undefined).then(() => "played", (error: unknown) => (error instanceof TraceError ? error.message : `crash: ${String(error)}`));
    assert.equal(await refusal(traceOf([{ atMs: 1, reader: 2, card: CARD }])), "reader 2 is not in the configuration, which has 1");
    assert.equal(await refusal(traceOf([...REST, { atMs: 5, power: "off" }])), 'the power goes at 5 and never comes back; add {"atMs":…,"power":"on"}');
    assert.match(await refusal(traceOf(REST, head((configuration) => { configuration.meters = [{ pin: CONTACT, pulsesPerKwh: 1000 }]; }))), /^the document of garage-1 is refused: [^]*pin/);
    assert.equal(await refusal(traceOf(REST, head((configuration) => { delete configuration.table; }))), "the configuration has no table, so the trace makes no rows; add the section 'table'");
    assert.match(await refusal(traceOf(REST, head((configuration) => { configuration.table = { id: 1, columns: [{ id: 1, name: "x", type: "text", content: "ci77" }] }; }))), /there is no content ci77/);
  });
});
