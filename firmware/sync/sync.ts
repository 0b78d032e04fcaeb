/*
 * Keeps the list of users, the configuration and the program at the versions that the endpoint names, and asks a time server.
 *
 * Input: the versions in the latest answer; the time. Output: a new list of users in flash; a new configuration in flash and a
 * restart, which puts it in force; an offered release at work (update/update.ts). Invariants: one document is fetched at a time; the present one stays in force until
 * the new one is complete, checked and stored; a configuration never changes while a session is active.
 */
import { addLogLine } from "../session/log";
import { WRITE_NONE } from "../session/session_record";
import { u32 } from "../base/bytes";
import type { Bytes, Instant, Ports } from "../../hal/ports";
import type { Api } from "../commands/api";
import type { Connector } from "../session/connector";
import type { KeyValueStore } from "../store/key_value_store";
import type { DeviceBoard } from "../store/layout";
import type { Uploader } from "../uplink/uploader_state";
import type * as Provision from "../configuration/provision";
import type { Blob } from "../store/blob";
import { KEY_USERS_VERSION } from "../store/keys";
import { putValue } from "../store/key_value_store";
import type * as DownloadModule from "./download";
import type { Download } from "./download";
import type * as TimeModule from "./time_query";
import type { TimeQuery } from "./time_query";
import type * as SwitchModule from "../update/switch";
import type * as UpdateModule from "../update/update";
import type { Update } from "../update/update_record";
import type * as UsersSync from "./users_download";
import { DOCUMENT_BYTES_MAX, DOCUMENT_PAUSE_S } from "../limits";

/** In place of the settled offer: the running version came by an update and has to prove itself, so no other is taken up. */
export const ON_TRIAL = -1;
/** Between two questions to the time server, and after one that failed. */
const TIME_S = 3600;
const TIME_RETRY_S = 300;


/** A time server, and the question to it that is under way with the module that asks it. */
export interface TimeServer {
  address: string;
  notBeforeS: number;
  module: typeof TimeModule | undefined;
  query: TimeQuery | undefined;
}

/** A fetch under way: the one module at work, the configuration document as far as it has come, and an update. */
interface Work {
  users: typeof UsersSync | undefined;
  configuration: typeof DownloadModule | undefined;
  firmware: typeof UpdateModule | undefined;
  document: Bytes;
  update: Update | undefined;
}

export interface Sync {
  /** Both undefined while there is nothing to fetch. */
  work: Work | undefined;
  download: Download | undefined;
  /** undefined on a board without a time server. */
  time: TimeServer | undefined;
  notBeforeS: number;
  /** Revision that was refused, so that it is not fetched again and again. */
  refusedRevision: number;
  /** The offer that has come to its end here, and is not fetched again; 0 for none, ON_TRIAL while the running version has to prove itself. */
  settledOffer: number;
}

/** The part of the device that documents need. */
export interface SyncDevice {
  ports: Ports;
  board: DeviceBoard;
  now: Instant;
  keyValues: KeyValueStore;
  /** undefined on a board without room for a list of users. */
  usersBlob: Blob | undefined;
  connector: Connector;
  api: Api;
  uploader: Uploader;
  sync: Sync;
}

/** `timeServer`: host or host:port, "" for none. */
export function createSync(timeServer: string): Sync {
  const time = timeServer === "" ? undefined : { address: timeServer, notBeforeS: 0, module: undefined, query: undefined };
  return { work: undefined, download: undefined, time: time, notBeforeS: 0, refusedRevision: -1, settledOffer: 0 };
}

/** Drops the module in use; the next fetch begins at uptime `notBeforeS` or later. */
function finish(sync: Sync, notBeforeS: number): void {
  sync.work = undefined;
  sync.download = undefined;
  sync.notBeforeS = notBeforeS;
}

function usersStep(sync: Sync, device: SyncDevice, users: typeof UsersSync, download: Download, blob: Blob): void {
  const uploader = device.uploader;
  const result = users.usersDownloadTick(download, uploader, blob, device.now);
  if (result === "working") return;
  finish(sync, result === "failed" ? device.now.s + DOCUMENT_PAUSE_S : 0);
  if (result === "failed") {
    addLogLine(device.connector, "users: version " + uploader.usersVersion + " could not be fetched, the old list stays");
    return;
  }
  // Before this write a cut leaves the new list with the old number: it is fetched once more. After it all is done.
  uploader.status.usersVersion = download.version;
  if (putValue(device.keyValues, KEY_USERS_VERSION, u32(download.version)) !== "stored") addLogLine(device.connector, "fault: the version of the users cannot be stored");
  if (result === "stored") addLogLine(device.connector, "users: version " + download.version + " in force");
}

/** Checks and stores the received document, and restarts into it. */
function configure(sync: Sync, device: SyncDevice, document: Bytes): void {
  const revision = device.uploader.configurationRevision;
  const module = device.ports.system.load("provision") as typeof Provision | undefined;
  const refusal = module === undefined ? "the provision module is missing; deploy the board again" : module.provisionOffered(device.ports, device.board, document, revision);
  if (refusal === "") {
    device.ports.system.restart("configuration " + revision);
    return;
  }
  sync.refusedRevision = revision;
  addLogLine(device.connector, "configuration " + revision + " refused: " + refusal);
}

function configurationStep(sync: Sync, device: SyncDevice, work: Work, module: typeof DownloadModule, download: Download): void {
  const session = device.connector.session;
  // The restart must not interrupt a session, a row that waits for Td, or a chain of commands.
  if (!download.asking && session.active) {
    // Fetched anew after the session: a download that waits would keep the board from idling.
    finish(sync, 0);
    return;
  }
  if (!download.asking && (session.write !== WRITE_NONE || device.api.serves !== "idle")) return;
  const got = module.downloadTick(download, device.uploader, device.now);
  if (got === "piece" && download.bytes > DOCUMENT_BYTES_MAX) {
    addLogLine(device.connector, "configuration " + device.uploader.configurationRevision + " refused: it has " + download.bytes + " bytes, at most " + DOCUMENT_BYTES_MAX + " can be read");
    sync.refusedRevision = device.uploader.configurationRevision;
    finish(sync, device.now.s + DOCUMENT_PAUSE_S);
  } else if (got === "piece") {
    work.document += download.piece;
    download.piece = "";
  } else if (got === "restart") work.document = "";
  else if (got !== "waiting") {
    if (got === "done" && download.bytes > 0) configure(sync, device, work.document);
    finish(sync, device.now.s + DOCUMENT_PAUSE_S);
  }
}

/** Takes up the offered release; undefined when it came to its end at once. What judges it is let go of before update.ts comes. */
function takeRelease(device: SyncDevice): Update | undefined {
  const module = device.ports.system.load("update_switch") as typeof SwitchModule | undefined;
  if (module !== undefined) return module.takeOffer(device);
  // Firmware for boards with one slot is built without it.
  device.sync.settledOffer = device.uploader.firmwareOffer;
  device.uploader.status.update = device.sync.settledOffer + " refused noSlot";
  return undefined;
}

/**
 * The document to fetch at this moment, "" for none: the one condition, for the work and for the idle check. A
 * configuration or a release waits for the end of the session, and one that was refused is not fetched again. "time": a time server is asked.
 */
export function documentDue(device: SyncDevice): "" | "users" | "configuration" | "firmware" | "time" {
  const uploader = device.uploader;
  const sync = device.sync;
  const time = sync.time;
  if (time !== undefined && (time.query !== undefined || device.now.s >= time.notBeforeS) && sync.download === undefined && uploader.state === "idle" && device.ports.link.state() === "up") return "time";
  if (device.now.s < sync.notBeforeS || uploader.state !== "idle") return "";
  if (device.usersBlob !== undefined && uploader.usersVersion >= 0 && uploader.usersVersion !== uploader.status.usersVersion) return "users";
  if (device.connector.session.active) return "";
  const revision = uploader.configurationRevision;
  if (revision > uploader.status.configurationRevision && revision !== sync.refusedRevision) return "configuration";
  const offer = uploader.firmwareOffer;
  return offer > 0 && offer !== sync.settledOffer && sync.settledOffer !== ON_TRIAL ? "firmware" : "";
}

/** One step; call it after the uploader's, while a download is under way or a document is due; an update under way has its own (update.ts). @part versions */
export function syncTick(device: SyncDevice): void {
  const sync = device.sync;
  const uploader = device.uploader;
  const blob = device.usersBlob;
  const download = sync.download;
  const time = sync.time;
  if (time !== undefined && time.module !== undefined && time.query !== undefined) {
    const asked = time.module.timeQueryTick(time.query, uploader, device.now);
    if (asked === "waiting") return;
    time.module = undefined;
    time.query = undefined;
    time.notBeforeS = device.now.s + (asked === "done" ? TIME_S : TIME_RETRY_S);
    return;
  }
  let work = sync.work;
  if (download !== undefined && work !== undefined) {
    if (work.users !== undefined && blob !== undefined) usersStep(sync, device, work.users, download, blob);
    else if (work.configuration !== undefined) configurationStep(sync, device, work, work.configuration, download);
    return;
  }
  work = { users: undefined, configuration: undefined, firmware: undefined, document: "", update: undefined };
  const due = documentDue(device);
  if (due === "time" && time !== undefined) {
    time.module = device.ports.system.load("time_query") as typeof TimeModule | undefined;
    if (time.module === undefined) time.notBeforeS = device.now.s + TIME_S;
    else time.query = time.module.createTimeQuery(time.address);
    return;
  }
  if (due === "users") {
    const users = device.ports.system.load("users_download") as typeof UsersSync | undefined;
    work.users = users;
    sync.download = users === undefined ? undefined : users.createUsersDownload(uploader.status.usersVersion);
  } else if (due === "configuration") {
    const configuration = device.ports.system.load("download") as typeof DownloadModule | undefined;
    work.configuration = configuration;
    sync.download = configuration === undefined ? undefined : configuration.createDownload("configuration", uploader.status.configurationRevision);
  }
  else if (due === "firmware") {
    work.update = takeRelease(device);
    if (work.update !== undefined) {
      work.firmware = device.ports.system.load("update") as typeof UpdateModule | undefined;
      sync.download = work.firmware === undefined ? undefined : work.update.download;
    }
  }
  // Without its module a board cannot fetch: it tries again after the pause, not at every tick.
  if (sync.download !== undefined) sync.work = work;
  else if (due !== "") sync.notBeforeS = device.now.s + DOCUMENT_PAUSE_S;
}
