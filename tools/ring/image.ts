/*
 * Looks into a flash image of the ring, as found: `sdc ring dump` and `sdc ring check`.
 *
 * Input: an image (a file or bytes) whose first byte is the ring's first byte, or an offset into it. Output:
 * lines and an exit code. Invariants: the image is only read; bytes of any content give a report; what
 * "recovery" says comes from the firmware's own openRing, run on a copy.
 */
import { readFileSync } from "node:fs";
import { decode } from "cborg";
import { openRing } from "../../firmware/store/ring";
import { createCursor, loadPayload, loadRecord, readHeader, recordsOffset, skipRecord, ROW_PENDING, stateOf } from "../../firmware/store/ring_page";
import type { Ring } from "../../firmware/store/ring_page";
import { firstPending, recordSequence } from "../../firmware/store/ring_pending";
import { createHostCrypto } from "../../hal/host/crypto";
import { createImageFlash } from "./image_flash";

export interface RingDumpOptions {
  /** 4,096 by default. */
  pageBytes?: number;
  /** Where the ring begins in the image, and its length; the whole image by default. */
  offset?: number;
  bytes?: number;
  json?: boolean;
}

export interface RingDump {
  lines: string[];
  exitCode: number;
}

export type RecordState = "pending" | "acknowledged" | "aside" | "void";

export interface DumpedRecord {
  index: number;
  offset: number;
  bytes: number;
  /** "pending" while it is for any endpoint, else that of the first one. */
  state: RecordState;
  /** Of each endpoint that the record is for. */
  states: RecordState[];
  whole: boolean;
  /** -1 when the payload is not a row. */
  sequence: number;
  payloadHex: string;
}

export interface DumpedPage {
  position: number;
  /** Page sequence, -1 when the header is not valid. */
  page: number;
  firstSequence: number;
  lost: number;
  aside: number;
  /** Nothing in it or before it is pending for the first endpoint, for any. */
  settled: boolean;
  settledForAll: boolean;
  endpoints: number;
  blank: boolean;
  records: DumpedRecord[];
  /** Offset behind the last record, and whether the rest of the page is blank. */
  end: number;
  restBlank: boolean;
}

const STATE_NAMES: RecordState[] = ["void", "aside", "acknowledged", "pending"];

/** Reads with another endpoint's states. */
function forEndpoint<T>(ring: Ring, endpoint: number, read: () => T): T {
  ring.endpoint = endpoint;
  ring.statesOf = -1;
  const found = read();
  ring.endpoint = 0;
  ring.statesOf = -1;
  return found;
}

function readPages(ring: Ring, pages: number): DumpedPage[] {
  return Array.from({ length: pages }, (_, position) => {
    const content = ring.flash.read(ring.address + position * ring.flash.pageBytes, ring.flash.pageBytes);
    const blank = (from: number): boolean => !/[^\xff]/.test(content.slice(from));
    const page: DumpedPage = { position, page: -1, firstSequence: 0, lost: 0, aside: 0, settled: false, settledForAll: false, endpoints: 1, blank: blank(0), records: [], end: 0, restBlank: blank(0) };
    if (!readHeader(ring, position)) return page;
    Object.assign(page, { page: ring.found, firstSequence: ring.foundSequence, lost: ring.foundLost, aside: ring.foundQuarantined, settled: ring.foundDrained, endpoints: ring.foundEndpoints });
    const endpoints = Array.from({ length: ring.foundEndpoints }, (_none, endpoint) => endpoint);
    page.settledForAll = endpoints.every((endpoint) => forEndpoint(ring, endpoint, () => readHeader(ring, position) && ring.foundDrained));
    const cursor = createCursor();
    cursor.page = ring.found;
    cursor.offset = recordsOffset(ring, endpoints.length);
    while (loadRecord(ring, cursor)) {
      const payload = loadPayload(ring, cursor);
      const states = endpoints.map((endpoint) => forEndpoint(ring, endpoint, () => STATE_NAMES[stateOf(ring, cursor.page, cursor.index)]!));
      page.records.push({
        index: cursor.index, offset: cursor.offset, bytes: cursor.payloadBytes, state: states.includes("pending") ? "pending" : states[0]!, states,
        whole: payload !== undefined, sequence: payload === undefined ? -1 : recordSequence(payload),
        payloadHex: Buffer.from(payload ?? "", "latin1").toString("hex"),
      });
      skipRecord(cursor);
    }
    page.end = cursor.offset;
    page.restBlank = blank(cursor.offset);
    return page;
  });
}

/** Broken invariants; recovery never meets one on a sound device. */
export function brokenInvariants(pages: DumpedPage[]): string[] {
  const broken: string[] = [];
  const valid = pages.filter((page) => page.page >= 0).sort((one, other) => one.page - other.page);
  const newest = valid.at(-1);
  valid.forEach((page, index) => {
    const where = `page ${String(page.page)} at position ${String(page.position)}`;
    const next = valid[index + 1];
    if (newest !== undefined && page.page <= newest.page - pages.length) broken.push(`${where} is a round behind the newest`);
    if (next !== undefined && next.firstSequence < page.firstSequence) broken.push(`${where} begins with a higher sequence than the page after it`);
    if (next !== undefined && page.settled === false && next.settled) broken.push(`${where} is not settled, the page after it is`);
    let before = page.firstSequence - 1;
    for (const record of page.records) {
      const what = `${where}, record ${String(record.index)}`;
      const last = record.index === page.records.length - 1;
      if (!record.whole && !last && record.state === STATE_NAMES[ROW_PENDING]) broken.push(`${what} is torn, waits, and is not the last of its page`);
      if (page.settledForAll && record.whole && record.state === STATE_NAMES[ROW_PENDING]) broken.push(`${what} waits in a settled page`);
      if (record.sequence < 0) continue;
      if (record.sequence <= before) broken.push(`${what} has sequence ${String(record.sequence)} after ${String(before)}`);
      if (next !== undefined && record.sequence >= next.firstSequence) broken.push(`${what} has a sequence that the page after it begins with`);
      before = record.sequence;
    }
  });
  return broken;
}

function rowText(hex: string): string {
  try {
    return JSON.stringify(decode(Buffer.from(hex, "hex"), { useMaps: true, tags: { 1: (inner) => inner(), 40100: (inner) => inner() } }),
      (_, value: unknown) => (value instanceof Map ? Object.fromEntries(value) : value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value)) ?? hex;
  } catch {
    // Not a row, or one of a newer format: its bytes are shown instead.
    return hex;
  }
}

function pageLines(page: DumpedPage): string[] {
  if (page.page < 0) return [`position ${String(page.position)}: ${page.blank ? "blank" : "no valid header (free: erased before it is used)"}`];
  const lines = [`position ${String(page.position)}: page ${String(page.page)}, first sequence ${String(page.firstSequence)}, lost ${String(page.lost)}, ` +
    `aside ${String(page.aside)}${page.endpoints === 1 ? "" : `, for ${String(page.endpoints)} endpoints`}${page.settledForAll ? ", settled" : page.settled ? ", settled for the first" : ""}, ${String(page.records.length)} records up to ${String(page.end)}` +
    (page.restBlank ? "" : ", then bytes of a torn record")];
  for (const record of page.records) {
    lines.push(`  ${String(record.offset).padStart(4)} #${String(record.index)} ${record.whole ? record.states.join("/") : `TORN (${record.state})`} ` +
      `${String(record.bytes)} bytes ${record.whole ? rowText(record.payloadHex) : ""}`.trimEnd());
  }
  return lines;
}

interface Inspection {
  pages: DumpedPage[];
  broken: string[];
  recovery: string[];
}

function inspect(image: string | Uint8Array, options: RingDumpOptions): Inspection {
  const file = typeof image === "string" ? new Uint8Array(readFileSync(image)) : image;
  const pageBytes = options.pageBytes ?? 4096;
  const offset = options.offset ?? 0;
  const whole = file.slice(offset, options.bytes === undefined ? undefined : offset + options.bytes);
  const count = Math.floor(whole.length / pageBytes);
  if (count < 2) return { pages: [], broken: [`the image has ${String(whole.length)} bytes; a ring has at least two pages of ${String(pageBytes)}`], recovery: [] };
  const crypto = createHostCrypto();
  const area = { address: 0, bytes: count * pageBytes };
  const flash = createImageFlash(whole, pageBytes);
  // The reading functions need a Ring; this one is made on blank flash, so that nothing is recovered in the image.
  const ring = openRing(createImageFlash(new Uint8Array(area.bytes).fill(0xff), pageBytes), crypto, area, "refuseNew");
  ring.flash = flash;
  const pages = readPages(ring, count);
  const endpoints = Math.max(1, ...pages.filter(({ page }) => page >= 0).map((page) => page.endpoints));
  const recovered = openRing(createImageFlash(whole.slice(), pageBytes), crypto, area, "refuseNew", 1, endpoints);
  const oldest = createCursor();
  const waits = firstPending(recovered, oldest);
  const recovery = recovered.head < 0 ? ["recovery: no valid page; the ring begins anew with page 0"] : [
    `recovery: newest page ${String(recovered.head)}, next sequence ${String(recovered.nextSequence)}, ${String(recovered.pending)} records wait` +
      (waits ? `, the oldest in page ${String(oldest.page)} at ${String(oldest.offset)}` : ""),
    `recovery: ${String(recovered.lost)} lost and ${String(recovered.quarantined)} quarantined so far; ` +
      (recovered.headOffset >= pageBytes ? "the next record opens another page" : `the next record goes to page ${String(recovered.head)} at ${String(recovered.headOffset)}`),
  ];
  return { pages, broken: brokenInvariants(pages), recovery };
}

/** Every page and record, and what a start would make of them. Exit code 0, or 2 when there is no such image. */
export function ringDump(image: string | Uint8Array, options: RingDumpOptions = {}): RingDump {
  const { pages, broken, recovery } = inspect(image, options);
  if (options.json === true) return { lines: [JSON.stringify({ pages, broken, recovery }, undefined, 1)], exitCode: pages.length === 0 ? 2 : 0 };
  if (pages.length === 0) return { lines: broken, exitCode: 2 };
  return { lines: [...pages.flatMap(pageLines), ...broken.map((line) => `BROKEN: ${line}`), ...recovery], exitCode: 0 };
}

/** Broken invariants only. Exit code 1 when there is one or when no page is a ring's, 2 when there is no such image. */
export function ringCheck(image: string | Uint8Array, options: RingDumpOptions = {}): RingDump {
  const { pages, broken, recovery } = inspect(image, options);
  if (pages.length === 0) return { lines: broken, exitCode: 2 };
  if (pages.every((page) => page.page < 0)) {
    const written = pages.filter((page) => !page.blank).length;
    return { lines: [`no ring here: ${String(pages.length)} pages, none with a valid header, ${written === 0 ? "all blank" : `${String(written)} of them not blank`}; a board's whole area needs --area`], exitCode: 1 };
  }
  if (broken.length > 0) return { lines: broken.map((line) => `BROKEN: ${line}`), exitCode: 1 };
  return { lines: [`sound: ${String(pages.filter((page) => page.page >= 0).length)} valid pages of ${String(pages.length)}`, ...recovery], exitCode: 0 };
}
