/*
 * Instructions of the shipped program, an empty one, and the plain program of a user, one start of each.
 *
 * Input: an interpreter. Output: counts of sections (sections.ts) turned into costs of one pulse, tick, session and uploaded row.
 * Invariants: a cost is a difference of two counts that differ in the number of repetitions alone; a start whose work did not
 * come out as it must (sessions logged, rows delivered, pulses counted) is an error and never a figure.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SKIP_TICKS_IDLE } from "../../firmware/limits";
import { TABLE_NAME, openGarage } from "../world/garage";
import { interpreterDocument, openInterpreterTestBoard, pendingRows, smallerFiles } from "../../test/boards/interpreter_board";
import { CONTACT_PIN, METER_PIN, rest } from "../../test/espruino/driver";
import { Interpreter } from "../../test/espruino/interpreter";
import { callgrindWords, own } from "./callgrind";
import type { Count } from "./callgrind";
import { EMPTY_EDGE, FLASH_WRITE, PULSE, difference, middle, sum, times } from "./figures";
import type { Costs } from "./figures";
import { rivalProgram } from "./rival_program";
import { SECTION_FILES, TICK_S, countSections, openSections } from "./sections";
import type { Section } from "./sections";

const ROUNDS = 3;
/** Few enough for their edges to come within one rest, one after the other (sections.ts, SEEN_S). */
const PULSES = 2;
const CALLS = 20;
/** A board with nothing to do is called at the end of each rest. */
const REST_S = (SKIP_TICKS_IDLE + 1) * TICK_S;
const RESTS = 10;
/** Beats of the program's loop in a second. */
const BEATS = Math.round(1 / TICK_S);
/** Text of a block that is not run: what the interpreter reads to find its end. */
const SKIPPED = "a.b[3]===c&&d(e)>0&&(f=g(h,i)||0);".repeat(3).slice(0, 100);
const SESSIONS = 3;
/** Rows wait two seconds for company; then an exchange takes these passes at the most. */
const LINGER_S = 2.1;
const PASSES = 300;
/** The plain program's passes are short: as many as the answer takes. */
const RIVAL_PASSES = 3000;
const START_MS = 600000;
const FIRST_CONTACT_MS = 15000;

function edgesOf(pulses: number): string {
  return Array.from({ length: pulses }, () => `${String(METER_PIN)},0,${String(METER_PIN)},1`).join(",");
}

/** One pass of the loop without an edge, with each edge of a pulse alone, and with whole pulses. */
function pulseSections(): Section[] {
  const rounds = [["none", ""], ["closes", `${String(METER_PIN)},0`], ["opens", `${String(METER_PIN)},1`], ["few", edgesOf(PULSES)], ["many", edgesOf(2 * PULSES)]] as const;
  return rounds.map(([name, edges]) => ({ name, code: `function(next){count.round([${edges}],next)}` }));
}

function repeated(name: string, times: number, call: string): [Section, Section] {
  const section = (factor: number): Section => ({ name: `${name} ${String(factor)}`, code: `function(next){count.repeat(${String(times * factor)},${call},next)}` });
  return [section(1), section(2)];
}

class Counts {
  private readonly found = new Map<string, Count[]>();

  constructor(private readonly board: Interpreter, first: string) {
    openSections(board, first);
  }

  /** Runs some more sections. */
  async count(sections: Section[]): Promise<void> {
    const counts = await countSections(this.board, sections);
    if (process.env.SDC_DEBUG === "1") for (const [name, list] of counts) process.stderr.write(`${name}: ${list.map(own).join(" ")}\n`);
    for (const [name, list] of counts) this.found.set(name, [...this.found.get(name) ?? [], ...list]);
  }

  of(name: string): Count {
    return middle(this.found.get(name) ?? []);
  }

  /** Cost of one of `times` repetitions, from the sections with `times` and with twice as many. */
  each(name: string, times: number): Count {
    return difference(this.of(`${name} 2`), this.of(`${name} 1`), times);
  }

  async countPulses(): Promise<void> {
    for (let round = 0; round < ROUNDS; round++) await this.count(pulseSections());
  }

  /** One pulse alone, each of its edges in a pass of its own. */
  pulse(): Count {
    return difference(sum(this.of("closes"), this.of("opens")), times(this.of("none"), 2), 1);
  }

  /** One of several pulses that come in one pass. */
  oneOfMany(): Count {
    return difference(this.of("many"), this.of("few"), PULSES);
  }
}

/** The empty program: a watch whose function does nothing, calls of it, and a write of four bytes. */
export async function countEmpty(path: string): Promise<Costs> {
  const board = new Interpreter(path, callgrindWords());
  try {
    board.wirePins([METER_PIN]);
    rest(board, [METER_PIN]);
    board.install({
      ".bootcde": `var number=1;function nothing(){}function assign(){number=number+1}function skip(){if(0){${SKIPPED}}}var flash=require("Flash");function store(){flash.write("\\xff\\xff\\xff\\x7f",0x10030000)}setWatch(nothing,D${String(METER_PIN)},{repeat:true,edge:"both"});print("empty program runs");`, ...SECTION_FILES,
    });
    board.start();
    await board.printed("empty program runs", START_MS);
    const counts = new Counts(board, "");
    await counts.countPulses();
    for (const name of ["nothing", "store", "assign", "skip"]) await counts.count(repeated(name, CALLS, name));
    const costs: Costs = new Map();
    // Of many: a pass with events spares the interpreter some work of an idle one.
    costs.set(EMPTY_EDGE, difference(counts.oneOfMany(), { instructions: 0, flashFile: 0 }, 2));
    const nothing = counts.each("nothing", CALLS);
    costs.set("call of an empty function", nothing);
    costs.set("statement number = number + 1", difference(counts.each("assign", CALLS), nothing, 1));
    costs.set(`block of ${String(SKIPPED.length)} characters that is not run`, difference(counts.each("skip", CALLS), nothing, 1));
    costs.set(FLASH_WRITE, difference(counts.each("store", CALLS), nothing, 1));
    return costs;
  } finally {
    await board.close();
  }
}

/** The shipped program with the wallbox example, at a real endpoint. */
export async function countBoard(path: string): Promise<Costs> {
  const garage = await openGarage({ nowS: () => Math.floor(Date.now() / 1000), drivers: [] });
  const board = await openInterpreterTestBoard(path, interpreterDocument(garage), { ...await smallerFiles(path), ...SECTION_FILES }, callgrindWords());
  try {
    rest(board);
    board.start();
    await board.printed("sdc runs", START_MS);
    for (let waitedMs = 0; waitedMs < START_MS && pendingRows(board) > 0; waitedMs += 500) await new Promise((resolve) => setTimeout(resolve, 500));
    // The first exchange comes within some seconds of the start.
    await new Promise((resolve) => setTimeout(resolve, FIRST_CONTACT_MS));
    const idle = board.ask("process.memory().usage") as number;
    const edge = (level: number): string => `count.contact({state:${String(level)},time:count.now,pin:D${String(CONTACT_PIN)}});count.tick(3);`;
    const upload = (name: string): Section[] => [
      { name: "", code: `function(next){count.step(${String(LINGER_S)});next()}` },
      { name, code: `function(next){count.passes(${String(PASSES)},function(){count.tick(1)},next)}` },
    ];
    const [once, twice] = repeated("session", SESSIONS, `function(){${edge(0)}${edge(1)}}`);
    const counts = new Counts(board, `count.contact=count.onPin(D${String(CONTACT_PIN)})`);
    await counts.countPulses();
    await counts.count([
      // From here on time is the sections' own, and nothing but they calls the program; what comes due every half minute is done before.
      { name: "", code: `function(next){count.own();count.step(31);count.tick(${String(2 * BEATS)});next()}` },
      ...repeated("step", RESTS, `function(){count.step(${String(REST_S)})}`),
      ...repeated("beat", RESTS, `function(){count.step(${String(REST_S)});count.beat()}`),
    ]);
    const ownTime: Section = { name: "", code: "function(next){count.own();next()}" };
    await counts.count([ownTime, once, ...upload("upload 1")]);
    await counts.count([ownTime, twice, ...upload("upload 2")]);
    const ended = [...board.log().matchAll(/ \d+ end /g)].length;
    const { arrived } = (await garage.server.database.query<{ arrived: number }>(`SELECT count(*)::int AS arrived FROM public.${TABLE_NAME} WHERE "end" IS NOT NULL`))[0]!;
    if (ended !== 3 * SESSIONS) throw new Error(`${String(ended)} sessions ended; ${board.log().slice(-1500)}`);
    const costs: Costs = new Map();
    costs.set(PULSE, counts.pulse());
    costs.set("pulse, one of several in one tick", counts.oneOfMany());
    const rests = difference(counts.of("beat 2"), counts.of("beat 1"), RESTS * REST_S);
    costs.set("second with nothing to do", difference(rests, difference(counts.of("step 2"), counts.of("step 1"), RESTS * REST_S), 1));
    costs.set("session, start and end with their ticks", counts.each("session", SESSIONS));
    // A session is two rows; both uploads had as many passes.
    if (arrived === ended) costs.set("uploaded row", counts.each("upload", 2 * SESSIONS));
    else process.stderr.write(`!! no figure for an uploaded row: ${String(arrived)} of ${String(ended)} sessions arrived; ${/^.*(?:memory|MEMORY).*$/m.exec(board.log())?.[0] ?? "the log does not say why"}\n`);
    costs.set("variables, idle", { instructions: idle, flashFile: 0 });
    return costs;
  } finally {
    await board.close();
    await garage.server.close();
  }
}

/** The plain program, at a server that accepts every request. */
export async function countRival(path: string): Promise<Costs> {
  let taken = 0;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece: Buffer) => { body += piece.toString("latin1"); });
    request.on("end", () => {
      taken += (JSON.parse(body) as unknown[]).length;
      response.end("ok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const board = new Interpreter(path, callgrindWords());
  try {
    board.wirePins([METER_PIN, CONTACT_PIN]);
    rest(board);
    board.install({ ".bootcde": rivalProgram((server.address() as AddressInfo).port), ...SECTION_FILES });
    board.start();
    await board.printed("plain program runs", START_MS);
    const [once, twice] = repeated("session", SESSIONS, `function(){contact({state:false});contact({state:true})}`);
    const upload = (name: string): Section => ({ name, code: `function(next){var first=1;count.passes(${String(RIVAL_PASSES)},function(){if(first){first=0;upload()}},next)}` });
    const counts = new Counts(board, "count.beat=function(){}");
    await counts.countPulses();
    await counts.count([
      ...repeated("durable", CALLS, "function(){storage.open('pulses','a').write('1')}"), ...repeated("nothing", CALLS, "function(){}"),
      once, upload("upload 1"), twice, upload("upload 2"),
    ]);
    const pulses = board.ask("pulses") as number;
    if (taken !== 6 * SESSIONS || pulses !== ROUNDS * (1 + 3 * PULSES)) throw new Error(`${String(taken)} rows came, ${String(pulses)} pulses were counted; ${board.log().slice(-1500)}`);
    const costs: Costs = new Map();
    costs.set("pulse, counted in memory only", counts.pulse());
    costs.set("pulse, one of several in one pass", counts.oneOfMany());
    costs.set("StorageFile append of one byte", difference(counts.each("durable", CALLS), counts.each("nothing", CALLS), 1));
    costs.set("session", counts.each("session", SESSIONS));
    costs.set("uploaded row", counts.each("upload", 2 * SESSIONS));
    costs.set("variables, idle", { instructions: board.ask("process.memory().usage") as number, flashFile: 0 });
    return costs;
  } finally {
    await board.close();
    server.close();
  }
}
