/*
 * A garage for the demonstration: endpoint, table, users, and a board that is provisioned for them.
 *
 * Input: where the database lives and what time it is. Output: a running endpoint, and a flash that holds
 * the board's configuration. Invariant: everything goes through the same functions that a real
 * installation uses; the board gets nothing that a real board would not get.
 */
import { readFileSync } from "node:fs";
import { startServer, type RunningServer } from "../../exosphere/start_server";
import type { Row } from "../../exosphere/database/database";
import type { NewKey } from "../../exosphere/devices/device_documents";
import { addKey, createDevice, findKey } from "../../exosphere/devices/device_store";
import { createTable, listTables } from "../../exosphere/tables/table_store";
import { listPeople, savePerson } from "../../exosphere/people/user_store";
import { provision } from "../../firmware/configuration/provision";
import type { Ports } from "../../hal/ports";
import type { Driver } from "./event";
import type { TariffDocument } from "./ledger";
import type { Wiring } from "./visit";
import type { DeviceBoard } from "../../firmware/store/layout";

/** The large flash option, as one area from address 0 of a file. */
export const GARAGE_FLASH_BYTES = 0x100000;
export const GARAGE_BOARD: DeviceBoard = { name: "host", areas: [{ address: 0, bytes: GARAGE_FLASH_BYTES }] };
export const TABLE_NAME = "wallbox";
/** Of the example's tariff, whose amounts are in cents. */
const CURRENCY = "EUR";
const DEVICE = "garage-1";
/** Who the audit names for what the demonstration makes. */
const ACTOR = "demonstration";

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
  return { contactPin: document.inputs.contact.pin, meterPin: document.meters[0]!.pin, readerPort: document.readers[0]!.port };
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
  /** The database knew this garage from an earlier start. */
  isKnown: boolean;
  keyId: string;
  keyHex: string;
}

/** The newest valid key of a device that the database has from an earlier start; undefined: there is no such device. */
async function knownKey(server: RunningServer): Promise<NewKey | undefined> {
  const [row] = await server.database.query<Row & { key_id: string }>(
    "SELECT key_id FROM exosphere.device_key WHERE device = $1 AND revoked_at IS NULL ORDER BY key_id DESC LIMIT 1", [DEVICE]);
  if (row !== undefined) {
    const found = await findKey(server.database, server.secret, row.key_id);
    if (found !== undefined) return { keyId: found.keyId, keyHex: found.key.toString("hex").toUpperCase() };
  }
  const [device] = await server.database.query("SELECT id FROM exosphere.device WHERE id = $1", [DEVICE]);
  // Its keys were revoked on the fleet page: the garage is an administrator and makes a new one.
  return device === undefined ? undefined : addKey(server.database, server.secret, DEVICE, ACTOR);
}

/** Starts the endpoint; a database that knows no garage yet gets the example's table, one device and the drivers as its users. */
export async function openGarage(options: GarageOptions): Promise<Garage> {
  const document = wallboxDocument();
  const server = await startServer({
    port: options.port ?? 0, nowS: options.nowS, ...(options.dataFolder === undefined ? {} : { dataFolder: options.dataFolder }),
  });
  try {
    const known = await knownKey(server);
    if (known !== undefined) return { server, isKnown: true, ...known };
    const tables = await listTables(server.database);
    if (!tables.some((table) => table.id === document.table.id)) await createTable(server.database, {
      id: document.table.id, name: TABLE_NAME, mode: "session", currency: CURRENCY, minorDigits: document.tariff.minorDigits, timeZone: "Europe/Berlin",
      columns: options.columns ?? document.table.columns,
    }, ACTOR);
    const people = await listPeople(server.database);
    for (const driver of options.drivers) {
      if (people.some((person) => person.cards.includes(driver.uid))) continue;
      await savePerson(server.database, undefined, { cards: [driver.uid], fields: { name: driver.name } }, ACTOR);
    }
    // The device comes last: a start that is cut off before leaves some of the others, and the next one makes the rest.
    const key = await createDevice(server.database, server.secret, DEVICE, "Garage left", ACTOR);
    return { server, isKnown: false, keyId: key.keyId, keyHex: key.keyHex };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** Provisions a board for this garage, by the same check that a real board makes. Throws with its errors. */
export function provisionBoard(ports: Ports, garage: Garage, url: string): void {
  const document = wallboxDocument();
  document.endpoint = { url, keyId: garage.keyId, key: garage.keyHex };
  delete document.network;
  delete document.api;
  const errors = provision(ports, GARAGE_BOARD, Buffer.from(JSON.stringify(document), "utf8").toString("latin1"));
  if (errors !== "") throw new Error(`the example's configuration is refused: ${errors}`);
}
