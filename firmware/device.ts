/*
 * The device: wires the core together and drives it, tick by tick.
 *
 * Input: the ports and the flash areas of a board. Output: rows in the ring, uploads, Log lines, outputs.
 * Invariants: all of the core runs inside createDevice and tick, never in a callback; the order of a tick is
 * fixed: inputs, block, rows, uplink, outputs; Sa is right before the first input is read.
 */
import type { Bytes, Instant, PinEdge, Ports } from "../hal/ports";
import type * as ConfigurationReader from "./block/configuration_reader";
import { connectorTick, createConnector } from "./block/connector";
import type { Connector } from "./block/connector";
import { connectorDone, connectorStep } from "./block/steps";
import { findUser } from "./block/users";
import type { UserTable } from "./block/users";
import { readU32, u32 } from "./bytes";
import type { Configuration } from "./configuration";
import type { Moment } from "./row";
import { openBlob, readBlob } from "./store/blob";
import type { Blob } from "./store/blob";
import type { Area } from "./store/flash_page";
import { openLayout } from "./store/layout";
import { appendRecord, openRing } from "./store/ring";
import type { Ring } from "./store/ring_page";
import { openSettings, readSettings } from "./store/settings";
import { STATE_BOOT, STATE_SEQUENCE, STATE_SESSION, STATE_UPLINK, STATE_USERS } from "./store/state_kinds";
import { openState, readState, writeState } from "./store/state_page";
import type { State } from "./store/state_page";
import { createWall, moment } from "./time/wall";
import type { Wall } from "./time/wall";
import { createStatus } from "./uplink/status";
import { createUploader, uploaderTick } from "./uplink/uploader";
import type { Uploader } from "./uplink/uploader";
import { VERSION } from "./version";
import { apiTick, createApi } from "./wiring/api";
import type { Api } from "./wiring/api";
import { cardReadersTick, createCardReaders } from "./wiring/cards";
import type { CardReader } from "./wiring/cards";
import { contactEdge, contactsTick, createContacts, senseAnalog } from "./wiring/contacts";
import type { Contacts } from "./wiring/contacts";
import { createMeters, meterEdge, metersTick, registerWh } from "./wiring/meters";
import type { Meters } from "./wiring/meters";
import { createNetwork, networkTick } from "./wiring/network";
import type { Network } from "./wiring/network";
import { createVersions, versionsTick } from "./wiring/versions";
import type { Versions } from "./wiring/versions";
import { LED_ACTIVE, LED_FAULT, LED_OFF, LED_OFFLINE, LED_PENDING, createOutputs, outputsTick } from "./wiring/outputs";
import type { Outputs } from "./wiring/outputs";

/** What a board is told about itself; from boards/. */
export interface DeviceBoard {
  name: string;
  areas: Area[];
}

export interface Device {
  ports: Ports;
  board: DeviceBoard;
  now: Instant;
  moment: Moment;
  edge: PinEdge;
  lostEdges: number;
  configuration: Configuration;
  state: State;
  /** undefined on a board without room for a list of users. */
  usersBlob: Blob | undefined;
  users: UserTable;
  ring: Ring;
  wall: Wall;
  connector: Connector;
  contacts: Contacts;
  meters: Meters;
  readers: CardReader[];
  api: Api;
  uploader: Uploader;
  network: Network;
  versions: Versions;
  outputs: Outputs;
  /** Whether the user of the session is on the list; what a relay may follow. */
  knownCard: boolean;
}

/** The configuration in force; undefined, with a line for the console, when there is none that can be read. */
function configurationOf(ports: Ports, area: Area): Configuration | undefined {
  const document = readSettings(openSettings(ports.flash, ports.crypto, area));
  if (document === undefined) {
    ports.system.log("not configured: provision this board (docs/INSTALL.md)");
    return undefined;
  }
  const reader = ports.system.load("configuration_reader") as typeof ConfigurationReader | undefined;
  if (reader === undefined) {
    ports.system.log("fault: the configuration_reader module is missing; deploy the board again");
    return undefined;
  }
  const result = reader.readConfiguration(document);
  for (let index = 0; index < result.mistakes.length; index++) {
    const mistake = result.mistakes[index];
    ports.system.log("configuration: " + mistake.path + ": " + mistake.what + "; " + mistake.remedy);
  }
  return result.configuration;
}

/** The list of users as the block asks it; a block of it that flash has lost is an unknown card, not a wrong one. */
function usersOf(blob: Blob | undefined): UserTable {
  return {
    read: function (offset: number, length: number): Bytes {
      const piece = blob === undefined ? undefined : readBlob(blob, offset, length);
      return piece === undefined ? "" : piece;
    },
    bytes: 0,
  };
}

/** A whole number of the state, `missing` when it was never stored. */
function stateNumber(state: State, kind: number, missing: number): number {
  const stored = readState(state, kind);
  return stored === undefined ? missing : readU32(stored, 0);
}

/** The number of this start; stored before anything else uses it. */
function bootNumber(ports: Ports, state: State): number {
  const boot = stateNumber(state, STATE_BOOT, 0) + 1;
  // A cut before this write repeats the number of a start that did nothing yet; after it the number is used up.
  if (writeState(state, STATE_BOOT, u32(boot)) !== "stored") ports.system.log("fault: the boot number cannot be stored");
  return boot;
}

/** Starts a device on what its flash holds; undefined while it has no configuration. */
export function createDevice(ports: Ports, board: DeviceBoard): Device | undefined {
  const layout = openLayout(board.areas, ports.flash.pageBytes);
  if (layout === undefined) {
    ports.system.log("fault: the flash areas of board " + board.name + " are too small; see docs/STORAGE.md");
    return undefined;
  }
  const configuration = configurationOf(ports, layout.settings);
  if (configuration === undefined) return undefined;
  const now: Instant = { ms: 0, s: 0 };
  ports.clock.read(now);
  const state = openState(ports.flash, ports.crypto, layout.state);
  const boot = bootNumber(ports, state);
  const wall = createWall(boot, ports.clock.wallS(), now.s);
  const ring = openRing(ports.flash, ports.crypto, layout.ring, configuration.whenFull, stateNumber(state, STATE_SEQUENCE, 1));
  const connector = createConnector(configuration, readState(state, STATE_SESSION));
  const status = createStatus(VERSION, board.name);
  status.commandId = stateNumber(state, STATE_UPLINK, 0);
  status.configurationRevision = configuration.revision;
  status.usersVersion = stateNumber(state, STATE_USERS, 0);
  const usersBlob = layout.users.bytes === 0 ? undefined : openBlob(ports.flash, ports.crypto, layout.users);
  const meters = createMeters(ports, configuration, layout.meters, now.ms);
  const contacts = createContacts(ports, configuration, connector, now.ms);
  return {
    ports: ports, board: board, now: now, moment: { epochS: 0, boot: boot, uptimeS: 0 }, edge: { pin: 0, level: 0, atMs: 0 }, lostEdges: 0,
    configuration: configuration, state: state, usersBlob: usersBlob, users: usersOf(usersBlob), ring: ring, wall: wall, connector: connector,
    contacts: contacts, meters: meters, readers: createCardReaders(ports, configuration), api: createApi(ports, configuration.apiPort),
    uploader: createUploader(configuration, ports, ring, wall, status), network: createNetwork(), versions: createVersions(), outputs: createOutputs(ports, configuration), knownCard: false,
  };
}

/** Does what the connector asks for until it asks for nothing more. */
function runConnector(device: Device): void {
  const connector = device.connector;
  const ports = device.ports;
  for (;;) {
    const effect = connectorStep(connector, device.ring.nextSequence);
    if (effect === "none") break;
    if (effect === "user") {
      device.users.bytes = device.usersBlob === undefined ? 0 : device.usersBlob.length;
      const user = findUser(device.users, connector.session.uid, device.moment.epochS);
      device.knownCard = user.state === "known";
      connector.user = user;
    } else if (effect === "sense") senseAnalog(ports, device.configuration, connector);
    else if (effect === "state") connectorDone(connector, writeState(device.state, STATE_SESSION, connector.payload));
    else connectorDone(connector, appendRecord(device.ring, connector.payload));
  }
  const lines = connector.lines;
  if (lines.length > 0) {
    for (let index = 0; index < lines.length; index++) ports.system.log(lines[index]);
    connector.lines = [];
  }
}

function ledPattern(device: Device): string {
  const uploader = device.uploader;
  if (device.meters.faults > 0 || device.ring.lost > 0 || device.connector.faults > 0) return LED_FAULT;
  if (device.connector.session.active) return LED_ACTIVE;
  if (uploader.problem !== "") return LED_OFFLINE;
  return device.ring.pending > 0 ? LED_PENDING : LED_OFF;
}

/** One pass: to be called every 10 to 50 ms, later under load; nothing is lost as long as the queues hold. */
export function tick(device: Device): void {
  const ports = device.ports;
  const now = device.now;
  const edge = device.edge;
  const connector = device.connector;
  ports.clock.read(now);
  moment(device.wall, now, device.moment);
  while (ports.pins.take(edge)) {
    if (!meterEdge(device.meters, edge.pin, edge.level, edge.atMs)) contactEdge(device.contacts, edge.pin, edge.level, edge.atMs);
  }
  const lost = ports.pins.overflows();
  metersTick(device.meters, ports, connector, now.ms, lost !== device.lostEdges);
  contactsTick(device.contacts, ports, connector, now.ms, lost !== device.lostEdges);
  device.lostEdges = lost;
  cardReadersTick(device.readers, ports, connector, now);
  apiTick(device.api, ports, connector, device.uploader, device.state, now);
  connectorTick(connector, now, device.moment, registerWh(device.meters, device.configuration.boundMeter));
  runConnector(device);
  networkTick(device.network, ports, device.configuration, now);
  uploaderTick(device.uploader, now);
  versionsTick(device.versions, device);
  const relayOn = connector.session.active && (device.configuration.relayFollows === "sa" || device.knownCard);
  outputsTick(device.outputs, ports, device.configuration, ledPattern(device), relayOn, now.ms);
  ports.system.kickWatchdog();
}
