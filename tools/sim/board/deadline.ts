/*
 * When a device that rests has something to do of its own accord.
 *
 * Input: a device whose last tick found nothing to do. Output: the uptime in seconds at which a tick would do something,
 * as the conditions of the firmware say. Invariant: never later than the firmware itself would act; test/sim compares
 * worlds that skip by it with worlds that do every tick.
 */
import type { Device } from "../../../firmware/device";
import { CHECKPOINT_S } from "../../../firmware/session/session_record";
import { documentDue } from "../../../firmware/sync/sync";
import { HEARTBEAT_S, LINGER_ROWS, LINGER_S } from "../../../firmware/uplink/uploader_state";

/** Nothing is left out for longer: registers and clocks compare moments on a circle. */
const REST_S_MAX = 3600;

function uploadDueS({ uploader }: Device): number {
  const { ring } = uploader;
  if (uploader.state !== "idle" || uploader.configuration.url === "" || uploader.ports.link.state() !== "up") return Infinity;
  const isSoon = ring.pending >= LINGER_ROWS || uploader.contactS < 0 || uploader.status.resultCount > 0;
  const rowsS = ring.pending > 0 && uploader.pendingSinceS >= 0 ? uploader.pendingSinceS + LINGER_S : ring.pending > 0 ? 0 : Infinity;
  return Math.max(uploader.notBeforeS, isSoon ? 0 : Math.min(rowsS, uploader.contactS + HEARTBEAT_S));
}

function sessionDueS({ connector }: Device): number {
  const { session, configuration } = connector;
  if (!session.active) {
    return connector.uid !== "" && connector.uidAtS >= 0 && configuration.uidTimeoutS > 0 ? connector.uidAtS + configuration.uidTimeoutS : Infinity;
  }
  if (connector.outageNotCounted) return 0;
  return connector.countedAtS + (session.paused ? configuration.pauseS : CHECKPOINT_S);
}

function syncDueS(device: Device): number {
  if (device.uploader.state !== "idle") return Infinity;
  if (documentDue(device) !== "") return 0;
  return device.sync.notBeforeS > device.now.s ? device.sync.notBeforeS : Infinity;
}

/** A join that cannot end changes nothing before it is given up. */
function networkDueS({ ports, network, configuration }: Device, isReachable: boolean): number {
  const state = ports.link.state();
  if (configuration.wifiSsid === "" || state === "up") return Infinity;
  return state === "joining" && isReachable ? 0 : network.notBeforeS;
}

/** Uptime of the next tick that matters; `isReachable`: there is a Wi-Fi that the board can join; `mattersUpkeep`: something changed since the last upkeep. */
export function nextDueS(device: Device, isReachable: boolean, mattersUpkeep: boolean): number {
  return Math.min(uploadDueS(device), sessionDueS(device), syncDueS(device), networkDueS(device, isReachable), mattersUpkeep ? device.upkeepAtS : Infinity, device.now.s + REST_S_MAX);
}
