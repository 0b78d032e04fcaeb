/*
 * Starts a device: from what flash holds to the record that tick drives.
 *
 * Input: the ports and the flash areas of a board. Output: a Device, or undefined with a line for the
 * console. A board loads this module by name and drops it when the device is made: none of it is needed
 * again. Invariants: Sa is right before the first input is read; the record holds no function of this module,
 * which would keep all of it in memory.
 */
import type { Instant, Ports } from "../hal/ports";
import { createConnector } from "./session/connector";
import { readU32, u32, u8 } from "./base/bytes";
import type { Configuration } from "./configuration/configuration";
import type { Device } from "./device";
import { invariant } from "./base/invariant";
import { FIRST_BOOT_MIN } from "./limits";
import { openBlob } from "./store/blob";
import { openLayout } from "./store/layout";
import type { DeviceBoard } from "./store/layout";
import { openRing } from "./store/ring";
import { KEY_BOOT, KEY_SEQUENCE_FLOOR, KEY_SESSION, KEY_LAST_COMMAND_ID, KEY_USERS_VERSION } from "./store/keys";
import { openKeyValueStore, getValue, putValue } from "./store/key_value_store";
import type { KeyValueStore } from "./store/key_value_store";
import { createWall } from "./base/wall_clock";
import { createStatus } from "./uplink/status";
import { resumeUpdate } from "./update/resume";
import { createUploader } from "./uplink/uploader";
import { storedConfiguration } from "./configuration/stored";
import { createApi } from "./commands/api";
import { createCardReaders } from "./inputs/cards";
import { createContacts } from "./inputs/contacts";
import { bindMeter, createMeters } from "./inputs/meters";
import { addLogLine } from "./session/log";
import { UNPRICED } from "./session/tariff";
import { createNetwork } from "./uplink/network";
import { createOutputs } from "./outputs";
import { createSync } from "./sync/sync";

/** A stored integer, `missing` when it was never stored. */
function storedNumber(keyValues: KeyValueStore, key: number, missing: number): number {
  const stored = getValue(keyValues, key);
  return stored === undefined ? missing : readU32(stored, 0);
}

/**
 * The number of this start; stored before anything else uses it. The first one is random: a board that has
 * lost its state, or that takes the place of another one, must not give its moments and requests numbers that
 * were there before, or old answers and clock facts would fit them.
 */
function bootNumber(ports: Ports, keyValues: KeyValueStore): number {
  const boot = storedNumber(keyValues, KEY_BOOT, FIRST_BOOT_MIN + readU32(u8(0) + ports.crypto.random(3), 0)) + 1;
  // A cut before this write repeats the number of a start that did nothing yet; after it the number is used up.
  if (putValue(keyValues, KEY_BOOT, u32(boot)) !== "stored") ports.system.log("fault: the boot number cannot be stored");
  return boot;
}

/** Starts a device as `configuration`, which storedConfiguration found on this board, says. */
export function startDevice(ports: Ports, board: DeviceBoard, configuration: Configuration): Device {
  const layout = openLayout(board.areas, ports.flash.pageBytes);
  const hardware = configuration.hardware;
  invariant(layout !== undefined, "LAYOUT");
  invariant(hardware !== undefined, "HARDWARE");
  // Needed for this start alone: the memory is for the sessions.
  configuration.hardware = undefined;
  // The first of all, because each reader's driver is in memory while it is opened.
  const readers = createCardReaders(ports, hardware);
  hardware.readers = [];
  const now: Instant = { ms: 0, s: 0 };
  ports.clock.read(now);
  const keyValues = openKeyValueStore(ports.flash, ports.crypto, layout.keyValues);
  // Before anything is left to chance: a platform's own generator may begin every start with the same numbers.
  ports.crypto.seed(ports.crypto.hmacSha256(configuration.key, u32(storedNumber(keyValues, KEY_BOOT, 0))));
  const boot = bootNumber(ports, keyValues);
  const wall = createWall(boot, ports.clock.wallS(), now.s);
  const ring = openRing(ports.flash, ports.crypto, layout.ring, hardware.whenFull, storedNumber(keyValues, KEY_SEQUENCE_FLOOR, 1), 1 + hardware.furtherEndpoints.length);
  const connector = createConnector(configuration, getValue(keyValues, KEY_SESSION));
  // The lines of the start have no tick before them that would set it.
  connector.moment.boot = boot;
  connector.moment.uptimeS = now.s;
  // A time before the session's latest moment contradicts it.
  if (wall.offsetS === 0) wall.lastS = connector.session.end.epochS;
  // Each session has a row at least, so no session had a higher number than the next row has.
  if (!connector.restored) connector.session.number = ring.nextSequence - 1;
  const status = createStatus(board.name);
  status.commandId = storedNumber(keyValues, KEY_LAST_COMMAND_ID, 0);
  status.configurationRevision = configuration.revision;
  status.usersVersion = storedNumber(keyValues, KEY_USERS_VERSION, 0);
  const usersBlob = layout.users.bytes === 0 ? undefined : openBlob(ports.flash, ports.crypto, layout.users);
  // A list that flash has lost is fetched again, also when its version was noted.
  if (usersBlob === undefined || usersBlob.generation === 0) status.usersVersion = 0;
  const sync = createSync(hardware.ntp);
  resumeUpdate(ports, keyValues, status, sync);
  const meters = createMeters(ports, hardware, layout.meters, now.ms);
  hardware.meters = [];
  if (hardware.costUnitChanged) {
    connector.session.cost.pricedWh = UNPRICED;
    addLogLine(connector, "the tariff counts in another unit than when the session began: its cost is unknown");
  }
  bindMeter(connector, meters);
  if (configuration.next !== undefined) addLogLine(connector, "revision " + configuration.revision + " is in force; its table and columns from the next session on");
  const contacts = createContacts(ports, configuration, hardware, connector, now.ms);
  return {
    ports: ports, board: board, now: now, moment: { epochS: 0, boot: boot, uptimeS: 0 }, edge: { pin: 0, level: 0, atMs: 0 }, lostEdges: 0, reportedLostEdges: 0,
    configuration: configuration, keyValues: keyValues, usersBlob: usersBlob, ring: ring, wall: wall, connector: connector,
    contacts: contacts, meters: meters, readers: readers, api: createApi(ports, hardware.apiPort),
    uploader: createUploader(configuration, ports, ring, wall, status, hardware.furtherEndpoints), network: createNetwork(), sync: sync, outputs: createOutputs(ports, configuration), upkeepAtS: 0, knownCard: false,
  };
}

/** Starts a device on what its flash holds; undefined while it has no configuration. */
export function createDevice(ports: Ports, board: DeviceBoard): Device | undefined {
  const configuration = storedConfiguration(ports, board);
  return configuration === undefined ? undefined : startDevice(ports, board, configuration);
}
