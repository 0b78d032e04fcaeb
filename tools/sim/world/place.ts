/*
 * A wallbox and its board: wires, settings and the habits of its house.
 *
 * Input: seed and number of the board. Output: its configuration document and what its drivers do. Invariant: depends on
 * nothing but seed and number.
 */
import { readFileSync } from "node:fs";
import type { TariffDocument } from "../../world/ledger";
import type { FaultName } from "../options";
import { between, oneOf, streamOf } from "../streams";

export interface BoardDocument {
  revision: number;
  device: { id: string; name: string };
  endpoint: { url: string; keyId: string; key: string };
  network?: { ssid: string; password: string };
  api?: unknown;
  outputs?: unknown;
  block: { pauseS?: number; triggerDelayMs: number; [name: string]: unknown };
  table: { id: number; columns: SimColumn[]; [name: string]: unknown };
  inputs: { contact: { pin: number }; [name: string]: unknown };
  meters: { pin: number; pulsesPerKwh: number; registerWh: number; [name: string]: unknown }[];
  readers: { model: string; port: number; [name: string]: unknown }[];
  customInputs: unknown[];
  store: { whenFull: "refuseNew" | "dropOldest" };
  tariff: TariffDocument & { minorDigits: number };
}

export interface SimColumn { id: number; name: string; type: string; content: string }

export interface Place {
  index: number;
  id: string;
  document: BoardDocument;
  flashBytes: number;
  /** Pins and their levels before anything happens. */
  atRest: [pin: number, level: number][];
  /** Crystal of the board, parts per million. */
  driftPpm: number;
  /** Minutes of the day between which the house's Wi-Fi is on; equal: always. */
  wifiMin: [from: number, to: number];
  /** Mean hours between two visits. */
  pauseH: number;
  /** The least seconds between two uploads that the endpoint asks of this board, undefined: none. */
  minIntervalS: number | undefined;
  /** Numbers of the people who come here, in people.known. */
  regulars: number[];
}

/** A flash so small that months offline fill its ring. */
const OFFLINE_FLASH_BYTES = 0xc000;
/** Contact and meter close to ground. */
const LEVEL_AT_REST = 1;
/** Seconds of a pause that joins what a contactor interrupts. */
export const PAUSE_S = 120;

const EXAMPLE = readFileSync(new URL("../../../docs/examples/wallbox.json", import.meta.url), "utf8");

/** The columns of the world's one table. */
export const COLUMNS: SimColumn[] = [
  { id: 1, name: "start", type: "datetime", content: "session.start" },
  { id: 2, name: "end", type: "datetime", content: "session.end" },
  { id: 3, name: "user", type: "text", content: "user.name" },
  { id: 4, name: "card", type: "text", content: "uid" },
  { id: 5, name: "energy_wh", type: "integer", content: "session.energy" },
  { id: 6, name: "duration_s", type: "integer", content: "session.duration" },
  { id: 7, name: "cost", type: "number", content: "session.cost" },
  { id: 8, name: "reason", type: "text", content: "session.endReason" },
  { id: 9, name: "clock", type: "text", content: "session.clock" },
  { id: 10, name: "meter_start", type: "integer", content: "meter.start" },
  { id: 11, name: "meter_end", type: "integer", content: "meter.end" },
];

const STEPS = [{ from: "00:00", perKwh: "25.5" }, { from: "06:00", perKwh: "31.9" }, { from: "22:00", perKwh: "25.5" }];

export function createPlace(seed: number, index: number, people: number, faults: FaultName[]): Place {
  const random = streamOf(seed, `place ${String(index)}`);
  const document = JSON.parse(EXAMPLE) as BoardDocument;
  const isOffline = faults.includes("offline");
  const id = `board-${String(index + 1)}`;
  document.device = { id, name: `Place ${String(index + 1)}` };
  document.network = { ssid: "house", password: "correct horse battery staple" };
  delete document.api;
  // A light that blinks would keep the board from idling, and this world has no eye for it.
  delete document.outputs;
  document.customInputs = [];
  document.table.columns = COLUMNS;
  document.block.pauseS = random.chance(300) ? PAUSE_S : 0;
  document.block.triggerDelayMs = random.chance(250) ? between(random, 1, 3000) : 0;
  document.meters[0]!.pulsesPerKwh = oneOf(random, [1, 10, 10, 100, 100, 250, 1000, 1000]);
  document.meters[0]!.registerWh = random.chance(500) ? random.below(20_000_000) : 0;
  document.tariff.prices = random.chance(400) ? STEPS : [{ from: "00:00", perKwh: oneOf(random, ["25.5", "31.907", "0", "48"]) }];
  document.tariff.feePerHour = random.chance(300) ? oneOf(random, ["60", "12.5"]) : "0";
  document.store.whenFull = random.chance(isOffline ? 500 : 250) ? "dropOldest" : "refuseNew";
  const hours = random.chance(350) ? between(random, 2, 7) : 0;
  const from = between(random, 15 * 60, 20 * 60);
  return {
    index, id, document, atRest: [[document.inputs.contact.pin, LEVEL_AT_REST], [document.meters[0]!.pin, LEVEL_AT_REST]],
    flashBytes: random.chance(isOffline ? 700 : 300) ? (isOffline ? OFFLINE_FLASH_BYTES : 0x10000) : 0x100000,
    driftPpm: between(random, -40, 40),
    wifiMin: hours === 0 ? [0, 0] : [from, (from + hours * 60) % 1440],
    pauseH: between(random, 8, 30),
    minIntervalS: oneOf(random, [undefined, 600, 3600, 3600]),
    regulars: Array.from({ length: between(random, 2, 5) }, () => random.below(people)),
  };
}
