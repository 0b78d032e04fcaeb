/*
 * The device: drives the core, tick by tick.
 *
 * Input: the ports, and the record that boot.ts made of the content of flash. Output: rows in the ring, uploads, Log
 * lines, outputs. Invariants: all of the core runs inside tick and edgesTick, never in a callback; the order of a tick
 * is fixed: inputs, commands, sessions and rows, uplink, outputs; a skipped tick delays work by at most one second, or two while there is no session.
 */
import type { Instant, PinEdge, Ports } from "../hal/ports";
import type { Connector } from "./session/connector";
import { connectorStep, connectorTick, isConnectorIdle } from "./session/effects";
import { onStored } from "./session/row_write";
import type { Configuration } from "./configuration/configuration";
import { SKIP_TICKS_IDLE, SKIP_TICKS_MAX, TICK_MS } from "./limits";
import type { Moment } from "./session/row";
import type { Blob } from "./store/blob";
import { appendRecord } from "./store/ring";
import type { Ring } from "./store/ring_page";
import { KEY_LATCHED, KEY_SESSION } from "./store/keys";
import { putValue } from "./store/key_value_store";
import type { KeyValueStore } from "./store/key_value_store";
import { moment } from "./base/wall_clock";
import type { Wall } from "./base/wall_clock";
import { uploaderTick } from "./uplink/uploader";
import type { Uploader } from "./uplink/uploader";
import { readTriggerInputs, restoreTriggerInputs } from "./inputs/analog";
import { acceptRemoteCommand, apiTick, authorizeCall, isApiIdle, pollApiCall } from "./commands/api";
import type { Api } from "./commands/api";
import { areReadersIdle, cardReadersTick } from "./inputs/cards";
import type { CardReader } from "./inputs/cards";
import { areContactsStable, contactEdge, contactsTick } from "./inputs/contacts";
import type { Contacts } from "./inputs/contacts";
import { advanceMeter, meterEdge, metersTick, registerWh, verifyPulses } from "./inputs/meters";
import type { Meters } from "./inputs/meters";
import { networkTick } from "./uplink/network";
import type { Network } from "./uplink/network";
import { LED_ACTIVE, LED_FAULT, LED_OFF, LED_OFFLINE, LED_PENDING, LED_STEP_MS, outputsTick } from "./outputs";
import type { Outputs } from "./outputs";
import { lookUpUser } from "./session/users";
import { documentDue, syncTick } from "./sync/sync";
import type { Sync } from "./sync/sync";
import type { DeviceBoard } from "./store/layout";
import { runUpkeep } from "./health";
import { adoptHighWaterMarks } from "./uplink/counter_recovery";

/** Number of ticks that may be skipped: until the next LED step while blinking, otherwise one second. */
const SKIP_TICKS_BLINKING = Math.floor(LED_STEP_MS / TICK_MS) - 1;
/** Seconds between two runs of the upkeep. */
const UPKEEP_S = 30;

export interface Device {
  ports: Ports;
  board: DeviceBoard;
  now: Instant;
  moment: Moment;
  edge: PinEdge;
  lostEdges: number;
  /** How many of them the last health check reported. */
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
  /** Uptime of the next upkeep. */
  upkeepAtS: number;
  /** Whether the user of the session is on the list; a relay may follow it. */
  knownCard: boolean;
}

/**
 * A pass in which only edges have come, none of them lost: takes them, and counts the pulses among them. "contact":
 * another input than a meter has changed, so a tick is due; "filtering": a pulse has not lasted long enough yet, so
 * another such pass is due; "stable": nothing changes before the next edge.
 */
export function edgesTick(device: Device): "contact" | "filtering" | "stable" {
  const ports = device.ports;
  const edge = device.edge;
  const meters = device.meters;
  let found: "contact" | "filtering" | "stable" = "stable";
  while (ports.pins.take(edge)) {
    const index = meters.pins.indexOf(edge.pin);
    if (index >= 0) meterEdge(meters, index, edge.level, edge.atMs);
    else {
      contactEdge(device.contacts, edge);
      found = "contact";
    }
  }
  for (let index = 0; index < meters.pins.length; index++) {
    const filter = meters.filters[index]!;
    if (filter.level !== filter.latched && filter.level === filter.activeLevel) {
      ports.clock.read(device.now);
      advanceMeter(meters, index, device.now.ms);
      if (filter.level !== filter.latched && found === "stable") found = "filtering";
    }
    verifyPulses(meters, index, device.connector);
  }
  return found;
}

/** Input: edges, time, registers, levels and cards reach the connector. */
function readInputs(device: Device): void {
  const ports = device.ports;
  const now = device.now;
  const connector = device.connector;
  edgesTick(device);
  ports.clock.read(now);
  moment(device.wall, now, device.moment);
  connector.clockContradicted = device.wall.rivalS !== 0;
  const lost = ports.pins.overflows();
  metersTick(device.meters, ports, now.ms, lost !== device.lostEdges);
  const boundWh = registerWh(device.meters, device.configuration.boundMeter);
  // First, so that the events of contacts, cards and commands carry the current time, also after skipped ticks.
  connectorTick(connector, now, device.moment, boundWh);
  contactsTick(device.contacts, ports, connector, now.ms, lost !== device.lostEdges);
  device.lostEdges = lost;
  cardReadersTick(device);
}

/** Serves the API: authorizes a call, accepts a remote command, or runs the next command of the one that is served. */
function serveApi(device: Device): void {
  const api = device.api;
  if (api.serves === "asked") authorizeCall(api, device.ports, device.configuration.apiToken);
  else if (api.serves === "idle") acceptRemoteCommand(api, device.uploader, device.keyValues);
  if (api.serves !== "idle") apiTick(api, device.ports, device.connector, device.uploader, device.now);
}

/** Carries out the effects of the connector until there are none. */
function runConnector(device: Device): void {
  const connector = device.connector;
  for (;;) {
    const effect = connectorStep(connector, device.ring.nextSequence);
    if (effect === "none") break;
    if (effect === "user") {
      const user = lookUpUser(device.usersBlob, connector.session.uid, device.moment.epochS);
      device.knownCard = user.state === "known";
      connector.user = user;
    } else if (effect === "readAnalogInputs") readTriggerInputs(device);
    else if (effect === "restore") restoreTriggerInputs(device);
    else {
      let result: "stored" | "full" | "fault";
      if (effect === "row") result = appendRecord(device.ring, connector.payload);
      else result = putValue(device.keyValues, effect === "state" ? KEY_SESSION : KEY_LATCHED, connector.payload);
      onStored(connector, result);
    }
  }
}

/** Hands the waiting lines of the Log to the console. */
function printLogLines(device: Device): void {
  const lines = device.connector.lines;
  if (lines.length === 0) return;
  for (let index = 0; index < lines.length; index++) device.ports.system.log(lines[index]!);
  device.connector.lines = [];
}

/** Network, upload, documents and upkeep, each when it is due. */
function runUplink(device: Device): void {
  const now = device.now;
  const uploader = device.uploader;
  networkTick(device.network, device.ports, device.configuration, now);
  // No upload begins beside a command: there is no memory for both. A chain of commands takes WAIT_MS_MAX at most.
  if (device.api.serves === "idle" || (uploader.state !== "idle" && uploader.state !== "collecting")) uploaderTick(uploader, now);
  const due = documentDue(device);
  const work = device.sync.work;
  const firmware = work === undefined ? undefined : work.firmware;
  // An update is at work without the part that begins it: there is not room for both.
  if (firmware !== undefined) firmware.updateTick(device);
  else if (device.sync.download !== undefined || due !== "") syncTick(device);
  if (uploader.state !== "idle") return;
  if (uploader.highWaterMarks !== "") adoptHighWaterMarks(device);
  // Not beside a command: there is no memory for both.
  if (now.s >= device.upkeepAtS && device.api.serves === "idle") {
    device.upkeepAtS = now.s + UPKEEP_S;
    runUpkeep(device);
  }
}

/** Decide: commands, sessions and rows, uplink. True when nothing of it is under way. */
function decide(device: Device): boolean {
  const api = device.api;
  pollApiCall(api, device.ports);
  // The next call may wait behind the one that is served now.
  const isServing = !isApiIdle(api, device.uploader, device.now.ms);
  if (isServing) serveApi(device);
  const isStepping = !isConnectorIdle(device.connector);
  if (isStepping) runConnector(device);
  printLogLines(device);
  runUplink(device);
  return !isServing && !isStepping && api.serves === "idle" && device.uploader.state === "idle" && device.sync.download === undefined && (device.sync.time === undefined || device.sync.time.query === undefined);
}

function ledPattern(device: Device): string {
  const uploader = device.uploader;
  if (uploader.status.faults !== "" || device.connector.session.lost > 0) return LED_FAULT;
  if (device.connector.session.active) return LED_ACTIVE;
  if (uploader.uploadError !== "") return LED_OFFLINE;
  return device.ring.pending > 0 ? LED_PENDING : LED_OFF;
}

/** Output: LED and relay. True while the LED blinks. */
function writeOutputs(device: Device): boolean {
  const configuration = device.configuration;
  const session = device.connector.session;
  const isRelayOn = session.active && (configuration.relayFollows === "sa" || (device.knownCard && session.uid !== ""));
  const pattern = ledPattern(device);
  outputsTick(device.outputs, device.ports, configuration, pattern, isRelayOn, device.now.ms);
  return configuration.ledPin >= 0 && pattern.charAt(0) !== pattern.charAt(1);
}

/**
 * One pass: input, decide, output. Call it every 10 to 50 ms; later under load, nothing is lost as long as the queues
 * hold. Returns the number of calls that may be skipped while only edges come, which edgesTick takes: at most those of
 * a second, or two without a session; 0 while anything is under way.
 */
export function tick(device: Device): number {
  readInputs(device);
  // Statements of their own: the build moves a function that a statement calls into its place, and so saves its variables.
  const isDone = decide(device);
  const isStable = areContactsStable(device.contacts);
  const areIdle = areReadersIdle(device.readers);
  const isIdle = isDone && isStable && areIdle;
  // Outages of the Wi-Fi use up memory that only a restart frees: between sessions it loses nothing, forced within one it might.
  if (isIdle && !device.connector.session.active && device.ports.link.worn()) device.ports.system.restart("memory used up by outages of the Wi-Fi");
  const isBlinking = writeOutputs(device);
  device.ports.system.kickWatchdog();
  if (!isIdle) return 0;
  return isBlinking ? SKIP_TICKS_BLINKING : device.connector.session.active ? SKIP_TICKS_MAX : SKIP_TICKS_IDLE;
}
