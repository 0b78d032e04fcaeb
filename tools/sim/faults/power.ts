/*
 * Power that fails: by the hour, and in the middle of a flash operation; and flash that wears out.
 *
 * Input: a world and one of its sites. Output: outages as happenings. Invariants: while a board is off its car draws no
 * current and its reader reads no card; at most one change of the contact falls into an outage, or shortly before it, so
 * that the world itself knows how many sessions there were.
 */
import { powerOff } from "../board/sim_board";
import { noteSiteOff, startSite, type Site, type World } from "../run/world";
import { between, oneOf, streamOf } from "../streams";
import { sorted } from "../world/inputs";
import { card } from "../world/visits";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 86_400 * SECOND;
/** A change of the contact so shortly before a cut may not be in flash. */
const RECENT_MS = 1200;
/** Current flows again, and cards are read, so long after the power is back. */
const SETTLE_MS = 2 * SECOND;
const SHORTEST_MS = 300;

/** How long the board has run between two moments, the second of which is now. */
function poweredMs(site: Site, fromMs: number, toMs: number): number {
  let sum = toMs - fromMs;
  for (const [offMs, onMs] of site.outages) if (onMs > fromMs) sum -= Math.min(onMs, toMs) - Math.max(offMs, fromMs);
  return sum;
}

/** When the power may be back at the latest. */
function latestBack(site: Site, atMs: number): number {
  const { board, truth } = site;
  const last = truth.events.filter(({ what }) => what !== "card" && what !== "on" && what !== "off" && what !== "meter").at(-1);
  let allowed = last !== undefined && poweredMs(site, last.atMs, atMs) < RECENT_MS ? 0 : 1;
  // In a pause the world counts on with the board: a long outage would leave open whether the pause was over.
  if (last?.what === "open" || (last?.what === "unplug" && (site.place.document.block.pauseS ?? 0) > 0 && atMs - last.atMs < 10 * MINUTE)) return atMs + SECOND;
  for (let index = board.next; index < board.inputs.length; index++) {
    const { means, atMs: inputMs } = board.inputs[index]!;
    if (means === undefined || means.what === "pulse" || means.what === "card") continue;
    if (allowed === 0) return inputMs - SETTLE_MS;
    allowed--;
  }
  return Infinity;
}

/** No pulse and no card between the two moments; what had begun before is broken off. */
function silence(site: Site, fromMs: number, toMs: number): void {
  const { board, place } = site;
  const meterPin = place.document.meters[0]!.pin;
  let isPulseCut = true;
  let isCardCut = true;
  const kept = board.inputs.slice(board.next).filter((input) => {
    const isMeter = input.kind === "level" && input.pin === meterPin;
    if (!isMeter && input.kind !== "bytes") return true;
    const isBegin = input.means !== undefined && input.atMs > toMs;
    // A pulse or a card that was left out is left out to its end.
    if (isMeter) {
      isPulseCut = isPulseCut && !isBegin;
      return !isPulseCut;
    }
    isCardCut = isCardCut && !isBegin;
    return !isCardCut;
  });
  board.inputs = kept;
  board.next = 0;
  board.pins.set(meterPin, 1);
  board.clock.worldMs = Math.max(board.clock.worldMs, fromMs);
}

/** All that drivers still do comes so much later. */
function delay(site: Site, ms: number): void {
  const { board } = site;
  board.inputs = board.inputs.slice(board.next).map((input) => ({ ...input, atMs: input.atMs + ms }));
  board.next = 0;
  site.freeMs += ms;
}

/** Who showed a card in the moment of the cut sees that nothing happened, and shows it again. */
function showAgain(site: Site, atMs: number, backMs: number): void {
  const { board, truth, visits } = site;
  const last = truth.events.filter(({ what }) => what === "card").at(-1);
  if (last?.what !== "card" || atMs - last.atMs > RECENT_MS) return;
  const shownMs = backMs + SETTLE_MS + SECOND;
  // Where a card tells two drivers apart, no driver plugs in before it is shown.
  const contact = truth.events.filter(({ what }) => what === "plug" || what === "unplug" || what === "open" || what === "close").at(-1);
  if ((site.place.document.block.pauseS ?? 0) > 0 && (contact?.what === "unplug" || contact?.what === "open")) delay(site, shownMs + SETTLE_MS - atMs);
  const again = card({ ...visits, random: site.chance.power }, last.uid, shownMs);
  board.inputs = sorted([...board.inputs.slice(board.next), ...again]);
  board.next = 0;
}

/** The power of a site fails at `atMs`, and `wantedMs` later it is back; `meanwhile` happens without power. */
export function failPower(world: World, site: Site, atMs: number, wantedMs: number, why: string, keepsWall = false, meanwhile: () => void = () => undefined): void {
  const { board } = site;
  powerOff(board, atMs);
  noteSiteOff(world, site, atMs, why);
  const backMs = Math.max(atMs + SHORTEST_MS, Math.min(atMs + wantedMs, latestBack(site, atMs)));
  silence(site, atMs, backMs + SETTLE_MS);
  showAgain(site, atMs, backMs);
  site.outages.push([atMs, backMs]);
  meanwhile();
  site.happenings.push({ atMs: backMs, text: "", isReturn: true, run: () => { startSite(world, site, backMs, keepsWall); } });
  site.happenings.sort((a, b) => a.atMs - b.atMs);
}

/** A cut in the middle of a flash operation has happened. */
export function onCut(world: World, site: Site, atMs: number): void {
  const random = site.chance.power;
  failPower(world, site, atMs, oneOf(random, [SHORTEST_MS, between(random, SECOND, MINUTE), between(random, MINUTE, 60 * MINUTE)]), "in the middle of a flash operation");
}

/** The next flash operation in the middle of which the power fails. */
export function armCut(site: Site): void {
  const random = site.chance.power;
  const { board } = site;
  if (site.isCalm) return;
  // Now and then again at once, while the store recovers.
  const steps = random.chance(250) ? between(random, 0, 60) : between(random, 200, 12_000);
  const flash = board.flash;
  flash.faults.seed = random.below(1_000_000);
  flash.faults.cutStep = flash.steps + steps;
}

export function installPower(world: World, site: Site): void {
  const random = site.chance.power;
  for (let atMs = between(random, 1, 4 * DAY); atMs < world.activeMs; atMs += between(random, DAY, 12 * DAY)) {
    const lastsMs = oneOf(random, [between(random, SHORTEST_MS, 3 * SECOND), between(random, MINUTE, 10 * MINUTE), between(random, 10 * MINUTE, 5 * 60 * MINUTE)]);
    const failMs = atMs;
    site.happenings.push({ atMs, text: "", run: () => {
      if (site.board.device !== undefined) failPower(world, site, failMs, lastsMs, "mains");
    } });
  }
  site.board.flash.faults.weakBits = true;
}

/** Pages that no longer take an erase, and writes that do nothing. */
export function installFlash(world: World, site: Site): void {
  const random = streamOf(world.options.seed, `flash ${String(site.place.index)}`);
  const { flash, place } = site.board;
  const pages = place.flashBytes / flash.pageBytes;
  const page = (): number => between(random, pages - 4, pages - 1) * flash.pageBytes;
  for (let atMs = between(random, DAY, 30 * DAY); atMs < world.activeMs; atMs += between(random, 5 * DAY, 60 * DAY)) {
    const kind = random.below(3);
    site.happenings.push({ atMs, text: ["a flash page is stuck", "a word of a flash page is stuck", "a flash write does nothing"][kind]!, run: () => {
      if (kind === 0 && flash.faults.stuckPages.length === 0) flash.faults.stuckPages.push(page());
      else if (kind === 1 && flash.faults.scarredPages.length === 0) flash.faults.scarredPages.push(page());
      else flash.faults.silentWrites = [flash.writes + random.below(40)];
    } });
  }
}

