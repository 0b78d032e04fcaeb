/*
 * `npm start` without --once: the garage lives on the screen until it is ended.
 *
 * Input: seed, speed, port and the folder of database and flash. Output: the page's address, each Log line. Invariants:
 * played time only goes on, also from one start to the next in the same folder, because a clock that went back would
 * contradict the rows; Ctrl-C, SIGTERM and a closed terminal end it in order: board, endpoint, database.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { openHostFlash } from "../../hal/host/flash";
import { openBrowser } from "./browser";
import type { Ending } from "./ending";
import { DRIVERS } from "./day";
import { GARAGE_BOARD, GARAGE_FLASH_BYTES, openGarage, provisionBoard, wallboxDocument, wiringOf } from "./garage";
import { liveWeek } from "./live_script";
import { play } from "./player";

export interface LiveOptions {
  seed: number;
  speed: number;
  port: number;
  folder: string;
  /** False: the folder is a temporary one, and the database stays in memory. */
  keeps: boolean;
  browser: boolean;
}

/** A folder's record of earlier starts. */
interface Played {
  /** How often the garage was started, and until when it has played, UTC seconds. */
  starts: number;
  untilS: number;
}

/** Real time between two notes of the played time; a kill loses at most this much of it. */
const NOTE_MS = 5000;

function readPlayed(file: string): Played {
  if (!existsSync(file)) return { starts: 0, untilS: 0 };
  const read = JSON.parse(readFileSync(file, "utf8")) as Partial<Played>;
  if (!Number.isInteger(read.starts) || !Number.isInteger(read.untilS)) throw new Error(`${file}: this is not a note of an earlier 'npm start'; remove it, or choose another --data folder`);
  return read as Played;
}

function writePlayed(file: string, played: Played): void {
  // Renamed into place, so that a kill leaves the old note or the new one.
  writeFileSync(`${file}.new`, JSON.stringify(played));
  renameSync(`${file}.new`, file);
}

/** Plays until the end is asked for; 0. */
export async function playLive(options: LiveOptions, ending: Ending, say: (line: string) => void): Promise<number> {
  const note = join(options.folder, "played.json");
  const played = readPlayed(note);
  const beganS = Math.max(Math.floor(Date.now() / 1000), played.untilS);
  const beganMs = performance.now();
  const document = wallboxDocument();
  // The endpoint lives in the played time too, also when the computer cannot play as fast as it should.
  let playedMs = 0;
  const garage = await openGarage({
    nowS: () => beganS + Math.floor(playedMs / 1000), drivers: DRIVERS, port: options.port,
    ...(options.keeps ? { dataFolder: join(options.folder, "database") } : {}),
  });
  if (ending.isAsked) {
    await garage.server.close();
    say("ended");
    return 0;
  }
  const flash = openHostFlash(join(options.folder, "board.flash"), GARAGE_FLASH_BYTES);
  const showLink = async (): Promise<void> => {
    const link = await garage.server.loginLink();
    say(`open in a browser: ${link}`);
    if (options.browser) await openBrowser(link);
  };
  try {
    await showLink();
    say(`The link lets you in as administrator, once, within 15 minutes; Enter makes a new one. ${options.speed} s of the garage pass in one second; Ctrl+C ends.`);
    if (garage.isKnown) say(`The database and the board of ${options.folder} go on where they were.`);
    say("");
    const lines = createInterface({ input: process.stdin });
    lines.on("line", () => { void showLink().catch((error: Error) => { say(`no new link: ${error.message}`); }); });
    let notedMs = 0;
    const keep = (): void => {
      if (options.keeps) writePlayed(note, { starts: played.starts + 1, untilS: beganS + Math.ceil(playedMs / 1000) });
    };
    keep();
    try {
      await play({
        // Other visits at each start: the same ones again would look like a fault of the database.
        script: liveWeek(options.seed + played.starts, wiringOf(document)), beginEpochS: beganS, flash, board: GARAGE_BOARD, log: say,
        onNew: (ports) => { provisionBoard(ports, garage, garage.server.url); },
        onEndpoint: () => Promise.resolve(),
        isEnded: () => ending.isAsked,
        onStep: async (worldMs) => {
          playedMs = worldMs;
          if (performance.now() - notedMs > NOTE_MS) {
            notedMs = performance.now();
            keep();
          }
          const aheadMs = worldMs / options.speed - (performance.now() - beganMs);
          if (aheadMs > 2) await new Promise((resolve) => setTimeout(resolve, aheadMs));
        },
      });
    } finally {
      keep();
      lines.close();
    }
    say("ended");
    return 0;
  } finally {
    flash.close();
    await garage.server.close();
  }
}
