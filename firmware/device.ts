/*
 * The device: drives the core, tick by tick.
 *
 * Input: the ports, and the record that device_start made of what flash holds. Output: rows in the ring,
 * uploads, Log lines, outputs. Invariants: all of the core runs inside tick and edgesTick, never in a callback; the order
 * of a tick is fixed: inputs, block, rows, uplink, outputs; what a device would do in a tick that it lets be left out
 * can wait a second.
 */
import type { Instant, PinEdge, Ports } from "../hal/ports";
import type { Connector } from "./session/connector";
import { connectorStep, connectorTick } from "./session/effects";
import { onStored } from "./session/row_write";
import type { Configuration } from "./configuration/configuration";
import { TICK_MS } from "./limits";
import type { Moment } from "./session/row";
import { s0Settle } from "./inputs/s0_meter";
import type { Blob } from "./store/blob";
import { countPulse } from "./store/meter_page";
import { appendRecord } from "./store/ring";
import type { Ring } from "./store/ring_page";
import { KEY_SESSION } from "./store/keys";
import { putValue } from "./store/key_value_store";
import type { KeyValueStore } from "./store/key_value_store";
import { moment } from "./base/wall_clock";
import type { Wall } from "./base/wall_clock";
import { uploaderTick } from "./uplink/uploader";
import type { Uploader } from "./uplink/uploader";
import { readAnalogInputs } from "./inputs/analog";
import { apiTick, authorizeCall, acceptRemoteCommand } from "./commands/api";
import type { Api } from "./commands/api";
import { cardReadersTick } from "./inputs/cards";
import type { CardReader } from "./inputs/cards";
import { contactEdge, contactsTick } from "./inputs/contacts";
import type { Contacts } from "./inputs/contacts";
import { meterEdge, metersTick, verifyPulses, registerWh } from "./inputs/meters";
import type { Meters } from "./inputs/meters";
import { checkHealth } from "./health";
import { networkTick } from "./uplink/network";
import type { Network } from "./uplink/network";
import { LED_ACTIVE, LED_FAULT, LED_OFF, LED_OFFLINE, LED_PENDING, LED_STEP_MS, outputsTick } from "./outputs";
import type { Outputs } from "./outputs";
import { pollApiCall, isConnectorIdle, areInputsIdle, isUploaderIdle, isSyncIdle } from "./idle";
import { lookUpUser } from "./session/users";
import { syncTick } from "./sync/sync";
import type { Sync } from "./sync/sync";
import type { DeviceBoard } from "./store/layout";

/** Calls of tick that a device may leave out: so many that, at TICK_MS, a step of its blinking LED, or else a second passes until the next. */
const SKIP_TICKS_BLINKING = Math.floor(LED_STEP_MS / TICK_MS) - 1;
const SKIP_TICKS_MAX = Math.floor(1000 / TICK_MS) - 1;
/** Seconds between two looks at the device's health. */
const HEALTH_S = 30;

export interface Device {
  ports: Ports;
  board: DeviceBoard;
  now: Instant;
  moment: Moment;
  edge: PinEdge;
  lostEdges: number;
  /** Of these, as many as the last look at the health has told. */
  reportedLostEdges: number;
  configuration: Configuration;
  keyValues: KeyValueStore;
  /** undefined on a board without room for a list of users. */
  usersBlob: Blob | undefined;
  ring: Ring;
  wall: Wall;
  connector: Connector;
  contacts: Contacts;
  meters: Meters;
  readers: CardReader[];
  api: Api;
  uploader: Uploader;
  network: Network;
  sync: Sync;
  outputs: Outputs;
  /** Uptime of the next look at the device's health. */
  healthAtS: number;
  /** Whether the user of the session is on the list; what a relay may follow. */
  knownCard: boolean;
}

/** Does what the connector asks for until it asks for nothing more. */
function runConnector(device: Device): void {
  const connector = device.connector;
  const ports = device.ports;
  for (;;) {
    const effect = connectorStep(connector, device.ring.nextSequence);
    if (effect === "none") break;
    if (effect === "user") {
      const user = lookUpUser(device.usersBlob, connector.session.uid, device.moment.epochS);
      device.knownCard = user.state === "known";
      connector.user = user;
    } else if (effect === "readAnalogInputs") readAnalogInputs(ports, device.configuration, connector);
    else {
      let result: "stored" | "full" | "fault";
      if (effect === "state") result = putValue(device.keyValues, KEY_SESSION, connector.payload);
      else result = appendRecord(device.ring, connector.payload);
      onStored(connector, result);
    }
  }
}

/** Takes up who asks for a command, and does the next command of the one who is served. */
function serveApi(device: Device): void {
  const api = device.api;
  if (api.serves === "asked") authorizeCall(api, device.ports, device.configuration.apiToken);
  else if (api.serves === "idle") acceptRemoteCommand(api, device.uploader, device.keyValues);
  if (api.serves !== "idle") apiTick(api, device.ports, device.connector, device.uploader, device.now);
}

/** Hands the waiting lines of the Log to the console. */
function printLogLines(device: Device): void {
  const lines = device.connector.lines;
  if (lines.length === 0) return;
  for (let index = 0; index < lines.length; index++) device.ports.system.log(lines[index]);
  device.connector.lines = [];
}

function ledPattern(device: Device): string {
  const uploader = device.uploader;
  if (uploader.status.faults !== "" || device.connector.session.lost > 0) return LED_FAULT;
  if (device.connector.session.active) return LED_ACTIVE;
  if (uploader.uploadError !== "") return LED_OFFLINE;
  return device.ring.pending > 0 ? LED_PENDING : LED_OFF;
}

/**
 * A pass in which nothing has come but edges, none of them lost: takes them, and counts the pulses among them.
 * "contact": another input has changed, so a tick is due; "filtering": it has to be seen yet whether a pulse lasts, so
 * another such pass is due; "settled": none is before the next edge.
 */
export function edgesTick(device: Device): "contact" | "filtering" | "settled" {
  const ports = device.ports;
  const edge = device.edge;
  const meters = device.meters;
  let found: "contact" | "filtering" | "settled" = "settled";
  while (ports.pins.take(edge)) {
    if (!meterEdge(meters, edge)) {
      contactEdge(device.contacts, edge);
      found = "contact";
    }
  }
  for (let index = 0; index < meters.pins.length; index++) {
    const filter = meters.filters[index];
    if (filter.level !== filter.latched && filter.level === filter.activeLevel) {
      ports.clock.read(device.now);
      if (s0Settle(filter, device.now.ms) > 0) countPulse(meters.pages[index]);
      else if (found === "settled") found = "filtering";
    }
    verifyPulses(meters, index, device.connector);
  }
  return found;
}

/**
 * One pass: to be called every 10 to 50 ms, later under load; nothing is lost as long as the queues hold. Returns
 * how many of the next calls may be left out as long as nothing comes to any port but edges, which edgesTick takes:
 * for want of work, and for no longer than a second.
 */
export function tick(device: Device): number {
  const ports = device.ports;
  const now = device.now;
  const connector = device.connector;
  edgesTick(device);
  ports.clock.read(now);
  moment(device.wall, now, device.moment);
  const lost = ports.pins.overflows();
  metersTick(device.meters, ports, now.ms, lost !== device.lostEdges);
  // Before contacts, cards and commands: what these note is of this moment, also behind a rest.
  connectorTick(connector, now, device.moment, registerWh(device.meters, device.configuration.boundMeter));
  contactsTick(device.contacts, ports, connector, now.ms, lost !== device.lostEdges);
  device.lostEdges = lost;
  cardReadersTick(device);
  // The next call may wait behind the one that was served now.
  const isAsked = !pollApiCall(device);
  if (isAsked) serveApi(device);
  const isCalm = isConnectorIdle(connector);
  if (!isCalm) runConnector(device);
  printLogLines(device);
  networkTick(device.network, ports, device.configuration, now);
  // Nothing is sent beside a command, for want of memory; a chain of commands takes WAIT_MS_MAX at the most.
  const isNothingDue = isUploaderIdle(device.uploader, now.s);
  if (!isNothingDue && (device.api.serves === "idle" || (device.uploader.state !== "idle" && device.uploader.state !== "collecting"))) uploaderTick(device.uploader, now);
  if (!isSyncIdle(device)) syncTick(device.sync, device);
  if ((now.s >= device.healthAtS || device.uploader.highWaterMarks !== "") && device.uploader.state === "idle") {
    device.healthAtS = now.s + HEALTH_S;
    checkHealth(device);
  }
  const relayOn = connector.session.active && (device.configuration.relayFollows === "sa" || (device.knownCard && connector.session.uid !== ""));
  const pattern = ledPattern(device);
  outputsTick(device.outputs, ports, device.configuration, pattern, relayOn, now.ms);
  ports.system.kickWatchdog();
  const isResting = areInputsIdle(device);
  return isCalm && !isAsked && isResting ? device.configuration.ledPin >= 0 && pattern.charAt(0) !== pattern.charAt(1) ? SKIP_TICKS_BLINKING : SKIP_TICKS_MAX : 0;
}
