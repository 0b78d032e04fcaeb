/*
 * Puts the chosen faults into a world, and takes all of them out again.
 *
 * Input: a world before its first moment. Output: happenings, fates and plans. Invariant: a fault that was not chosen
 * draws no number and changes nothing.
 */
import { installClock, installEndpointClock } from "./clock";
import { installIntruder } from "./intruder";
import { faultyFates, installOffline, installWifi } from "./network";
import { installElectrician, installUsers } from "./people";
import { armCut, installFlash, installPower } from "./power";
import { installReader } from "./reader";
import { setWifi } from "../run/wifi";
import { plainFate, type Site, type World } from "../run/world";
import { between, oneOf } from "../streams";

const DAY = 86_400_000;

/** Memory that runs short: no hash can be made, and batches get small. */
function installMemory(world: World, site: Site): void {
  const random = site.chance.memory;
  const { crypto, system } = site.board;
  const { sha256, hmacSha256 } = crypto;
  let isShort = false;
  crypto.sha256 = (bytes) => (isShort ? "" : sha256(bytes));
  crypto.hmacSha256 = (key, bytes) => (isShort ? "" : hmacSha256(key, bytes));
  for (let atMs = between(random, DAY / 10, 3 * DAY); atMs < world.activeMs; atMs += between(random, DAY / 4, 6 * DAY)) {
    const free = oneOf(random, [20, 60, 120, 300]);
    const hasHash = random.chance(500);
    site.happenings.push({ atMs, text: "memory is short", run: () => { system.free = free; isShort = !hasHash; } });
    site.happenings.push({ atMs: atMs + between(random, 1000, DAY / 8), text: "memory is free again", run: () => { system.free = 700; isShort = false; } });
  }
  site.calmers.push(() => { system.free = 700; isShort = false; });
}

const PER_SITE = {
  wifi: installWifi, power: installPower, flash: installFlash, clock: installClock, reader: installReader, electrician: installElectrician, offline: installOffline, intruder: installIntruder, memory: installMemory,
} as const;

export function installFaults(world: World): void {
  const { faults } = world.options;
  for (const site of world.sites) {
    for (const [name, install] of Object.entries(PER_SITE)) if (faults.some((one) => one === name)) install(world, site);
    if (faults.includes("power")) site.board.beforeStart = () => { armCut(site); };
    site.happenings.sort((a, b) => a.atMs - b.atMs);
    site.fate = faultyFates(site, faults, () => plainFate(site));
  }
  if (faults.includes("endpointClock")) installEndpointClock(world);
  if (faults.includes("users")) installUsers(world);
  world.happenings.sort((a, b) => a.atMs - b.atMs);
}

/** The end of all faults: what is broken stays, and nothing new breaks. */
export function calm(world: World): void {
  world.happenings.length = 0;
  world.endpoint.errorS = 0;
  for (const site of world.sites) {
    site.isCalm = true;
    // A board that has no power gets it back.
    site.happenings = site.happenings.filter((one) => one.isReturn === true);
    site.board.flash.faults.cutStep = -1;
    for (const one of site.calmers) one();
    for (const reason of [...site.noWifi]) setWifi(site, reason, true);
  }
  world.say(world.activeMs, "world", "calm");
}
