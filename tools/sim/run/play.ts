/*
 * Plays a world: two phases, first what happens, then calm, in which all must reach the endpoint.
 *
 * Input: an opened world. Output: the same world at its end. Invariants: the endpoint gets deliveries in order of time;
 * each board is ahead of none of its own answers; between two deliveries a board runs alone, so that the number of
 * boards changes nothing.
 */
import { PowerCut } from "../../../hal/mock/flash";
import type { HttpAnswer } from "../../../hal/ports";
import type { SimExchange } from "../board/http_port";
import { isConnectorIdle } from "../../../firmware/session/effects";
import { nextPassMs, pass } from "../board/loop";
import { powerOff } from "../board/sim_board";
import { carry, type Delivery } from "../network/carrier";
import { SILENT } from "../report/recorder";
import { nextVisit } from "../world/visits";
import { OVERHEARD_MAX, startSite, type Site, type World } from "./world";

/** After the last fault and the last visit everything must be in the database within this. */
export const DRAIN_S = 7200;
/** A board runs so far alone before the others are looked at. */
const AHEAD_MS = 3_600_000;
/** While all wait for the end, they are looked at this often. */
const LOOK_MS = 10_000;

interface Line { site: Site; deliveries: Delivery[]; runMs: number }

/** The moment of the next thing that a site does. */
function nextMs(line: Line): number {
  const { site } = line;
  return Math.min(nextPassMs(site.board), site.happenings[0]?.atMs ?? Infinity, line.deliveries[0]?.atMs ?? Infinity);
}

/** Visits are known so far ahead, because what comes next bounds how long an outage may last. */
const KNOWN_AHEAD_MS = 8 * 3_600_000;

function refill(world: World, site: Site): void {
  const { board } = site;
  while (site.freeMs < world.activeMs && (board.inputs.at(-1)?.atMs ?? 0) < board.clock.worldMs + KNOWN_AHEAD_MS) {
    const visit = nextVisit(site.visits, site.freeMs);
    site.freeMs = visit.overMs;
    board.inputs.push(...visit.inputs);
  }
}

/** Called when the power fails in the middle of a flash operation. */
export type CutHandler = (world: World, site: Site, atMs: number) => void;

/** Hosts between keep an exchange that reached the database. */
function noteAnswer(world: World, site: Site, exchange: SimExchange, answer: Partial<HttpAnswer> | undefined): void {
  site.lastAnswer = answer;
  if (!world.endpoint.isQuiet) world.say(site.board.clock.worldMs, site.place.id, `${SILENT}upload ${String(answer?.status ?? 0)} ${String(site.board.device?.ring.pending ?? 0)}`);
  if (answer?.status !== 200 || world.endpoint.isQuiet) return;
  site.overheard.push(exchange.request);
  if (site.overheard.length > OVERHEARD_MAX) site.overheard.shift();
}

/** Passes and happenings of one site until a delivery, or `untilMs`. */
async function runSite(world: World, line: Line, untilMs: number, onCut: CutHandler): Promise<void> {
  const { site } = line;
  const { board } = site;
  for (;;) {
    refill(world, site);
    const happening = site.happenings[0];
    const passMs = nextPassMs(board);
    const atMs = Math.min(passMs, happening?.atMs ?? Infinity);
    line.runMs = atMs;
    if (atMs > untilMs || atMs >= (line.deliveries[0]?.atMs ?? Infinity)) return;
    try {
      if (happening !== undefined && happening.atMs <= passMs) {
        site.happenings.shift();
        if (happening.text !== "") world.say(happening.atMs, site.place.id, happening.text);
        board.clock.worldMs = Math.max(board.clock.worldMs, happening.atMs);
        board.mattersUpkeep = true;
        await happening.run();
        // A board that rests sees the change at its next pass.
        board.dueMs = Math.min(board.dueMs, board.tickMs + Math.max(1, Math.ceil((happening.atMs + 1 - board.tickMs) / 1000)) * 1000);
        continue;
      }
      pass(board, atMs, world.options.everyTick);
      if (board.system.restartReason !== "") startSite(world, site, atMs, true);
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      powerOff(board, atMs);
      onCut(world, site, atMs);
      continue;
    }
    const sent = board.http.outbox;
    if (sent === undefined) continue;
    board.http.outbox = undefined;
    line.deliveries.push(...carry(world.endpoint, board, sent, site.fate(), line.deliveries.length, (answer) => { noteAnswer(world, site, sent, answer); }));
    line.deliveries.sort((a, b) => a.atMs - b.atMs || a.number - b.number);
    // The answer may have come, or never come: the board's own rest follows from it.
    if (board.http.endMs() < board.dueMs) board.dueMs = board.tickMs + 40;
  }
}

async function playUntil(world: World, lines: Line[], endMs: number, onCut: CutHandler, isOver?: () => boolean): Promise<void> {
  for (;;) {
    let line: Line | undefined;
    let atMs = Infinity;
    for (const one of lines) {
      const oneMs = nextMs(one);
      if (oneMs < atMs) [line, atMs] = [one, oneMs];
    }
    const happening = world.happenings[0];
    if (happening !== undefined && happening.atMs <= atMs && happening.atMs <= endMs) {
      world.happenings.shift();
      world.say(happening.atMs, "world", happening.text);
      await happening.run();
      continue;
    }
    if (line === undefined || atMs > endMs) return;
    const delivery = line.deliveries[0];
    if (delivery !== undefined && delivery.atMs <= atMs) {
      line.deliveries.shift();
      await delivery.run();
      const { board } = line.site;
      if (board.device !== undefined) board.dueMs = Math.min(board.dueMs, board.tickMs + Math.max(1, Math.ceil((board.http.endMs() - board.tickMs) / 40)) * 40);
      continue;
    }
    if (isOver?.() === true) return;
    await runSite(world, line, Math.min(endMs, atMs + (isOver === undefined ? AHEAD_MS : LOOK_MS), world.happenings[0]?.atMs ?? Infinity), onCut);
  }
}

function isDrained({ site, deliveries }: Line): boolean {
  const { device, http } = site.board;
  return device !== undefined && deliveries.length === 0 && http.endMs() === Infinity && device.ring.pending === 0 && device.uploader.state === "idle" && device.uploader.contactS >= 0 && !device.connector.session.active && isConnectorIdle(device.connector);
}

/** Plays to the end. `calm` ends all faults; it is called once, between the phases. Returns how long the drain took, ms; Infinity when it did not end. */
export async function play(world: World, calm: (world: World) => void, onCut: CutHandler): Promise<number> {
  const lines = world.sites.map((site): Line => ({ site, deliveries: [], runMs: 0 }));
  await playUntil(world, lines, world.activeMs, onCut);
  calm(world);
  // The last visits end; no new ones begin.
  const lastMs = Math.max(world.activeMs, ...world.sites.map((site) => site.freeMs));
  await playUntil(world, lines, lastMs, onCut);
  const endMs = lastMs + DRAIN_S * 1000;
  await playUntil(world, lines, endMs, onCut, () => lines.every(isDrained));
  const drained = lines.every(isDrained);
  return drained ? Math.max(0, ...world.sites.map((site) => site.board.clock.worldMs - lastMs)) : Infinity;
}
