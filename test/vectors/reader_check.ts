/*
 * Feeds frames to a reader's driver and compares the uids.
 *
 * Input: a driver and a list of frames with their uids. Output: "" or the first frame that goes wrong.
 * Invariant: written in the firmware's language subset.
 */
import { bytesOfHex, hexOf } from "../../firmware/base/bytes";
import { takeUid, xorByte } from "../../firmware/inputs/reader/frame";
import type { ReaderDriver } from "../../firmware/inputs/reader/frame";

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
    let uid = takeUid(state);
    while (uid !== undefined) {
      if (uids !== "") uids += " ";
      uids += hexOf(uid);
      uid = takeUid(state);
    }
    // Two parts of a frame come within a few ms; then silence ends an unfinished frame.
    nowMs += part === 0 ? 20 : 400;
  }
  return uids;
}

/** Frames that follow each other without a pause: each with itself and with the one after it. */
function checkJoined(model: string, driver: ReaderDriver, frames: string[]): string {
  for (let first = 0; first < frames.length; first += 2) {
    for (let step = 0; step <= 2; step += 2) {
      const second = (first + step) % frames.length;
      let expected = frames[first + 1]!;
      if (expected !== "" && frames[second + 1] !== "") expected += " ";
      expected += frames[second + 1]!;
      const joined = frames[first]! + frames[second]!;
      const uids = uidsOfFrame(driver, joined, Math.floor(frames[first]!.length / 2) + 1);
      if (uids !== expected) return model + " " + joined + " gave \"" + uids + "\"";
    }
  }
  return "";
}

/** One wrong bit in each byte in turn, every time another one: no other uid than the frame's own. */
function checkWrongBits(model: string, driver: ReaderDriver, frame: string, uid: string): string {
  let bit = 1;
  for (let at = 0; at < frame.length; at += 2) {
    const byte = bytesOfHex(frame.substring(at, at + 2));
    if (byte === undefined) return "frame is not hexadecimal";
    const wrong = frame.substring(0, at) + hexOf(String.fromCharCode(xorByte(byte.charCodeAt(0), bit))) + frame.substring(at + 2);
    const uids = uidsOfFrame(driver, wrong, 0);
    if (uids !== "" && uids !== uid) return model + " " + wrong + " gave \"" + uids + "\"";
    bit = bit === 128 ? 1 : bit * 2;
  }
  return "";
}

/**
 * Every frame of `frames` (frame, uid, in turns), cut at every byte; joined, unless the model is "bare" and frames end by
 * silence; and where it has a "checksum", with wrong bits: test/unit/inputs/reader_vectors.test.ts has all pairs and all bits.
 */
export function checkReader(model: string, driver: ReaderDriver, frames: string[], kind: "bare" | "framed" | "checksum"): string {
  for (let index = 0; index < frames.length; index += 2) {
    const length = Math.floor(frames[index]!.length / 2);
    for (let cutAt = 0; cutAt <= length; cutAt++) {
      const uids = uidsOfFrame(driver, frames[index]!, cutAt);
      if (uids !== frames[index + 1]) return model + " " + frames[index] + " cut at " + cutAt + " gave \"" + uids + "\"";
    }
    if (kind !== "checksum" || frames[index + 1] === "") continue;
    const fault = checkWrongBits(model, driver, frames[index]!, frames[index + 1]!);
    if (fault !== "") return fault;
  }
  return kind === "bare" ? "" : checkJoined(model, driver, frames);
}
