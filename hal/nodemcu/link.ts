/*
 * LinkPort on NodeMCU: the station of the wifi module.
 *
 * Input: the station's events. Output: LinkPort. Invariant: "up" only between got_ip and the next
 * disconnection; the module never connects unasked, so every attempt is one of ours.
 */
import type { LinkPort } from "../ports";
import type { NodeMcu } from "./modules";

export function createLink(modules: NodeMcu): LinkPort {
  let state: "down" | "joining" | "up" = "down";
  let started = false;
  const start = (mode: number): void => {
    const wifi = modules.wifi;
    wifi.mode(mode);
    if (started) return;
    started = true;
    wifi.sta.on("got_ip", () => { state = "up"; });
    wifi.sta.on("disconnected", () => { state = "down"; });
    wifi.start();
  };
  return {
    state: () => state,
    join(ssid: string, password: string): void {
      start(modules.wifi.STATION);
      state = "joining";
      modules.wifi.sta.config({ ssid: ssid, pwd: password });
      modules.wifi.sta.connect();
    },
    leave(): void {
      if (started) modules.wifi.sta.disconnect();
      state = "down";
    },
    worn: () => false,
    openSetup(ssid: string, password: string): "ok" | "absent" {
      start(modules.wifi.STATIONAP);
      modules.wifi.ap.config({ ssid: ssid, pwd: password });
      return "ok";
    },
  };
}
