/*
 * LinkPort on Espruino: the ESP32's Wi-Fi, or the network of the PC under the Linux build.
 *
 * Input: the Wifi module's events. Output: LinkPort. Invariant: "up" only after an address was obtained
 * and until the first event that says otherwise; event names of both firmware generations are heard.
 */
import type { LinkPort } from "../ports";
import type { InterpreterWifi } from "./interpreter";

let plugged = true;

/**
 * Disconnections after which a restart is due. The interpreter keeps 13 variables for each; with what a session and its
 * upload need at the most, the smallest chip has room for 90.
 */
const DISCONNECTIONS_MAX = 64;

/** A PC has its network from outside: up unless it was left, no access point. */
export const wiredLink: LinkPort = {
  state: function (): "up" | "down" {
    return plugged ? "up" : "down";
  },
  join: function (): void {
    plugged = true;
  },
  leave: function (): void {
    plugged = false;
  },
  worn: function (): boolean {
    return false;
  },
  openSetup: function (): "absent" {
    return "absent";
  },
};

/** LinkPort over require("Wifi"), which only the ESP32 builds have. */
export function createWifiLink(): LinkPort {
  try {
    // The older ESP32 build opens a console to the whole Wi-Fi, before any password is set.
    (require("TelnetServer") as { setOptions(options: { mode: string }): void }).setOptions({ mode: "off" });
  } catch (error) {
    // Builds without Telnet have no such module: nothing to close.
    print("no Telnet: " + error);
  }
  const wifi = require("Wifi") as InterpreterWifi;
  // Without a saved Wi-Fi the interpreter opens an access point of its own at each start, without a password.
  wifi.stopAP();
  let state: "down" | "joining" | "up" = "down";
  let disconnections = 0;
  const onUp = function (): void {
    state = "up";
  };
  const onDown = function (): void {
    state = "down";
    disconnections++;
  };
  // Older builds say "associated" and then "connected" once there is an address; IDF 4 builds only the latter.
  wifi.on("connected", onUp);
  wifi.on("disconnected", onDown);
  wifi.on("dhcp_timeout", onDown);
  return {
    state: function (): "down" | "joining" | "up" {
      return state;
    },
    join: function (ssid: string, password: string): void {
      state = "joining";
      wifi.connect(ssid, { password: password }, function (error: unknown): void {
        state = error === null || error === undefined ? "up" : "down";
      });
    },
    leave: function (): void {
      wifi.disconnect();
      state = "down";
    },
    worn: function (): boolean {
      return disconnections >= DISCONNECTIONS_MAX;
    },
    openSetup: function (ssid: string, password: string): "ok" | "absent" {
      wifi.startAP(ssid, { password: password, authMode: "wpa2" }, function (error: unknown): void {
        if (error !== null && error !== undefined) print("set-up access point: " + error);
      });
      return "ok";
    },
  };
}
