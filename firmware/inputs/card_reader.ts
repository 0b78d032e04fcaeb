/*
 * One card reader while it has something to say.
 *
 * Input: the bytes that its UART received, read by the configured model's driver, which is loaded by name. Output:
 * cards in the reader's presence, and a line for the Log. Invariants: what was refused is counted for as long as the board runs,
 * also while no driver is in memory; nothing here changes the block.
 */
import type { Instant, Ports } from "../../hal/ports";
import { hexOf } from "../base/bytes";
import { presenceSeen } from "./presence";
import { readerFault, takeUid } from "./reader/frame";
import type { ReaderDriver } from "./reader/frame";
import type { CardReader } from "./cards";

/** Gives the reader's driver what arrived; what is to be logged, "" for nothing. @part reader */
export function readReader(reader: CardReader, ports: Ports, bytes: string, now: Instant): string {
  if (reader.driver === undefined) {
    if (bytes === "") return "";
    const module = ports.system.load(reader.model) as { driver: ReaderDriver } | undefined;
    if (module === undefined) return "";
    reader.driver = module.driver;
    const fresh = module.driver.create();
    fresh.refused = reader.refused;
    fresh.errors = reader.errors;
    fresh.why = reader.why;
    reader.state = fresh;
  }
  const driver = reader.driver;
  const state = reader.state;
  if (state === undefined) return "";
  driver.feed(state, bytes, now.ms);
  const question = driver.poll(state, now.ms);
  if (question !== "") ports.serial.write(reader.port, question);
  for (;;) {
    const uid = takeUid(state);
    if (uid === undefined) break;
    presenceSeen(reader.presence, hexOf(uid), now);
  }
  reader.refused = state.refused;
  reader.errors = state.errors;
  reader.why = state.why;
  const fault = readerFault(state);
  if (driver.pollMs === 0 && state.buffer === "" && state.candidate === "") {
    reader.driver = undefined;
    reader.state = undefined;
  }
  if (fault === reader.fault) return "";
  reader.fault = fault;
  return "reader " + reader.model + (fault === "" ? " works again" : ": " + fault);
}
