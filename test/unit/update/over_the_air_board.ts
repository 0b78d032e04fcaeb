/*
 * A board with an offer, on trial or back, for the tests of updates over the air.
 *
 * Input: a signed image. Output: a device on mocks in slots, with a loader and an endpoint that offers the release.
 * Invariant: time passes only while a function here says so.
 */
import assert from "node:assert/strict";
import { createUpdateBoard, type UpdateBoard } from "../../boards/update_board";
import { imageFor, slotFor } from "./over_the_air_images";
import { KEY } from "./update_world";

export const OLD = slotFor(1);
export const NEW = imageFor(2);

/** The release is offered. */
export function offered(image = NEW, number = 7, trusted = KEY): UpdateBoard {
  const desk = createUpdateBoard(OLD, image, trusted);
  desk.run(10);
  desk.offer = { number, image };
  return desk;
}

/** The release is on trial. */
export function onTrial(image = NEW): UpdateBoard {
  const desk = offered(image);
  for (let waited = 0; desk.running === "a"; waited++) {
    assert.ok(waited < 1200, desk.said());
    desk.run(1);
  }
  return desk;
}

/** Runs until the version before is back, and what the status says then. */
export function returned(desk: UpdateBoard, seconds: number): string {
  for (let waited = 0; desk.running === "b"; waited++) {
    assert.ok(waited < seconds, `still on trial: ${desk.said()}`);
    desk.run(1);
  }
  desk.run(10);
  return desk.said();
}
