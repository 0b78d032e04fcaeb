/*
 * The endpoint of a world: the real server on the real embedded database, under the world's time.
 *
 * Input: requests at moments of the world. Output: answers as they leave the server. Invariants: every request goes
 * through the server's own HTTP handler; the clock of the endpoint is the world's plus an error that the world sets; a
 * killed process answers nothing, and the next request finds a new one on the same database.
 */
import type { FastifyInstance } from "fastify";
import type { Database } from "../../../exosphere/database/database";
import { FaultLog } from "../../../exosphere/database/fault";
import { changeDevice, createDevice } from "../../../exosphere/devices/device_store";
import { PdfPool } from "../../../exosphere/billing/pdf_pool";
import type { Context } from "../../../exosphere/http/context";
import { DEFAULT_LIMITS } from "../../../exosphere/http/context";
import { Metrics } from "../../../exosphere/http/metrics";
import { buildServer } from "../../../exosphere/http/server";
import { savePerson } from "../../../exosphere/people/user_store";
import { createTable } from "../../../exosphere/tables/table_store";
import type { HttpAnswer, HttpRequest } from "../../../hal/ports";
import type { People } from "../world/people";
import { COLUMNS, type SimColumn } from "../world/place";
import { fragile, type FragileDatabase } from "./fragile_database";
import { QuietContacts } from "./quiet_contacts";
import { giveDatabase, takeDatabase } from "./spare_database";

export const TABLE_NAME = "wallbox";
const ACTOR = "simulation";
const SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const ADDRESS = "http://endpoint";
/** A world has no minutes of the machine by which requests could be counted. */
const UNLIMITED = 1_000_000_000;

export interface Endpoint {
  database: FragileDatabase;
  /** The same, for what is no request of a board. */
  inner: Database;
  secret: string;
  quiet: QuietContacts;
  /** UTC seconds of the world's begin, and what the endpoint's clock is wrong by. */
  epochS: number;
  errorS: number;
  requests: number;
  /** The latest request was answered without the database. */
  isQuiet: boolean;
  /** Ids of the people, in the order of People.known. */
  personIds: number[];
  /** undefined: the process was killed while it served. */
  serve(request: HttpRequest, worldMs: number, way: "direct" | undefined): Promise<Partial<HttpAnswer> | undefined>;
  /** Rows and numbers of a device, as text, to see whether a request changed anything. */
  stateOf(device: string): Promise<string>;
  /** A new device; returns what its board is provisioned with. */
  addDevice(id: string, minIntervalS: number | undefined): Promise<{ url: string; keyId: string; key: string }>;
  close(): Promise<void>;
}

function headersOf(list: string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index < list.length; index += 2) headers[list[index]!.toLowerCase()] = list[index + 1]!;
  return headers;
}

/** The world's one table. */
export interface SimTable { id: number; mode: "session" | "event"; minorDigits: number; timeZone: string; columns: SimColumn[] }

const WORLDS_TABLE: SimTable = { id: 1, mode: "session", minorDigits: 2, timeZone: "Europe/Berlin", columns: COLUMNS };

export async function openEndpoint(epochS: number, people: People, contacts: "all" | "few", table = WORLDS_TABLE): Promise<Endpoint> {
  const inner = await takeDatabase();
  const database = fragile(inner);
  let nowS = epochS;
  const papers = new PdfPool();
  const make = (): Promise<FastifyInstance> => {
    const limits = { ...DEFAULT_LIMITS, deviceRequestsPerMinute: UNLIMITED };
    const context: Context = { database, secret: SECRET, limits, trustedProxies: [], nowS: () => nowS, systemClock: () => Promise.resolve("synchronised"), accountNowS: () => nowS, faults: new FaultLog(), metrics: new Metrics(), papers, accessLog: undefined };
    return buildServer(context, () => undefined);
  };
  let server = await make();
  const end = async (): Promise<void> => {
    await server.close();
    await papers.close();
    await giveDatabase(inner);
  };
  try {
    await createTable(inner, { ...table, name: TABLE_NAME }, ACTOR);
  } catch (error) {
    await end();
    throw error;
  }
  const personIds: number[] = [];
  for (const person of people.known) personIds.push(await savePerson(inner, undefined, { cards: person.cards, fields: { name: person.name } }, ACTOR));
  const endpoint: Endpoint = {
    database, inner, secret: SECRET, quiet: new QuietContacts(contacts), epochS, errorS: 0, requests: 0, isQuiet: false, personIds,
    async serve(request, worldMs, way) {
      nowS = epochS + Math.floor(worldMs / 1000) + endpoint.errorS;
      const short = way === "direct" ? undefined : endpoint.quiet.answer(request, worldMs, nowS);
      endpoint.isQuiet = short !== undefined;
      if (short !== undefined) return short;
      endpoint.requests++;
      const response = await server.inject({
        method: request.method, url: request.url.slice(ADDRESS.length), headers: headersOf(request.headers),
        ...request.method === "POST" ? { payload: Buffer.from(request.body, "latin1") } : {},
      });
      if (database.isDead) {
        await server.close();
        database.revive();
        server = await make();
        return undefined;
      }
      const header = (name: string): string => String(response.headers[name] ?? "");
      const answer = {
        status: response.statusCode, body: response.rawPayload.toString("latin1"), contentType: header("content-type"), contentDigest: header("content-digest"),
        signatureInput: header("signature-input"), signature: header("signature"), date: header("date"), retryAfter: header("retry-after"),
      };
      if (way !== "direct") endpoint.quiet.learn(request, answer, worldMs);
      return answer;
    },
    async stateOf(device) {
      const rows = await inner.query(`SELECT (SELECT count(*) FROM public.${TABLE_NAME} WHERE _device = $1) AS rows, nonce_boot, nonce_counter, last_sequence FROM exosphere.device WHERE id = $1`, [device]);
      return JSON.stringify(rows);
    },
    async addDevice(id, minIntervalS) {
      const made = await createDevice(inner, SECRET, id, undefined, ACTOR);
      if (minIntervalS !== undefined) await changeDevice(inner, SECRET, id, { minIntervalS }, ACTOR);
      endpoint.quiet.know(made.keyId, made.keyHex);
      return { url: ADDRESS, keyId: made.keyId, key: made.keyHex };
    },
    close: end,
  };
  return endpoint;
}
