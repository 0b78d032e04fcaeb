/*
 * An emulated reader on a pseudo terminal, in real time.
 *
 * Input: a model, a path, a seed. Output: a device file that behaves as that reader's line. Invariant: the
 * bytes and their moments are those of the pure emulator; this file only carries them.
 */
import type { LineFaults } from "./line";
import { openPty } from "./pty";
import { createReaderEmulator } from "./reader";

const TICK_MS = 5;

export interface ReaderLine {
  /** Lays a card on the reader; "" takes it away. */
  show(uidHex: string): void;
  powerCycle(dead: boolean): void;
  close(): void;
}

/** @throws Error as openPty */
export async function openReaderLine(model: string, path: string, seed: number, faults: LineFaults): Promise<ReaderLine> {
  const begunMs = performance.now();
  const nowMs = (): number => Math.floor(performance.now() - begunMs);
  const emulator = createReaderEmulator(model, seed, faults);
  const pty = await openPty(path, (bytes) => emulator.receive(bytes, nowMs()));
  const timer = setInterval(() => {
    const bytes = emulator.send(nowMs());
    if (bytes !== "") pty.write(bytes);
  }, TICK_MS);
  return {
    show: (uidHex) => emulator.show(uidHex, nowMs()),
    powerCycle: (dead) => emulator.powerCycle(dead),
    close: () => {
      clearInterval(timer);
      pty.close();
    },
  };
}
