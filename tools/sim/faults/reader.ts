/*
 * A reader's line that makes up frames, and noise on it.
 *
 * Input: a site. Output: bytes between the cards of real people. Invariant: a made-up frame has a right check sum and
 * comes once; its number is of none of the people.
 */
import { rdm6300Frame } from "../../emulator/rdm6300";
import type { Site, World } from "../run/world";
import { between, oneOf } from "../streams";

const MINUTE = 60_000;

export function installReader(world: World, site: Site): void {
  const random = site.chance.reader;
  const port = site.place.document.readers[0]!.port;
  for (let atMs = between(random, MINUTE, 600 * MINUTE); atMs < world.activeMs; atMs += between(random, 5 * MINUTE, 500 * MINUTE)) {
    const made = "F" + random.below(0x7fffffff).toString(16).toUpperCase().padStart(9, "0");
    const bytes = oneOf(random, [rdm6300Frame(made), rdm6300Frame("0000000000"), rdm6300Frame(made).slice(0, 9), String.fromCharCode(...Array.from({ length: between(random, 1, 12) }, () => random.below(256)))]);
    const momentMs = atMs;
    site.happenings.push({ atMs, text: "noise at the reader", run: () => { site.board.serial.arrive(port, bytes, momentMs); } });
  }
}
