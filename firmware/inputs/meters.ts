/*
 * The S0 meters of a device: from edges to durable pulses.
 *
 * Input: edges and ticks. Output: pulses counted in flash, energy registers in Wh. Invariant: a pulse that
 * the filter has accepted is written to flash at once and read back within this pass or the next; a page that does not
 * take it is reported, and the pulse still counts in memory.
 */
import type { Ports } from "../../hal/ports";
import type { Connector } from "../session/connector";
import { NO_TARIFF, UNPRICED, addEnergy } from "../session/tariff";
import { areReadingsUsed, withReadingsNow } from "../session/readings";
import { addLogLine } from "../session/log";
import type { HardwareConfiguration } from "../configuration/configuration";
import { createS0Meter, s0Edge, s0Tick } from "./s0_meter";
import type { S0Meter } from "./s0_meter";
import type { Area } from "../store/flash_page";
import { verifyWord, countPulse, openMeterPage } from "../store/meter_page";
import type { MeterPage } from "../store/meter_page";
import { modeOf } from "./contacts";

/** Parallel lists, one entry a meter. */
export interface Meters {
  /** -1: the board has no such pin; the register stays as it is. */
  pins: number[];
  filters: S0Meter[];
  pages: MeterPage[];
  /** Meters whose flash failed since start. */
  faults: number;
}

/** Opens the configured meters; `areas` are those of the flash layout, one a meter. */
export function createMeters(ports: Ports, hardware: HardwareConfiguration, areas: Area[], nowMs: number): Meters {
  const meters: Meters = { pins: [], filters: [], pages: [], faults: 0 };
  for (let index = 0; index < hardware.meters.length; index++) {
    const meter = hardware.meters[index]!;
    const absent = ports.pins.open(meter.input.pin, modeOf(meter.input.pull)) !== "ok";
    if (absent) ports.system.log("fault: pin " + meter.input.pin + " does not exist on this board; change meters[" + index + "].pin");
    meters.pins.push(absent ? -1 : meter.input.pin);
    meters.filters.push(createS0Meter(meter, absent ? 1 - meter.input.activeLevel : ports.pins.read(meter.input.pin), nowMs));
    meters.pages.push(openMeterPage(ports.flash, ports.crypto, areas[index]!, meter.pulsesPerKwh, meter.registerWh));
    // The same text for all: once in memory.
    meters.pages[index]!.patterns = meters.pages[0]!.patterns;
  }
  return meters;
}

/** Meter `index` has `level` since `atMs`, by an edge or by a reading of its pin: counts the pulse that ended, if it was one. */
export function meterEdge(meters: Meters, index: number, level: number, atMs: number): void {
  if (s0Edge(meters.filters[index]!, level, atMs) > 0) countPulse(meters.pages[index]!);
}

/** Counts the pulse of meter `index` whose level has lasted by `nowMs`; keeps power and fault. */
export function advanceMeter(meters: Meters, index: number, nowMs: number): void {
  if (s0Tick(meters.filters[index]!, nowMs) > 0) countPulse(meters.pages[index]!);
}

/** Reads back what was counted of meter `index` in this pass. */
export function verifyPulses(meters: Meters, index: number, connector: Connector): void {
  const page = meters.pages[index]!;
  if ((page.verifiedEnd !== page.patternEnd || page.page < 0) && verifyWord(page) !== "stored" && meters.faults === 0) {
    // Logged once: every further pulse of a failed page would repeat it.
    meters.faults++;
    addLogLine(connector, "fault: flash write failed for meter " + (index + 1) + "; replace the board");
  }
}

/** Power and stuck inputs, at least once a second. `lostEdges`: the queue was full, so levels are read anew. */
export function metersTick(meters: Meters, ports: Ports, nowMs: number, lostEdges: boolean): void {
  for (let index = 0; index < meters.pins.length; index++) {
    if (lostEdges && meters.pins[index]! >= 0) meterEdge(meters, index, ports.pins.read(meters.pins[index]!), nowMs);
    advanceMeter(meters, index, nowMs);
  }
}

/** Energy that meter `index` has metered since its first pulse, without corrections, Wh; -1 when there is no such meter. */
function totalWh(meters: Meters, index: number): number {
  return index < 0 || index >= meters.pages.length ? -1 : meters.pages[index]!.energyWh - meters.pages[index]!.correctedWh;
}

/**
 * Takes up the bound meter after a start: a session that runs keeps what was metered for it before, at the price of then,
 * and goes on with the meter and the tariff that are configured now. Where its meter is no longer configured, its energy
 * is unknown from here on. @apart
 */
export function bindMeter(connector: Connector, meters: Meters): void {
  const session = connector.session;
  const cost = session.cost;
  const bound = connector.configuration.boundMeter;
  if (bound >= 0 && bound < meters.pages.length) connector.correctedWh = meters.pages[bound]!.correctedWh;
  if (!session.active) return;
  const index = session.meter < 0 ? bound : session.meter;
  const before = totalWh(meters, index);
  const now = totalWh(meters, bound);
  // Power cut before the next state is stored: the same again. Pulses of the milliseconds in between have the old price.
  if (before >= 0 && !session.paused && cost.pricedWh >= 0 && cost.pricedWh !== UNPRICED) {
    if (cost.priceMilli === NO_TARIFF) cost.pricedWh = before;
    else if (cost.priceMilli >= 0) addEnergy(cost, before, cost.priceMilli);
  }
  cost.priceMilli = connector.configuration.tariff === undefined ? NO_TARIFF : -1;
  if (index === bound) return;
  const isKnown = session.energyWh >= 0 && before >= session.meteredWh && now >= 0;
  addLogLine(connector, isKnown ? "meter " + (bound + 1) + " goes on where meter " + (session.meter + 1) + " stopped" : "the session's meter is gone: its energy and cost are unknown");
  session.energyWh = isKnown ? session.energyWh + before - session.meteredWh : -1;
  // A price that could not be worked out for the first meter stays unknown.
  cost.pricedWh = isKnown && cost.pricedWh === before ? now : UNPRICED;
  session.meteredWh = now;
  session.meter = bound;
  connector.dirty = true;
}

/** Where columns hold a meter's own values: what stands of each meter now. */
export function readMeters(meters: Meters, connector: Connector): void {
  const configuration = connector.configuration;
  const next = configuration.next;
  if (!areReadingsUsed(configuration.columns) && (next === undefined || !areReadingsUsed(next.columns))) return;
  const registers: number[] = [];
  const totals: number[] = [];
  for (let index = 0; index < meters.pages.length; index++) {
    registers.push(registerWh(meters, index));
    totals.push(totalWh(meters, index));
  }
  connector.readings = withReadingsNow(connector.readings, registers, totals);
}

/** Register of meter `index` in whole Wh; -1 when there is none. */
export function registerWh(meters: Meters, index: number): number {
  return index < 0 || index >= meters.pages.length ? -1 : meters.pages[index]!.energyWh;
}
