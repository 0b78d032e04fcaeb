/*
 * Feeds frames to a reader's driver and compares the uids.
 *
 * Input: a driver and a list of frames with their uids. Output: "" or the first frame that goes wrong.
 * Invariant: written in the firmware's language subset.
 */
import { bytesOfHex, hexOf } from "../../firmware/bytes";
import type { ReaderDriver } from "../../firmware/signal/reader/frame";

/** Feeds a frame to a fresh reader in two parts; the uids it yields, joined by spaces. */
export function uidsOfFrame(driver: ReaderDriver, hex: string, cutAt: number): string {
  const bytes = bytesOfHex(hex);
  if (bytes === undefined) return "frame is not hexadecimal";
  const state = driver.create();
  let nowMs = 1000;
  let uids = "";
  for (let part = 0; part < 3; part++) {
    if (part === 0) driver.feed(state, bytes.substring(0, cutAt), nowMs);
    if (part === 1) driver.feed(state, bytes.substring(cutAt), nowMs);
    driver.poll(state, nowMs);
    let uid = driver.take(state);
    while (uid !== undefined) {
      if (uids !== "") uids += " ";
      uids += hexOf(uid);
      uid = driver.take(state);
    }
    // Two parts of a frame come within a few ms; then silence ends whatever is unfinished.
    nowMs += part === 0 ? 20 : 400;
  }
  return uids;
}

/** Every frame of `frames` (frame, uid, in turns), cut at every byte. */
export function checkReader(model: string, driver: ReaderDriver, frames: string[]): string {
  for (let index = 0; index < frames.length; index += 2) {
    const length = Math.floor(frames[index].length / 2);
    for (let cutAt = 0; cutAt <= length; cutAt++) {
      const uids = uidsOfFrame(driver, frames[index], cutAt);
      if (uids !== frames[index + 1]) return model + " " + frames[index] + " cut at " + cutAt + " gave \"" + uids + "\"";
    }
  }
  return "";
}
