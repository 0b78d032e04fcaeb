/*
 * Plays a trace against the firmware and the endpoint, and reads the rows that they make of it.
 *
 * Input: a trace. Output: what the board's Log said, with the trace's times, and the rows of the database. Invariants: the
 * same trace gives the same rows on every machine; the board has started and knows the time before the trace begins.
 */
import type { People } from "../world/people";
import type { BoardDocument, Place, SimColumn } from "../world/place";
import { DEFAULTS } from "../options";
import { quoteIdentifier } from "../../../exosphere/database/database";
import { Problem } from "../../../exosphere/http/problem";
import { findTable } from "../../../exosphere/tables/table_store";
import { keyColumn } from "../../../exosphere/tables/table";
import { powerOff } from "../board/sim_board";
import { play } from "../run/play";
import { noteSiteOff, openWorld, RefusedDocument, startSite, type Site, type World } from "../run/world";
import { TABLE_NAME } from "../network/endpoint";
import { TraceError, type Trace } from "./trace";
import { wiresOf, type Wires } from "./wires";

/** The board starts, joins and learns the time before the first entry. */
const LEAD_MS = 120_000;
const START_MS = 1000;
/** The author of a trace may give its commands. */
const TOKEN = "trace-of-a-board-0123";
const FLASH_BYTES = 0x100000;

export interface Replayed {
  /** Rows as the database holds them, columns of the configuration alone, in order of sessions. */
  rows: Record<string, unknown>[];
  /** Rows that the endpoint refused. */
  refused: number;
}

function placeOf(trace: Trace, wires: Wires): Place {
  const document = structuredClone(trace.head.configuration) as unknown as BoardDocument;
  const id = (document.device as { id?: unknown } | undefined)?.id;
  document.network = { ssid: "trace", password: "trace of a board" };
  document.api = { token: TOKEN };
  return { index: 0, id: typeof id === "string" ? id : "board-1", document, flashBytes: FLASH_BYTES, atRest: wires.atRest, driftPpm: 0, wifiMin: [0, 0], pauseH: 0, minIntervalS: undefined, regulars: [] };
}

function answerAsked(site: Site, { asked }: Wires): void {
  const { serial } = site.board;
  const laid = asked.map(() => 0);
  site.board.onPass = (atMs) => {
    asked.forEach(({ port, emulator, cards }, index) => {
      for (; laid[index]! < cards.length && cards[laid[index]!]!.atMs <= atMs; laid[index]!++) emulator.show(cards[laid[index]!]!.card, cards[laid[index]!]!.atMs);
      const question = serial.sent(port);
      if (question !== "") emulator.receive(question, atMs);
      const bytes = emulator.send(atMs);
      if (bytes !== "") serial.arrive(port, bytes, atMs);
    });
  };
}

/** Power and commands; inputs are the board's own queue. */
function schedule(world: World, site: Site, { entries }: Trace): void {
  const { board } = site;
  for (const [index, entry] of entries.entries()) {
    const atMs = LEAD_MS + entry.atMs;
    if ("command" in entry) {
      site.happenings.push({ atMs, text: `command ${entry.command}`, run: () => {
        const id = board.calls.arrive("http", TOKEN, entry.command);
        board.dueMs = atMs;
        site.happenings.push({ atMs: atMs + 5000, text: "", run: () => {
          const answer = board.calls.answers.get(id);
          world.say(atMs, site.place.id, `  answer ${answer === undefined ? "none" : `${String(answer[0])} ${answer[1]}`}`);
        } });
        site.happenings.sort((a, b) => a.atMs - b.atMs);
      } });
    }
    if (!("power" in entry) || entry.power !== "off") continue;
    const back = entries.slice(index).find((one) => "power" in one && one.power === "on");
    if (back === undefined) throw new TraceError(`the power goes at ${String(entry.atMs)} and never comes back; add {"atMs":…,"power":"on"}`);
    site.happenings.push({ atMs, text: "", run: () => { powerOff(board, atMs); noteSiteOff(world, site, atMs, "as recorded"); } });
    const backMs = LEAD_MS + back.atMs;
    site.happenings.push({ atMs: backMs, text: "", isReturn: true, run: () => { startSite(world, site, backMs, false); } });
  }
  site.happenings.push({ atMs: START_MS, text: "", isReturn: true, run: () => { startSite(world, site, START_MS, false); } });
  site.happenings.sort((a, b) => a.atMs - b.atMs);
}

/** `say` gets what happens, with the trace's milliseconds. @throws TraceError when the trace or its configuration cannot be played */
export async function replay(trace: Trace, say: (atMs: number, text: string) => void): Promise<Replayed> {
  if (!("table" in trace.head.configuration)) throw new TraceError("the configuration has no table, so the trace makes no rows; add the section 'table'");
  const wires = wiresOf(trace, LEAD_MS);
  const place = placeOf(trace, wires);
  const { table, tariff } = place.document;
  const people: People = { known: [], strangers: [] };
  const lastMs = LEAD_MS + (trace.entries.at(-1)?.atMs ?? 0) + 10_000;
  const options = { ...DEFAULTS, days: lastMs / 86_400_000, contacts: "all" as const, everyTick: true };
  const simTable = {
    id: table.id, mode: table.rowMode === "event" ? "event" as const : "session" as const, minorDigits: tariff?.minorDigits ?? 2, timeZone: "UTC", columns: table.columns as SimColumn[],
  };
  const world = await openWorld(options, (atMs, _, text) => { say(atMs - LEAD_MS, text); }, { epochS: trace.head.epochS - LEAD_MS / 1000, people, place, table: simTable })
    .catch((error: unknown) => { throw error instanceof RefusedDocument || error instanceof Problem ? new TraceError(error.message) : error; });
  try {
    const site = world.sites[0]!;
    site.freeMs = world.activeMs;
    site.board.inputs.push(...wires.inputs);
    answerAsked(site, wires);
    schedule(world, site, trace);
    await play(world, () => undefined, () => undefined);
    const { inner } = world.endpoint;
    const names = simTable.columns.map(({ name }) => quoteIdentifier(name)).join(", ");
    const rows = await inner.query(`SELECT ${names} FROM public.${TABLE_NAME} ORDER BY ${keyColumn(await findTable(inner, simTable.id))}`);
    const [count] = await inner.query<{ refused: number }>("SELECT count(*)::int AS refused FROM exosphere.quarantine");
    return { rows, refused: count!.refused };
  } finally {
    await world.endpoint.close();
  }
}
