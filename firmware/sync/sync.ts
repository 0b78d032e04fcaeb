/*
 * Keeps the list of users and the configuration at the newest versions of the endpoint.
 *
 * Input: the versions that the uploader was told. Output: a new list of users in flash; a new configuration
 * in flash and a restart. Invariant: one document is fetched at a time; what is in force stays so until the
 * new one is whole, checked and stored; a configuration never changes while a session is active.
 */
import type { Bytes } from "../../hal/ports";
import { addLogLine } from "../session/log";
import { WRITE_NONE } from "../session/session_record";
import { u32 } from "../base/bytes";
import type { Device } from "../device";
import type * as Provision from "../configuration/provision";
import type { Blob } from "../store/blob";
import { KEY_USERS_VERSION } from "../store/keys";
import { putValue } from "../store/key_value_store";
import type * as DownloadModule from "./download";
import type { Download } from "./download";
import type * as UsersSync from "./users_download";

/** After a failure, or a document that was refused, this long until the next attempt. */
const PAUSE_S = 900;

/** A longer document is not even fetched: it could not be held in memory while it is checked. */
const DOCUMENT_BYTES_MAX = 16384;

export interface Sync {
  /** The module at work and what it fetches; undefined while there is nothing to fetch. */
  users: typeof UsersSync | undefined;
  configuration: typeof DownloadModule | undefined;
  download: Download | undefined;
  /** The configuration document as far as it has come. */
  document: Bytes;
  notBeforeS: number;
  /** Revision that was refused, so that it is not fetched again and again. */
  refusedRevision: number;
}

export function createSync(): Sync {
  return { users: undefined, configuration: undefined, download: undefined, document: "", notBeforeS: 0, refusedRevision: -1 };
}

/** Drops the module at work; the next fetch begins not before `notBeforeS`. */
function finish(versions: Sync, notBeforeS: number): void {
  versions.users = undefined;
  versions.configuration = undefined;
  versions.download = undefined;
  versions.document = "";
  versions.notBeforeS = notBeforeS;
}

function usersStep(versions: Sync, device: Device, users: typeof UsersSync, download: Download, blob: Blob): void {
  const uploader = device.uploader;
  const result = users.usersDownloadTick(download, uploader, blob, device.now);
  if (result === "working") return;
  finish(versions, result === "failed" ? device.now.s + PAUSE_S : 0);
  if (result === "failed") {
    addLogLine(device.connector, "users: version " + uploader.usersVersion + " could not be fetched, the old list stays");
    return;
  }
  // Before this write a cut leaves the new list with the old number: it is fetched once more. After it all is done.
  uploader.status.usersVersion = download.version;
  if (putValue(device.keyValues, KEY_USERS_VERSION, u32(download.version)) !== "stored") addLogLine(device.connector, "fault: the version of the users cannot be stored");
  if (result === "stored") addLogLine(device.connector, "users: version " + download.version + " in force");
}

/** Checks and stores the document that has come; the restart makes it the one in force. */
function configure(versions: Sync, device: Device): void {
  const revision = device.uploader.configurationRevision;
  const module = device.ports.system.load("provision") as typeof Provision | undefined;
  const refusal = module === undefined ? "the provision module is missing; deploy the board again" : module.provisionOffered(device.ports, device.board, versions.document, revision);
  if (refusal === "") {
    device.ports.system.restart("configuration " + revision);
    return;
  }
  versions.refusedRevision = revision;
  addLogLine(device.connector, "configuration " + revision + " refused: " + refusal);
}

function configurationStep(versions: Sync, device: Device, module: typeof DownloadModule, download: Download): void {
  const session = device.connector.session;
  // Nothing is fetched on while a session runs or a row waits for Td: the restart would come in between.
  if (!download.asking && (session.active || session.write !== WRITE_NONE || device.api.serves !== "idle")) return;
  const got = module.downloadTick(download, device.uploader, device.now);
  if (got === "piece" && download.bytes > DOCUMENT_BYTES_MAX) {
    addLogLine(device.connector, "configuration " + device.uploader.configurationRevision + " refused: it has " + download.bytes + " bytes, at most " + DOCUMENT_BYTES_MAX + " can be read");
    versions.refusedRevision = device.uploader.configurationRevision;
    finish(versions, device.now.s + PAUSE_S);
  } else if (got === "piece") {
    versions.document += download.piece;
    download.piece = "";
  } else if (got === "restart") versions.document = "";
  else if (got !== "waiting") {
    if (got === "done" && download.bytes > 0) configure(versions, device);
    finish(versions, device.now.s + PAUSE_S);
  }
}

/** At every tick, after the uploader's. @part versions */
export function syncTick(versions: Sync, device: Device): void {
  const uploader = device.uploader;
  const blob = device.usersBlob;
  const download = versions.download;
  if (download !== undefined) {
    if (versions.users !== undefined && blob !== undefined) usersStep(versions, device, versions.users, download, blob);
    else if (versions.configuration !== undefined) configurationStep(versions, device, versions.configuration, download);
    return;
  }
  if (device.now.s < versions.notBeforeS || uploader.state !== "idle") return;
  const system = device.ports.system;
  if (blob !== undefined && uploader.usersVersion >= 0 && uploader.usersVersion !== uploader.status.usersVersion) {
    const users = system.load("users_download") as typeof UsersSync | undefined;
    if (users === undefined) return;
    versions.users = users;
    versions.download = users.createUsersDownload(uploader.status.usersVersion);
  } else if (uploader.configurationRevision > uploader.status.configurationRevision &&
    uploader.configurationRevision !== versions.refusedRevision && !device.connector.session.active) {
    const configuration = system.load("download") as typeof DownloadModule | undefined;
    if (configuration === undefined) return;
    versions.configuration = configuration;
    versions.download = configuration.createDownload("configuration", uploader.status.configurationRevision);
  }
}
