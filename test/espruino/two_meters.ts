/*
 * Two meters at full speed at a board that uploads all the while.
 *
 * Input: an interpreter, pulses a second, how many. Output: how many each meter gave, how many the interpreter's own watch saw, how
 * many are in flash after a power cut. Invariants: the interpreter looks at its pins' files every millisecond at best, so on a busy machine
 * it may miss what was written; what it saw, the product must have: a watch of two lines beside the product's own counts that.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { LINUX_AREA_ADDRESS, LINUX_AREA_BYTES, LINUX_PAGE_BYTES } from "../../boards/espruino_flash";
import { openLayout } from "../../firmware/store/layout";
import { openMeterPage } from "../../firmware/store/meter_page";
import { createHostCrypto } from "../../hal/host/crypto";
import { root } from "../../tools/root";
import { openGarage } from "../../tools/world/garage";
import { interpreterDocument, flashOf, openInterpreterTestBoard } from "../boards/interpreter_board";
import { CONTACT_PIN, METER_PIN, wait } from "./driver";
import { SECOND_METER_PIN } from "./full_document";
import type { Interpreter } from "./interpreter";

const PULSES_PER_KWH = 10000;
/** An answer takes this long, so that an upload is under way most of the time; then rows wait two seconds for company. */
const ANSWER_MS = 3000;
/** Real time is asked of the interpreter and the writer: where this user may, they go first; where not, `nice` says so and runs them all the same. */
const FIRST = ["nice", "-n", "-10"];
const PINS = [METER_PIN, SECOND_METER_PIN];
/** Falling edges that the interpreter delivered, and the longest that one waited, in seconds. */
const BARE = `var seen=[0,0,0];${PINS.map((pin, index) => `setWatch(function(e){if(!e.state)seen[${String(index)}]++;seen[2]=Math.max(seen[2],getTime()-e.time);},D${String(pin)},{repeat:true,edge:"both"});`).join("")}`;

export interface TwoMeters {
  given: number[];
  seen: number[];
  durable: number[];
  /** Pulses of one meter in a second, as they were really written. */
  perSecond: number;
  /** The latest edge of the writer; the longest that an edge waited in the interpreter. */
  writerLateMs: number;
  waitedMs: number;
  /** Shares of the time in which the interpreter's program ran, and in which it wanted to and another process had the processor. */
  ranShare: number;
  keptWaitingShare: number;
  /** Answers that came meanwhile, and the share of the time in which a request was open. */
  uploads: number;
  uploadShare: number;
  log: string;
}

/** The endpoint behind an answer that takes its time. */
async function slowly(url: string): Promise<{ url: string; answered(): number; openMs(): number; close(): void }> {
  let answered = 0;
  let openMs = 0;
  const server = createServer((request, response) => {
    const beganMs = performance.now();
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !["connection", "content-length"].includes(name))) as Record<string, string>;
      void fetch(url + (request.url ?? ""), { method: request.method ?? "GET", headers, ...(pieces.length === 0 ? {} : { body: Buffer.concat(pieces) }) })
        .then(async (answer) => ({ answer, body: Buffer.from(await answer.arrayBuffer()) }))
        .then(async ({ answer, body }) => {
          await wait(ANSWER_MS);
          answered++;
          openMs += performance.now() - beganMs;
          const kept = [...answer.headers].filter(([name]) => !["connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding"].includes(name));
          response.writeHead(answer.status, { ...Object.fromEntries(kept), "content-length": body.length });
          response.end(body);
        });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, answered: () => answered, openMs: () => openMs,
    close: () => { server.closeAllConnections(); server.close(); },
  };
}

/** Seconds that the program of `board` has run, and has waited for a processor. */
function scheduled(board: Interpreter): { ranS: number; waitedS: number } {
  const [ranNs = NaN, waitedNs = NaN] = readFileSync(`/proc/${String(board.processId())}/schedstat`, "latin1").split(" ").map(Number);
  return { ranS: ranNs / 1e9, waitedS: waitedNs / 1e9 };
}

function write(board: Interpreter, pulses: number, levelMs: number): Promise<{ tookMs: number; latestMs: number }> {
  const paths = PINS.map((pin) => join(board.folder, "gpio", `gpio${String(pin)}`, "value"));
  const child = spawn(FIRST[0]!, [...FIRST.slice(1), process.execPath, join(root, "test/espruino/pulse_writer.mjs"), ...paths, String(pulses), String(levelMs)], { stdio: ["ignore", "pipe", "ignore"] });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => { printed += text; });
  return new Promise((resolve, reject) => {
    child.on("exit", (status) => {
      if (status === 0) resolve(JSON.parse(printed) as { tookMs: number; latestMs: number });
      else reject(new Error(`the writer of pulses ended with ${String(status)}`));
    });
  });
}

/** Pulses in the flash of a stopped board. */
function durablePulses(board: Interpreter): number[] {
  const flash = flashOf(board);
  const layout = openLayout([{ address: LINUX_AREA_ADDRESS, bytes: LINUX_AREA_BYTES }], LINUX_PAGE_BYTES);
  if (layout === undefined) throw new Error("the desk's flash area has no room for meters");
  const pulses = PINS.map((_pin, index) => {
    const page = openMeterPage(flash, createHostCrypto(), layout.meters[index]!, PULSES_PER_KWH, 0);
    return (page.energyWh * PULSES_PER_KWH + page.remainderMilli) / 1000;
  });
  flash.close();
  return pulses;
}

/** One run: `pulses` of each meter at `perSecond`, sessions and uploads all the while, then a power cut. */
export async function runTwoMeters(path: string, perSecond: number, pulses: number): Promise<TwoMeters> {
  const garage = await openGarage({ nowS: () => Math.floor(Date.now() / 1000), drivers: [] });
  const relay = await slowly(garage.server.url);
  const document = interpreterDocument(garage) as { meters: Record<string, unknown>[]; endpoint: { url: string } };
  document.endpoint.url = relay.url;
  // A level of which the interpreter saw two looks has lasted a millisecond.
  const meter = { ...document.meters[0], pulsesPerKwh: PULSES_PER_KWH, filterMs: 1, spacingMs: 0 };
  const board = await openInterpreterTestBoard(path, { ...document, meters: PINS.map((pin) => ({ ...meter, pin })) }, { ".boot1": BARE }, FIRST);
  try {
    for (const pin of [...PINS, CONTACT_PIN]) board.setPin(pin, 1);
    board.start();
    await board.printed("sdc runs");
    await wait(500);
    const start = scheduled(board);
    const before = { answered: relay.answered(), openMs: relay.openMs() };
    const written = write(board, pulses, 500 / perSecond);
    let isOver = false;
    void written.finally(() => { isOver = true; });
    for (let level = 0; !isOver; level = 1 - level) {
      board.setPin(CONTACT_PIN, level);
      await wait(400);
    }
    const { tookMs, latestMs } = await written;
    if (!board.running()) throw new Error(`the interpreter ended (${board.ending()}); its log ends: ${board.log().slice(-2000)}`);
    const end = scheduled(board);
    // A counted pulse may be 50 ms from being durable.
    await wait(1000);
    const seen = board.ask("seen") as number[];
    const log = board.log();
    await board.kill();
    return {
      given: [pulses, pulses], seen: seen.slice(0, 2), durable: durablePulses(board), perSecond: pulses * 1000 / tookMs, writerLateMs: latestMs,
      ranShare: (end.ranS - start.ranS) * 1000 / tookMs, keptWaitingShare: (end.waitedS - start.waitedS) * 1000 / tookMs,
      waitedMs: Math.round(seen[2]! * 1000), uploads: relay.answered() - before.answered, uploadShare: (relay.openMs() - before.openMs) / tookMs, log,
    };
  } finally {
    await board.close();
    relay.close();
    await garage.server.close();
  }
}
