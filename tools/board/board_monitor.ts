/*
 * `npx sdc monitor` on a running board: cards, pulses, contacts and faults as they happen.
 *
 * Input: a board's console, and the password where it is locked. Output: how the wires stand, then a line for
 * each change. Invariants: the program is not stopped and nothing is kept on the board; the doors are closed again
 * behind us, also when the user breaks off.
 */
import { ConsoleError } from "../../console/console_line";
import { boardChanges, boardWires } from "./board_changes";
import { lookAtBoard, LOOK_MS } from "./board_snapshot";
import type { Look } from "./board_snapshot";
import { leaveBoard } from "./doors";
import { openBoard } from "./open_board";
import { createTraceRecorder, type TraceRecorder } from "./trace_recorder";

/** A board too busy to answer for so long gets a word about it. */
const BUSY_LOOKS = 20;

export interface MonitorOptions {
  port: string;
  password: string;
  /** End after so long; 0: when `stopped` says so. */
  seconds: number;
  /** Gets each line of a trace; `document` is the board's configuration. */
  record?: { document: Record<string, unknown>; write: (line: string) => void };
}

/** Watches until the time is over or `stopped` answers true; each line goes to `say` at once. @throws ConsoleError */
export async function monitorBoard(options: MonitorOptions, say: (line: string) => void, stopped: () => boolean): Promise<void> {
  const board = await openBoard(options.port, options.password);
  let isAnswered = false;
  try {
    if (await board.ask("typeof sdc") !== "object") throw new ConsoleError(`${options.port}: the board runs no firmware of ours; deploy it: sdc deploy --port ${options.port}`);
    const begunMs = performance.now();
    let before: Look | undefined;
    let recorder: TraceRecorder | undefined;
    let busy = 0;
    for (;;) {
      const after = await lookAtBoard(board);
      if (after === "waits") throw new ConsoleError(`${options.port}: the board has no configuration, so it watches no wire; provision it first`);
      const seconds = (performance.now() - begunMs) / 1000;
      const tell = (lines: string[]): void => { for (const line of lines) say(`${seconds.toFixed(2).padStart(8)}  ${line}`); };
      if (after === "busy") {
        busy++;
        if (busy === BUSY_LOOKS) tell(["busy     the board's memory is short; it counts on without being watched"]);
      } else {
        tell(before === undefined || before.boot !== after.boot ? [`watching device ${after.deviceId} at ${options.port}, start ${String(after.boot)}`, ...boardWires(after)] : boardChanges(before, after));
        if (options.record !== undefined) {
          const { document, write } = options.record;
          if (recorder === undefined) {
            const made = createTraceRecorder(document, Math.floor(Date.now() / 1000));
            recorder = made.recorder;
            write(made.head);
          }
          for (const line of recorder.look(after)) write(line);
        }
        before = after;
        busy = 0;
      }
      if (stopped() || (options.seconds > 0 && seconds >= options.seconds)) {
        isAnswered = true;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  } finally {
    await leaveBoard(board, options.port, isAnswered);
  }
}
