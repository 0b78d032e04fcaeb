/*
 * Whether a part of the device has nothing to do in this tick.
 *
 * Input: the records of the parts. Output: true when the part's own step would change nothing. Invariants:
 * a part that would do something never rests; the answer costs a few comparisons. Most ticks are so, and a
 * small board keeps the code of a resting part in flash.
 */
import type { Connector } from "./session/connector";
import { WRITE_NONE } from "./session/session_record";
import type { Device } from "./device";
import { elapsedMs } from "./base/monotonic";
import { HEARTBEAT_S, LINGER_ROWS, LINGER_S } from "./uplink/uploader_state";
import type { Uploader } from "./uplink/uploader_state";

/** The connector after connectorTick: no trigger, no write, nothing that flash does not know. */
export function isConnectorIdle(connector: Connector): boolean {
  const session = connector.session;
  return !connector.dirty && !connector.restored && !connector.userLookupPending && !connector.startTrigger && connector.endTrigger === 0 &&
    connector.lateEndTrigger === 0 && session.write === WRITE_NONE && session.contact === connector.contact;
}

/** No chain has a command to do, no call has come and no command waits; a call that came is taken here and marked. */
export function pollApiCall(device: Device): boolean {
  const api = device.api;
  const chain = api.chain;
  if (chain !== undefined) return elapsedMs(chain.waitFromMs, device.now.ms) < chain.waitMs;
  if (api.serves !== "idle") return false;
  if (device.ports.calls.take(api.call)) {
    api.serves = "asked";
    return false;
  }
  // Only with room for the result: the endpoint waits for it.
  return device.uploader.commandId <= 0 || device.uploader.status.results !== "";
}

/**
 * Beside connector and API, nothing is under way that needs a look before a second has passed, unless something comes
 * to a port: no upload or download, no contact that bounces, no card, and no reader that has to be asked.
 */
export function areInputsIdle(device: Device): boolean {
  if (device.uploader.state !== "idle" || device.api.serves !== "idle" || device.sync.download !== undefined) return false;
  for (let index = 0; index < device.contacts.debounces.length; index++) {
    if (device.contacts.debounces[index].unstable) return false;
  }
  for (let index = 0; index < device.readers.length; index++) {
    if (device.readers[index].driver !== undefined || device.readers[index].presence.states.length > 0) return false;
  }
  return true;
}

/** No exchange is under way, and none is due at uptime `nowS`. */
export function isUploaderIdle(uploader: Uploader, nowS: number): boolean {
  const pending = uploader.ring.pending;
  if (uploader.state !== "idle") return false;
  if (nowS < uploader.notBeforeS || uploader.httpInUseElsewhere || uploader.configuration.url === "" || uploader.ports.link.state() !== "up") return pending === 0 || uploader.pendingSinceS >= 0;
  if (uploader.contactS < 0 || nowS - uploader.contactS >= HEARTBEAT_S || uploader.status.resultCount > 0 || pending >= LINGER_ROWS) return false;
  return pending === 0 || (uploader.pendingSinceS >= 0 && nowS - uploader.pendingSinceS < LINGER_S);
}

/** The endpoint has no newer document that could be fetched now. */
export function isSyncIdle(device: Device): boolean {
  const versions = device.sync;
  const uploader = device.uploader;
  if (versions.download !== undefined) return false;
  if (device.now.s < versions.notBeforeS || uploader.state !== "idle") return true;
  if (device.usersBlob !== undefined && uploader.usersVersion >= 0 && uploader.usersVersion !== uploader.status.usersVersion) return false;
  return uploader.configurationRevision <= uploader.status.configurationRevision;
}
