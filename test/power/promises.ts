/*
 * The promises of a store, checked after a start.
 *
 * Input: a world whose parts were just opened. Output: an Error that names the broken promise; what was in
 * doubt is settled in the model. Invariant: nothing is accepted that a user could notice.
 */
import { contentOf } from "./model";
import type { Row } from "./model";
import type { Ring } from "../../firmware/store/ring_page";
import { placeOf, promise, settleDropped, shownRows } from "../boards/store_board";
import type { StoreTestBoard } from "../boards/store_board";

function checkRing(world: StoreTestBoard): void {
  if (world.ring === undefined) return;
  for (let endpoint = 0; endpoint < world.ring.endpoints; endpoint++) {
    world.store.endpoints.selectEndpoint(world.ring, endpoint);
    checkPlace(world, world.ring, endpoint);
  }
  world.store.endpoints.selectEndpoint(world.ring, 0);
}

/** Checks the rows that the selected endpoint is shown. */
function checkPlace(world: StoreTestBoard, ring: Ring, endpoint: number): void {
  const { model } = world;
  const list = shownRows(world);
  const shown = new Set(list);
  promise(shown.size === list.length, "a row is shown twice");
  if (world.scenario.whenFull === "dropOldest" && world.current?.op === "append") settleDropped(model, shown);
  if (world.current?.op === "append" && world.row !== undefined && shown.has(world.row.payload) && !model.rows.includes(world.row)) {
    model.rows.push(world.row);
    if (world.row.sequence > model.highest) model.highest = world.row.sequence;
  }
  const expected: Row[] = [];
  for (const row of model.rows) {
    const place = placeOf(row, endpoint);
    const isDeciding = world.current !== undefined && "endpoint" in world.current ? world.current.endpoint === endpoint : endpoint === 0;
    const cutOff = isDeciding && (world.current?.op === "acknowledge" || world.current?.op === "aside" || world.current?.op === "release") && world.row?.sequence === row.sequence;
    if (cutOff || place.doubt) {
      place.doubt = true;
      place.status = shown.has(row.payload) ? "pending" : "acknowledged";
    }
    if (place.status === "pending") expected.push(row);
  }
  for (const row of expected) promise(shown.has(row.payload), `row ${row.sequence} was stored and is gone`);
  for (const row of model.rows) promise(placeOf(row, endpoint).status === "pending" || !shown.has(row.payload), `row ${row.sequence} is ${placeOf(row, endpoint).status} and shown as new`);
  promise(expected.length === list.length, "a row is shown that was never appended");
  expected.forEach((row, index) => promise(list[index] === row.payload, `row ${row.sequence} is out of order`));
  promise(ring.nextSequence > model.highest, `the next sequence ${ring.nextSequence} is not above ${model.highest}`);
  promise(ring.pending === list.length, `pending says ${ring.pending}, there are ${list.length}`);
  if (endpoint === 0 && world.current?.op === "append" && !shown.has(world.row?.payload ?? "") && ring.lost === model.refused + model.dropped + 1) model.refused++;
  promise(ring.lost <= model.refused + model.dropped, "more losses are reported than there were");
}

function checkMeter(world: StoreTestBoard): void {
  const { meter, model, current } = world;
  if (meter === undefined) return;
  const silent = world.flash.faults.silentWrites.length > 0;
  const least = silent ? model.safeWh : model.energyWh;
  const most = model.energyWh + (current?.op === "pulse" ? 1 : 0);
  if (current?.op === "register") promise(meter.energyWh === model.registerWh, "the register's new setting is lost");
  else promise(meter.energyWh >= least && meter.energyWh <= most, `the register is ${meter.energyWh}, between ${least} and ${most} Wh were counted`);
  const metered = meter.energyWh - meter.correctedWh;
  const expected = current?.op === "register" ? model.meteredWh : model.meteredWh + meter.energyWh - model.energyWh;
  promise(metered === expected, `${metered} Wh were metered, says the page, and ${expected} were`);
  model.meteredWh = metered;
  model.energyWh = model.safeWh = meter.energyWh;
}

function checkState(world: StoreTestBoard): void {
  const { state, model, current } = world;
  if (state === undefined) return;
  for (let kind = 1; kind <= 15; kind++) {
    const found = world.store.state.getValue(state, kind);
    if (current?.op === "state" && current.kind === kind && found === world.content) model.values.set(kind, world.content);
    promise(found === model.values.get(kind), `value ${kind} is not the one stored last`);
  }
}

function checkDocument(world: StoreTestBoard): void {
  const { blob, model, current } = world;
  if (blob === undefined) return;
  const found = world.store.blob.readBlob(blob, 0, 8192);
  if (current?.op === "document" && found === world.content) model.document = world.content;
  promise(found === model.document, "the document is neither the old nor the new one");
}

/** Checks everything that is open; afterwards nothing is in doubt. */
export function checkPromises(world: StoreTestBoard): void {
  checkRing(world);
  checkMeter(world);
  checkState(world);
  checkDocument(world);
  world.current = undefined;
  world.row = undefined;
  world.content = contentOf(0, 0);
}
