/*
 * ID-3LA, ID-12LA, ID-20LA in their ASCII format.
 *
 * Input and output: those of rdm6300, whose driver knows the CR LF that stands before their last byte. Invariant: they
 * send a card once, so one frame shows it.
 */
import { driver as rdm6300 } from "./rdm6300";
import type { ReaderDriver } from "./frame";

export const driver: ReaderDriver = {
  baud: rdm6300.baud, pollMs: rdm6300.pollMs, refusesRandom: rdm6300.refusesRandom, minSightings: 1,
  create: rdm6300.create, feed: rdm6300.feed, poll: rdm6300.poll,
};
