/*
 * A garage for the demonstration: endpoint, table, users, and a board that is provisioned for them.
 *
 * Input: where the database lives and what time it is. Output: a running endpoint, and a flash that holds
 * the board's configuration. Invariant: everything goes through the same functions that a real
 * installation uses; the board gets nothing that a real board would not get.
 */
import { readFileSync } from "node:fs";
import { startServer, type RunningServer } from "../../exosphere/start_server";
import { createDevice } from "../../exosphere/devices/device_store";
import { createTable } from "../../exosphere/tables/table_store";
import { savePerson } from "../../exosphere/people/user_store";
import type { DeviceBoard } from "../../firmware/device";
import { provision } from "../../firmware/configuration/provision";
import type { Ports } from "../../hal/ports";
import type { Driver } from "./event";
import type { TariffDocument } from "./ledger";
import type { Wiring } from "./visit";

/** The large flash option, as one area from address 0 of a file. */
export const GARAGE_FLASH_BYTES = 0x100000;
export const GARAGE_BOARD: DeviceBoard = { name: "host", areas: [{ address: 0, bytes: GARAGE_FLASH_BYTES }] };
export const TABLE_NAME = "wallbox";
const DEVICE = "garage-1";

interface WallboxDocument {
  endpoint: { url: string; keyId: string; key: string };
  network?: unknown;
  api?: unknown;
  table: { id: number; columns: { id: number; name: string; type: string; content: string }[] };
  inputs: { contact: { pin: number } };
  meters: { pin: number }[];
  readers: { port: number }[];
  tariff: TariffDocument & { minorDigits: number };
}

/** The wallbox example that the documents show. */
export function wallboxDocument(): WallboxDocument {
  return JSON.parse(readFileSync(new URL("../../docs/examples/wallbox.json", import.meta.url), "utf8")) as WallboxDocument;
}

export function wiringOf(document: WallboxDocument): Wiring {
  return { contactPin: document.inputs.contact.pin, meterPin: document.meters[0].pin, readerPort: document.readers[0].port };
}

export interface GarageOptions {
  /** Left out: the database is in memory. */
  dataFolder?: string;
  port?: number;
  nowS: () => number;
  drivers: Driver[];
  /** Left out: the example's columns. */
  columns?: WallboxDocument["table"]["columns"];
}

export interface Garage {
  server: RunningServer;
  keyId: string;
  keyHex: string;
}

/** Starts the endpoint with the example's table, one device and the drivers as its users. */
export async function openGarage(options: GarageOptions): Promise<Garage> {
  const document = wallboxDocument();
  const server = await startServer({
    port: options.port ?? 0, nowS: options.nowS, ...(options.dataFolder === undefined ? {} : { dataFolder: options.dataFolder }),
  });
  const key = await createDevice(server.database, server.secret, DEVICE, "Garage left", "demonstration");
  await createTable(server.database, {
    id: document.table.id, name: TABLE_NAME, mode: "session", minorDigits: document.tariff.minorDigits, timeZone: "Europe/Berlin",
    columns: options.columns ?? document.table.columns,
  }, "demonstration");
  for (const driver of options.drivers) {
    await savePerson(server.database, undefined, { cards: [driver.uid], fields: { name: driver.name } }, "demonstration");
  }
  return { server, keyId: key.keyId, keyHex: key.keyHex };
}

/** Provisions a board for this garage, by the same check that a real board makes. Throws with its mistakes. */
export function provisionBoard(ports: Ports, garage: Garage, url: string): void {
  const document = wallboxDocument();
  document.endpoint = { url, keyId: garage.keyId, key: garage.keyHex };
  delete document.network;
  delete document.api;
  const mistakes = provision(ports, GARAGE_BOARD, Buffer.from(JSON.stringify(document), "utf8").toString("latin1"));
  if (mistakes !== "") throw new Error(`the example's configuration is refused: ${mistakes}`);
}
