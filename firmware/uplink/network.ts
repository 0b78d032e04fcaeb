/*
 * The network link of a device: joins, and joins again, for ever.
 *
 * Input: the state of the link port. Output: calls of its join. Invariant: an attempt that hangs is given
 * up after JOIN_S; between attempts the wait grows, so that a house without Wi-Fi is not kept busy.
 */
import type { Instant, Ports } from "../../hal/ports";
import type { Configuration } from "../configuration/configuration";
import { backoffS } from "./backoff";

/** An attempt takes at most this long. */
const JOIN_S = 30;

export interface Network {
  /** Uptime before which the state of the link changes nothing. */
  notBeforeS: number;
  attempts: number;
}

export function createNetwork(): Network {
  return { notBeforeS: 0, attempts: 0 };
}

/** At every tick; does nothing on a board without a configured Wi-Fi. */
export function networkTick(network: Network, ports: Ports, configuration: Configuration, now: Instant): void {
  if (configuration.wifiSsid === "") return;
  const state = ports.link.state();
  if (state === "up") {
    network.attempts = 0;
    network.notBeforeS = 0;
    return;
  }
  if (now.s < network.notBeforeS) return;
  network.attempts++;
  const waitS = backoffS(network.attempts, ports.crypto.random(1));
  network.notBeforeS = now.s + JOIN_S + waitS;
  ports.link.join(configuration.wifiSsid, configuration.wifiPassword);
}
