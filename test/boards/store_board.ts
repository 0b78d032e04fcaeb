/*
 * One store on one flash, and the check of its promises.
 *
 * Input: operations of a scenario. Output: the first broken promise, as an Error. Invariant: the check reads
 * only through the store's own functions, as the device does after a start.
 */
import type { Blob } from "../../firmware/store/blob";
import type { MeterPage } from "../../firmware/store/meter_page";
import type { Ring, RingCursor } from "../../firmware/store/ring_page";
import type { KeyValueStore } from "../../firmware/store/key_value_store";
import { u32, u8 } from "../../firmware/base/bytes";
import { unary, withCrc } from "../../firmware/store/flash_page";
import { createHostCrypto } from "../../hal/host/crypto";
import { createMockFlash } from "../../hal/mock/flash";
import type { FlashFaults, MockFlash } from "../../hal/mock/flash";
import { contentOf, copyModel, createModel, payloadOf } from "../power/model";
import type { Model, Operation, Place, Row } from "../power/model";
import { present } from "../../exosphere/invariant";
import type { Scenario } from "../power/scenarios";
import type { StoreModules } from "../power/store_modules";

const crypto = createHostCrypto();
/** Pulses on the page of format 1 that a meter begins with. */
const OLD_PULSES = 5;

function promise(kept: boolean, what: string): void {
  if (!kept) throw new Error(what);
}

/** Whether flash itself is to fail in this case; then "fault" is a right answer. */
function failing(world: StoreTestBoard): boolean {
  const { silentWrites, stuckPages, scarredPages } = world.flash.faults;
  return silentWrites.length + stuckPages.length + scarredPages.length > 0;
}

export interface StoreTestBoard {
  scenario: Scenario;
  store: StoreModules;
  flash: MockFlash;
  ring: Ring | undefined;
  state: KeyValueStore | undefined;
  meter: MeterPage | undefined;
  blob: Blob | undefined;
  model: Model;
  /** Serial number of the next value or document. */
  number: number;
  /** The operation under way, and the row or content it is about. */
  current: Operation | undefined;
  row: Row | undefined;
  content: string;
  /** The row of "hold"; forgotten at a start. */
  held: { cursor: RingCursor; row: Row | undefined } | undefined;
}

/** Opens every part that the scenario uses, as a start of the device does. */
export function startStoreTestBoard(world: StoreTestBoard): void {
  const { flash, scenario, store } = world;
  flash.start();
  let address = 0;
  const area = (pages: number): { address: number; bytes: number } => {
    const part = { address, bytes: pages * flash.pageBytes };
    address += part.bytes;
    return part;
  };
  world.held = undefined;
  const { ring = 0, state = 0, meter = 0, blob = 0 } = scenario.pages;
  if (ring > 0) world.ring = store.ring.openRing(flash, crypto, area(ring), scenario.whenFull ?? "refuseNew", 1, scenario.endpoints ?? 1);
  if (state > 0) world.state = store.state.openKeyValueStore(flash, crypto, area(state));
  if (meter > 0) world.meter = store.meter.openMeterPage(flash, crypto, area(meter), 1000, world.model.registerWh);
  if (blob > 0) world.blob = store.blob.openBlob(flash, crypto, area(blob));
}

export function createStoreTestBoard(scenario: Scenario, store: StoreModules, faults: Partial<FlashFaults> = {}): StoreTestBoard {
  const pages = Object.values(scenario.pages).reduce((sum, count) => sum + count, 0);
  const content = new Uint8Array(pages * 1024).fill(255);
  const { oldMeterWh, pages: { ring: ringPages = 0, state: statePages = 0 } } = scenario;
  if (oldMeterWh !== undefined) content.set(Buffer.from(withCrc(crypto, `SDM${u8(1)}${u32(0)}${u32(1000)}${u32(oldMeterWh - OLD_PULSES)}${u32(0)}${u32(0)}`) + unary(OLD_PULSES, 4), "latin1"), (ringPages + statePages) * 1024);
  const flash = createMockFlash(pages * 1024, { pageBytes: 1024, content, faults });
  const world: StoreTestBoard = {
    scenario, store, flash, ring: undefined, state: undefined, meter: undefined, blob: undefined,
    model: createModel(), number: 1, current: undefined, row: undefined, content: "", held: undefined,
  };
  world.model.energyWh = world.model.safeWh = world.model.meteredWh = oldMeterWh ?? 0;
  startStoreTestBoard(world);
  return world;
}

/** The same world on a copy of its flash, with faults to come. */
export function copyStoreTestBoard(world: StoreTestBoard, faults: Partial<FlashFaults>): StoreTestBoard {
  const flash = createMockFlash(world.flash.bytes.length, { pageBytes: 1024, content: world.flash.bytes.slice(), faults });
  flash.steps = world.flash.steps;
  flash.writes = world.flash.writes;
  const on = <Part extends object>(part: Part | undefined): Part | undefined => (part === undefined ? undefined : { ...part, flash });
  const ring = on(world.ring);
  if (ring !== undefined) ring.others = ring.others.map((place) => ({ ...place }));
  const copy = { ...world, flash, ring, state: on(world.state), meter: on(world.meter), blob: on(world.blob), model: copyModel(world.model) };
  if (copy.state !== undefined) copy.state.offsets = copy.state.offsets.slice();
  return copy;
}

/** A row as the endpoint `endpoint` has it. */
export function placeOf(row: Row, endpoint: number): Place {
  return present(row.places[endpoint], "a row has a place for each endpoint");
}

/** Payloads that wait for the selected endpoint, in the ring's order. */
export function shownRows(world: StoreTestBoard): string[] {
  const { page, pending } = world.store;
  const ring = world.ring;
  const shown: string[] = [];
  if (ring === undefined) return shown;
  const cursor = page.createCursor();
  for (let found = pending.firstPending(ring, cursor); found; found = pending.nextPending(ring, cursor)) {
    const payload = pending.readPending(ring, cursor);
    if (payload !== undefined) shown.push(payload);
    promise(shown.length < 10_000, "the list of waiting rows has no end");
  }
  return shown;
}

/** With the policy dropOldest, waiting rows may go: the oldest ones, up to the first that is shown. */
export function settleDropped(model: Model, shown: Set<string>): void {
  for (const row of model.rows) {
    const place = placeOf(row, 0);
    if (place.status !== "pending") continue;
    if (shown.has(row.payload)) return;
    place.status = "dropped";
    model.dropped++;
  }
}

function appendRow(world: StoreTestBoard, ring: Ring, bytes: number): void {
  const { model, store } = world;
  const headBefore = ring.head;
  world.row = { sequence: ring.nextSequence, payload: payloadOf(ring.nextSequence, bytes), places: Array.from({ length: ring.endpoints }, () => ({ status: "pending" as const, doubt: false })) };
  const answer = store.ring.appendRecord(ring, world.row.payload);
  if (answer === "stored") {
    promise(world.row.sequence > model.highest, `sequence ${world.row.sequence} was used again`);
    model.highest = world.row.sequence;
    model.rows.push(world.row);
  } else if (answer === "full") model.refused++;
  else promise(failing(world), "append said fault on sound flash");
  if (world.scenario.whenFull === "dropOldest" && (answer === "fault" || ring.head !== headBefore)) settleDropped(model, new Set(shownRows(world)));
}

function markRow(world: StoreTestBoard, ring: Ring, aside: boolean, nth: number, endpoint: number): void {
  const { page, pending, endpoints } = world.store;
  endpoints.selectEndpoint(ring, endpoint);
  const cursor = page.createCursor();
  let found = pending.firstPending(ring, cursor);
  for (let index = 0; found && index < nth; index++) found = pending.nextPending(ring, cursor);
  if (!found) return;
  const payload = pending.readPending(ring, cursor);
  world.row = world.model.rows.find((row) => row.payload === payload);
  const place = world.row === undefined ? undefined : placeOf(world.row, endpoint);
  promise(place?.status === "pending" || place?.doubt === true, "a row is shown that is not waiting");
  const answer = aside ? pending.quarantine(ring, cursor) : pending.acknowledge(ring, cursor);
  if (answer === "ok" && place !== undefined) {
    place.status = aside ? "aside" : "acknowledged";
    place.doubt = false;
  }
  endpoints.selectEndpoint(ring, 0);
}

function holdRow(world: StoreTestBoard, ring: Ring): void {
  const cursor = world.store.page.createCursor();
  if (!world.store.pending.firstPending(ring, cursor)) return;
  const payload = world.store.pending.readPending(ring, cursor);
  world.held = { cursor, row: world.model.rows.find((row) => row.payload === payload) };
}

function releaseRow(world: StoreTestBoard, ring: Ring): void {
  if (world.held === undefined) return;
  const row = world.model.rows.find((one) => one.sequence === world.held?.row?.sequence);
  world.row = row;
  if (world.store.pending.acknowledge(ring, world.held.cursor) === "ok" && row !== undefined && placeOf(row, 0).status === "pending") placeOf(row, 0).status = "acknowledged";
}

/** Does one operation, with the model following. A PowerCut leaves `current` set. */
export function applyOperation(world: StoreTestBoard, operation: Operation): void {
  const { model, store } = world;
  world.current = operation;
  world.row = undefined;
  if (operation.op === "append" && world.ring !== undefined) appendRow(world, world.ring, operation.bytes);
  else if ((operation.op === "acknowledge" || operation.op === "aside") && world.ring !== undefined) markRow(world, world.ring, operation.op === "aside", operation.nth, operation.endpoint ?? 0);
  else if (operation.op === "hold" && world.ring !== undefined) holdRow(world, world.ring);
  else if (operation.op === "release" && world.ring !== undefined) releaseRow(world, world.ring);
  else if (operation.op === "pulse" && world.meter !== undefined) {
    if (store.meter.countPulse(world.meter) === "stored") {
      model.energyWh++;
      model.meteredWh++;
    } else promise(failing(world), "countPulse said fault on sound flash");
  } else if (operation.op === "check" && world.meter !== undefined) {
    if (store.meter.verifyWord(world.meter) === "stored") model.safeWh = model.energyWh;
  } else if (operation.op === "register") {
    model.registerWh = operation.registerWh;
    startStoreTestBoard(world);
    model.energyWh = model.safeWh = operation.registerWh;
    if (failing(world) && world.meter !== undefined) model.meteredWh = world.meter.energyWh - world.meter.correctedWh;
  } else if (operation.op === "state" && world.state !== undefined) {
    world.content = contentOf(world.number++, operation.bytes);
    if (store.state.putValue(world.state, operation.kind, world.content) === "stored") model.values.set(operation.kind, world.content);
  } else if (operation.op === "document" && world.blob !== undefined) {
    world.content = contentOf(world.number++, operation.bytes);
    let answer: string = store.blobWrite.beginBlob(world.blob);
    for (let at = 0; at < world.content.length && answer === "ok"; at += 300) answer = store.blobWrite.appendBlob(world.blob, world.content.slice(at, at + 300));
    if (answer === "ok" && store.blobWrite.commitBlob(world.blob) === "stored") model.document = world.content;
  } else if (operation.op === "restart") {
    world.flash.boot();
    startStoreTestBoard(world);
  }
  world.current = undefined;
}

export { promise };
