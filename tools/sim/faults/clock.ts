/*
 * Clocks that are wrong, missing or jump: the board's own after a restart, and the endpoint's.
 *
 * Input: a world. Output: happenings. Invariant: the errors of the endpoint's clock are the same for all boards and
 * depend on the seed alone; each is noted for the checkers.
 */
import { failPower } from "./power";
import type { Site, World } from "../run/world";
import { between, oneOf, streamOf } from "../streams";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Restarts after which the board's own clock is right, lost, or wrong. */
export function installClock(world: World, site: Site): void {
  const random = site.chance.clock;
  for (let atMs = between(random, DAY, 6 * DAY); atMs < world.activeMs; atMs += between(random, 2 * DAY, 20 * DAY)) {
    const keeps = random.chance(600);
    const failMs = atMs;
    site.happenings.push({ atMs, text: "", run: () => {
      if (site.board.device !== undefined) failPower(world, site, failMs, 500, keeps ? "watchdog, the clock goes on" : "watchdog, the clock is lost", keeps);
    } });
  }
}

/** The endpoint's clock is wrong for a while. */
export function installEndpointClock(world: World): void {
  const random = streamOf(world.options.seed, "endpoint clock");
  for (let atMs = between(random, HOUR, 10 * DAY); atMs < world.activeMs; atMs += between(random, 5 * DAY, 40 * DAY)) {
    const size = oneOf(random, [between(random, 3, 20), between(random, 60, 290), between(random, 400, 7200), between(random, DAY / 1000, 400 * DAY / 1000)]);
    const errorS = random.chance(500) ? size : -size;
    const backMs = atMs + oneOf(random, [between(random, 10 * MINUTE, 3 * HOUR), between(random, 3 * HOUR, 20 * HOUR)]);
    world.happenings.push({ atMs, text: `the endpoint's clock is ${String(errorS)} s wrong`, run: () => {
      world.endpoint.errorS = errorS;
      world.endpointErrorsS.push(errorS);
    } });
    world.happenings.push({ atMs: backMs, text: "the endpoint's clock is right", run: () => { world.endpoint.errorS = 0; } });
    atMs = backMs;
  }
}
