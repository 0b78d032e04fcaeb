/*
 * One simulation: a world is opened, played, checked and closed.
 *
 * Input: options. Output: counts, a hash of all that the database holds, and the violations. Invariant: the same options
 * give the same result on every machine.
 */
import { createHash } from "node:crypto";
import { sizeOf } from "../checkers/resources";
import { checkWorld } from "./check";
import type { Violation } from "../checkers/violation";
import { calm, installFaults } from "../faults/install";
import { onCut } from "../faults/power";
import { replayCommand, type SimOptions } from "../options";
import { play } from "./play";
import { scheduleWifi } from "./wifi";
import { closeSpare } from "../network/spare_database";
import { openWorld, startSite, type Site, type World } from "./world";

export interface SimResult {
  options: SimOptions;
  sessions: number;
  rows: number;
  pulses: number;
  starts: number;
  lost: number;
  requests: number;
  quietContacts: number;
  ticks: number;
  drainS: number;
  /** Of each board, in order, and of all. */
  boardHashes: string[];
  hash: string;
  violations: Violation[];
  replay: string;
}

/** Measures a device once, when it is at rest after its first day. */
function scheduleSize(site: Site): void {
  for (let hour = 24; hour < 72; hour += 0.3) {
    site.happenings.push({ atMs: hour * 3_600_000, text: "", run: () => {
      const device = site.board.device;
      if (site.firstSize < 0 && device !== undefined && device.uploader.state === "idle" && !device.connector.session.active && device.readers.every(({ driver }) => driver === undefined)) site.firstSize = sizeOf(device);
    } });
  }
}

export async function simulate(options: SimOptions, say: World["say"] = () => undefined): Promise<SimResult> {
  const world = await openWorld(options, say);
  try {
    for (const site of world.sites) scheduleWifi(world, site);
    for (const site of world.sites) scheduleSize(site);
    installFaults(world);
    for (const site of world.sites) {
      const atMs = 1000 + site.place.index * 10;
      site.happenings.unshift({ atMs, text: "", isReturn: true, run: () => { startSite(world, site, atMs, false); } });
    }
    const broken: Violation[] = [];
    const drainMs = await play(world, calm, onCut).catch((error: unknown) => {
      if (!(error instanceof Error)) throw error;
      broken.push({ rule: "crash", board: "all", text: error.stack?.split("\n").slice(0, 4).join(" ") ?? error.message });
      return 0;
    });
    const checked = await checkWorld(world, drainMs);
    const facts = checked.facts;
    const violations = broken.length > 0 ? broken : checked.violations;
    const sum = (of: (index: number) => number): number => world.sites.reduce((total, _, index) => total + of(index), 0);
    const boardHashes = facts.map(({ hash }) => hash);
    return {
      options, sessions: sum((index) => facts[index]!.rows.length), rows: sum((index) => facts[index]!.lastSequence), pulses: sum((index) => world.sites[index]!.truth.pulsesMs.length),
      starts: sum((index) => world.sites[index]!.board.starts), lost: sum((index) => facts[index]!.lost + facts[index]!.dropped), requests: world.endpoint.requests,
      quietContacts: world.endpoint.quiet.answered, ticks: sum((index) => world.sites[index]!.board.ticks), drainS: Math.ceil(drainMs / 1000),
      boardHashes, hash: createHash("sha256").update(boardHashes.join()).digest("hex"), violations, replay: replayCommand(options),
    };
  } finally {
    await world.endpoint.close();
  }
}

/** The last line of a run: counts, hash and the command that makes it again, as JSON. */
export function resultLine(result: SimResult): string {
  const { options, violations, boardHashes, ...counts } = result;
  return JSON.stringify({ seed: options.seed, days: options.days, boards: boardHashes.length, ...counts, violations: violations.length });
}

export { closeSpare };
