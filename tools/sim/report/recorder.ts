/*
 * The record of a run that its drawing is made of.
 *
 * Input: what a world says while it is played. Output: spans and moments by board. Invariant: nothing is kept that is
 * not drawn; a span that is not over ends with the run.
 */

export interface BoardTrace {
  /** Sessions as the contact was closed, times without power, times without Wi-Fi; ms of the world. */
  plugged: [number, number][];
  unpowered: [number, number][];
  offline: [number, number][];
  /** Moments and status of requests that reached the endpoint. */
  uploads: [atMs: number, status: number][];
  /** Rows that waited in the ring, at those moments. */
  waiting: [atMs: number, rows: number][];
  /** Begins of pulses are energy: Wh of each session's end, as the Log said. */
  energies: [atMs: number, wh: number][];
  marks: [atMs: number, text: string][];
}

export interface Recorder {
  boards: Map<string, BoardTrace>;
  world: [atMs: number, text: string][];
  lastMs: number;
  say(atMs: number, board: string, text: string): void;
}

/** Texts that only a recorder hears. */
export const SILENT = "~";

const OPENS: Record<string, "plugged" | "unpowered" | "offline"> = { "plug": "plugged", "power off": "unpowered", "Wi-Fi off": "offline", "Wi-Fi lost": "offline", "network gone for long": "offline" };
const CLOSES: Record<string, "plugged" | "unpowered" | "offline"> = { "unplug": "plugged", "power on": "unpowered", "Wi-Fi on": "offline", "Wi-Fi found": "offline", "network back": "offline" };

export function createRecorder(): Recorder {
  const recorder: Recorder = {
    boards: new Map(), world: [], lastMs: 0,
    say(atMs, board, text) {
      recorder.lastMs = Math.max(recorder.lastMs, atMs);
      if (board === "world") {
        recorder.world.push([atMs, text]);
        return;
      }
      let trace = recorder.boards.get(board);
      if (trace === undefined) recorder.boards.set(board, trace = { plugged: [], unpowered: [], offline: [], uploads: [], waiting: [], energies: [], marks: [] });
      const upload = /^~upload (\d+) (\d+)$/.exec(text);
      const energy = / end .*energy_wh=(\d+)/.exec(text);
      const head = text.replace(/:.*$/, "");
      if (upload !== null) {
        trace.uploads.push([atMs, Number(upload[1])]);
        trace.waiting.push([atMs, Number(upload[2])]);
      } else if (energy !== null) trace.energies.push([atMs, Number(energy[1])]);
      else if (OPENS[head] !== undefined) trace[OPENS[head]].push([atMs, Infinity]);
      else if (CLOSES[head] !== undefined) {
        const span = trace[CLOSES[head]].at(-1);
        if (span !== undefined && span[1] === Infinity) span[1] = atMs;
      } else if (!text.startsWith(" ") && !/^card |^open$|^close$/.test(text)) trace.marks.push([atMs, text]);
    },
  };
  return recorder;
}
