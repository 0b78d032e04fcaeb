/*
 * `npx sdc monitor`: a card reader on this PC's serial port, live, for commissioning without a board.
 *
 * Input: a model and the bytes of a port (a USB adapter, or a pty). Output: a line for each card that is
 * presented, each frame that is refused, each fault. Invariant: drivers and presence are the firmware's own,
 * so what is seen here is what a board would do; nothing is stored.
 */
import type { Bytes } from "../../hal/ports";
import { bytesOfHex, hexOf } from "../../firmware/base/bytes";
import { createPresence, presenceSeen, presenceTake, takeRefusal } from "../../firmware/inputs/presence";
import { readerModel } from "../../firmware/inputs/reader/registry";
import { uidText } from "../../firmware/inputs/uid_format";
import { readerFault, takeUid } from "../../firmware/inputs/reader/frame";
import { ConsoleError } from "../../console/console_line";
import { openSerialPort } from "../board/serial_line";
import { unknownModel } from "./decode";

const TICK_MS = 20;
const CIRCLE_MS = 2 ** 30;

export interface ReaderMonitor {
  baud: number;
  /** Takes what arrived; returns lines to print and bytes to send. */
  tick(bytes: Bytes, nowMs: number): { lines: string[]; send: Bytes };
}

/** The watching part, without a port; undefined when there is no such model. */
export function createReaderMonitor(name: string): ReaderMonitor | undefined {
  const model = readerModel(name);
  if (model === undefined) return undefined;
  const driver = model.driver;
  const state = driver.create();
  const presence = createPresence({ model: name, port: 0, baud: 0, uidFormat: "hex", presenceTimeoutMs: 400, rearmDelayMs: 1000, minHoldMs: 0, minSightings: 0 }, driver.refusesRandom, driver.minSightings);
  let refused = 0;
  let fault = "";
  return {
    baud: driver.baud,
    tick(bytes, nowMs) {
      const now = { ms: nowMs % CIRCLE_MS, s: 0 };
      const lines: string[] = [];
      driver.feed(state, bytes, now.ms);
      const send = driver.poll(state, now.ms);
      for (let uid = takeUid(state); uid !== undefined; uid = takeUid(state)) presenceSeen(presence, hexOf(uid), now);
      for (let hex = presenceTake(presence, now); hex !== ""; hex = presenceTake(presence, now)) {
        const uid = bytesOfHex(hex) ?? "";
        lines.push("card     " + hex + "   8h10d " + uidText(uid, "8h10d") + "   wiegand3.5 " + uidText(uid, "wiegand3.5"));
      }
      const refusal = takeRefusal(presence);
      if (refusal !== "") lines.push("refused  " + refusal.replace(" refused:", ":"));
      if (state.refused > refused) lines.push("bad      " + (state.refused - refused) + " × " + state.why + (bytes === "" ? "" : " in " + hexOf(bytes)));
      refused = state.refused;
      if (readerFault(state) !== fault) {
        fault = readerFault(state);
        lines.push("reader   " + (fault === "" ? "works" : fault));
      }
      return { lines, send };
    },
  };
}

/**
 * Watches `port` until `seconds` are over (0: until interrupted) and hands each line to `say`.
 * Returns 0, or 1 when the port goes away.
 * @throws ConsoleError when there is no such model, or the port does not open
 */
export async function monitorReader(port: string, name: string, baud: number, seconds: number, say: (line: string) => void): Promise<number> {
  const monitor = createReaderMonitor(name);
  if (monitor === undefined) throw new ConsoleError(unknownModel(name));
  const speed = baud > 0 ? baud : monitor.baud;
  const line = await openSerialPort(port, { baud: speed, flowControl: false });
  let bytes = "";
  let gone = "";
  line.on("data", (data: Buffer) => { bytes += data.toString("latin1"); });
  line.on("close", (error: Error | null) => { gone = error?.message ?? "closed"; });
  line.on("error", (error) => { gone = error.message; });
  say("watching " + name + " at " + port + ", " + speed + " baud; present a card");
  const begunMs = performance.now();
  let nowMs = 0;
  try {
    while (seconds === 0 || nowMs < seconds * 1000) {
      if (gone !== "") {
        say(port + " has gone: " + gone);
        return 1;
      }
      nowMs = Math.floor(performance.now() - begunMs);
      const taken = bytes;
      bytes = "";
      const { lines, send } = monitor.tick(taken, nowMs);
      for (const text of lines) say((nowMs / 1000).toFixed(2).padStart(8) + "  " + text);
      if (send !== "") line.write(Buffer.from(send, "latin1"));
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
    return 0;
  } finally {
    if (line.isOpen) line.close();
  }
}
