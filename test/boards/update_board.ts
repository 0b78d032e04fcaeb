/*
 * A whole device on mocks whose program lies in slots, a loader, and an endpoint that offers a release.
 *
 * Input: slots, faults of flash and network, what an endpoint offers. Output: which slot runs, what the status says.
 * Invariant: the loader is docs/STORAGE.md section 9.3 word for word; a restart goes through it; the endpoint believes
 * and signs as the product's does.
 */
import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import { contentDigest, readSignature, sign, verify, type Components } from "../../exosphere/devices/signature";
import { instructionsFrom } from "../../exosphere/releases/instructions";
import { imageDocument, type ReleaseImage } from "../../exosphere/releases/release_file";
import { hostModules } from "../../boards/host/modules";
import { createDevice } from "../../firmware/boot";
import { provision } from "../../firmware/configuration/provision";
import { tick, type Device } from "../../firmware/device";
import { KEY_TRUST } from "../../firmware/store/keys";
import { putValue } from "../../firmware/store/key_value_store";
import { ON_TRIAL } from "../../firmware/sync/sync";
import { createMockBoard, type MockBoard } from "../../hal/mock";
import { createMockFlash, PowerCut, type MockFlash } from "../../hal/mock/flash";
import type { ServerAnswer } from "../../hal/mock/http";
import type { HttpPort, HttpRequest, ProgramSlots, SlotsPort } from "../../hal/ports";
import { KEY as RELEASE_KEY } from "../unit/update/update_world";
import { bytesOf, exampleDocument } from "./device_board";
import { createEndpointModel, KEY, KEY_ID, type EndpointModel } from "./endpoint_model";

const PAGE_BYTES = 1024;
const STORE_BYTES = 0xc000;
const PLACE_BYTES = 40 * PAGE_BYTES;
const PLACES: Record<string, number> = { a: STORE_BYTES, b: STORE_BYTES + PLACE_BYTES };
const MARK_PAGE = STORE_BYTES + 2 * PLACE_BYTES;
const ATTEMPTS_MAX = 3;

export interface UpdateBoard {
  board: MockBoard;
  flash: MockFlash;
  endpoint: EndpointModel;
  device: Device | undefined;
  /** Offer number and image; 0 offers nothing. */
  offer: { number: number; image: ReleaseImage };
  /** Another answer to a fetch; undefined: the usual one. */
  spoil: (path: string, bytes: number, text: Buffer) => { bytes: number; text: Buffer } | undefined;
  /** Paths with query of all fetches. */
  fetches: string[];
  /** Letter of the slot that runs. */
  running: string;
  /** Power cuts that were survived, and what happens before the start behind each. */
  cuts: number;
  afterCut: () => void;
  /** Whether the program of this slot gets through its start: false, and it throws. */
  starts: (letter: string) => boolean;
  /** A start through the loader, as after a power cut. */
  start(): void;
  /** Lets time pass; a program that restarts is started again. */
  run(seconds: number): void;
  /** One tick after so many milliseconds. */
  step(ms: number): void;
  /** Words of status key 18, newest. */
  said(): string;
}

/** `http`: an endpoint of one's own over this port, instead of the model; `change` sets its address. */
export function createUpdateBoard(running: Buffer, image: ReleaseImage, trusted: Buffer = RELEASE_KEY, change: (document: Record<string, unknown>) => void = () => undefined, http?: HttpPort, seed = 1): UpdateBoard {
  const flash = createMockFlash(MARK_PAGE + PAGE_BYTES, { pageBytes: PAGE_BYTES });
  flash.bytes.set(running, PLACES.a);
  const board = createMockBoard({ flash, seed });
  const ports = http === undefined ? board : { ...board, http };
  for (const [name, module] of Object.entries(hostModules())) board.system.modules.set(name, module);
  const description = { name: "linux", areas: [{ address: 0, bytes: STORE_BYTES }] };
  const endpoint = createEndpointModel();
  endpoint.epochS = () => board.clock.trueEpochS();
  const digits = (at: number, count: number): string => Buffer.from(flash.bytes.subarray(PLACES[desk.running]! + at, PLACES[desk.running]! + at + count)).toString("latin1");
  let confirmAt = -1;
  const slots: SlotsPort = {
    findSlots: (): ProgramSlots => ({
      letter: desk.running, running: PLACES[desk.running]!, runningBytes: Number(digits(14, 8)), other: PLACES[desk.running === "a" ? "b" : "a"]!, otherBytes: PLACE_BYTES,
      markPage: MARK_PAGE, confirmAt, release: Number(digits(48, 8)), crc: digits(4, 10), family: digits(22, 10).trim(), interpreter: 2029,
    }),
    slotConfirmed: () => { confirmAt = -1; },
  };
  board.system.modules.set("slots", slots);

  function isWhole(letter: string): boolean {
    const at = PLACES[letter]!;
    const head = Buffer.from(flash.bytes.subarray(at, at + 24)).toString("latin1");
    const bytes = Number(head.slice(14, 22));
    return head.startsWith("SDP2") && bytes > 14 && bytes <= PLACE_BYTES && crc32(flash.bytes.subarray(at + 14, at + bytes)) === Number(head.slice(4, 14));
  }

  /** The loader: the slot to run, with its attempt counted. */
  function choose(): string {
    const page = Buffer.from(flash.bytes.subarray(MARK_PAGE, MARK_PAGE + PAGE_BYTES)).toString("latin1");
    const at = Math.max(page.lastIndexOf("SDLa"), page.lastIndexOf("SDLb"));
    const other = (letter: string): string => (letter === "a" ? "b" : "a");
    const marked = at < 0 ? "a" : page.charAt(at + 3);
    let onTrial = at >= 0 && page.charCodeAt(at + 8) === 255;
    let tried = 0;
    while (tried < ATTEMPTS_MAX && page.charCodeAt(at + 4 + tried) !== 255) tried++;
    let letter = marked;
    if (onTrial && tried === ATTEMPTS_MAX) letter = other(marked);
    if (!isWhole(letter)) letter = other(letter);
    onTrial &&= letter === marked;
    assert.ok(isWhole(letter), "the board runs nothing");
    confirmAt = onTrial ? MARK_PAGE + at + 8 : -1;
    if (onTrial) flash.write(MARK_PAGE + at, `SDL${letter}${"\0".repeat(tried + 1).padEnd(4, "\xff")}`);
    return letter;
  }

  function fetched(request: HttpRequest): ServerAnswer {
    const url = new URL(request.url);
    const header = (name: string): string => request.headers[request.headers.indexOf(name) + 1]!;
    const received = readSignature(header("Signature-Input"), header("Signature"));
    const components: Components = [["@method", "GET"], ["@path", url.pathname], ["@query", url.search]];
    assert.ok(received !== undefined && verify(received, Buffer.from(KEY, "latin1"), components), "the device's signature is right");
    desk.fetches.push(url.pathname.replace("/api/v1/firmware/", "") + url.search);
    const from = Number(url.searchParams.get("from"));
    const offered = Number(url.searchParams.get("offer"));
    const most = Number(url.searchParams.get("bytes"));
    const { slot, manifest } = desk.offer.image;
    const document = imageDocument(desk.offer.image);
    const current = Buffer.from(flash.bytes.subarray(PLACES[desk.running]!, PLACES[desk.running]! + Number(digits(14, 8))));
    const isDocument = url.pathname.endsWith("/document");
    const text = isDocument ? document.subarray(from, from + most) : instructionsFrom(slot, manifest.pieceBytes, from, current, most + 32);
    const said = desk.spoil(url.pathname, isDocument ? document.length : slot.length, text) ?? { bytes: isDocument ? document.length : slot.length, text };
    const head = Buffer.alloc(12);
    head.writeUInt32BE(offered, 0);
    head.writeUInt32BE(said.bytes, 4);
    head.writeUInt32BE(from, 8);
    const status = offered === desk.offer.number ? 200 : 404;
    const body = Buffer.concat([head, said.text]).toString("latin1");
    const digest = contentDigest(Buffer.from(body, "latin1"));
    const made = sign(Buffer.from(KEY, "latin1"), [["@status", String(status)], ["content-digest", digest], ["content-type", "application/octet-stream"]], { created: endpoint.epochS(), boot: received.boot, counter: received.counter, keyId: KEY_ID });
    return { status, body, contentType: "application/octet-stream", contentDigest: digest, signatureInput: made.signatureInput, signature: made.signature };
  }

  /** Power that fails within `work` comes back, again and again if it must. */
  function survive(work: () => void): void {
    for (let next = work; ;) {
      try {
        next();
        return;
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
        desk.cuts++;
        flash.faults.cutStep = -1;
        desk.afterCut();
        next = () => desk.start();
      }
    }
  }

  const desk: UpdateBoard = {
    board, flash, endpoint, device: undefined, offer: { number: 0, image }, spoil: () => undefined, fetches: [], running: "a", cuts: 0, afterCut: () => undefined, starts: () => true,
    start() {
      for (let starts = 0; ; starts++) {
        assert.ok(starts < 10, "the board starts for ever");
        board.boot();
        // Bits that a cut left weak may fall back from the second start on; a planned cut stays planned.
        const { cutStep } = flash.faults;
        flash.boot();
        flash.faults.cutStep = cutStep;
        desk.running = choose();
        if (!desk.starts(desk.running)) continue;
        desk.device = createDevice(ports, description);
        if (desk.device !== undefined) break;
        const trial = hostModules().trial as { giveBackUnconfigured(ports: unknown, board: unknown): boolean };
        if (confirmAt < 0 || !trial.giveBackUnconfigured(ports, description)) break;
      }
      // A version that a cable brought is confirmed at once, as boards/espruino_main.ts does it.
      if (confirmAt >= 0 && desk.device?.sync.settledOffer !== ON_TRIAL) {
        flash.write(confirmAt, "\0\0\0\0");
        confirmAt = -1;
      }
    },
    run(seconds) {
      for (let passed = 0; passed < seconds * 20; passed++) desk.step(50);
    },
    step(ms) {
      board.clock.advance(ms);
      survive(() => {
        if (desk.device !== undefined) tick(desk.device);
        if (board.system.restartReason !== "") desk.start();
      });
    },
    said: () => String(endpoint.statuses[endpoint.statuses.length - 1]?.get(18) ?? ""),
  };
  board.http.serve = (request) => {
    if (request.method === "GET") return fetched(request);
    endpoint.extra = { firmware: desk.offer.number };
    return endpoint.serve(request);
  };
  const document = exampleDocument();
  document.endpoint = { url: "http://endpoint:8090", keyId: KEY_ID, key: Buffer.from(KEY, "latin1").toString("hex").toUpperCase() };
  change(document);
  const mistakes = provision(board, description, bytesOf(document));
  assert.equal(mistakes, "");
  for (const pin of [25, 26]) board.pins.set(pin, 1);
  desk.start();
  assert.ok(desk.device !== undefined);
  if (trusted.length > 0) assert.equal(putValue(desk.device.keyValues, KEY_TRUST, trusted.toString("latin1")), "stored");
  return desk;
}
