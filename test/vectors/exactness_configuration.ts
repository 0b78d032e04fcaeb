/*
 * A configuration of two columns for portable lists and measurements.
 *
 * Input: none. Output: the compiled record. Invariant: in the portable subset.
 */
import type { Configuration, CustomInputConfiguration, InputConfiguration } from "../../firmware/configuration";

function unwired(): InputConfiguration {
  return { pin: -1, pull: "none", activeLevel: 1, debounceMs: 20 };
}

function custom(index: number, type: "number" | "text"): CustomInputConfiguration {
  return {
    index: index, type: type, latchAtTrigger: false, source: "command", pin: -1, pull: "none", activeLevel: 1, debounceMs: 20, scaleLow: 0, scaleHigh: 0, scaleDecimals: 0,
  };
}

/** A table of two columns: 1 is ci1, a number; 2 is ci2, a text. */
export function exactnessConfiguration(): Configuration {
  return {
    revision: 1, deviceId: "d", deviceName: "", consolePassword: "", url: "", target: "exosphere", keyId: "", key: "", apiToken: "", apiPort: 0, wifiSsid: "", wifiPassword: "",
    tableId: 1, rowMode: "session", writeAtStart: true, writeAtEnd: true,
    columns: { count: 2, ids: "\x01\x02", contents: "\x65\x66", moments: "\x03\x03", names: "n\nt", constants: [] },
    blockName: "SDC", triggerDelayMs: 0, onRestart: "restart", lateUid: true, uidTimeoutS: 0, onPowerLoss: "resume", minDurationS: 0, minEnergyWh: 0, rfidTrigger: "none",
    sStart: unwired(), sEnd: unwired(), contact: unwired(), customInputs: [custom(1, "number"), custom(2, "text")], meters: [], readers: [], boundMeter: -1, tariff: undefined,
    whenFull: "refuseNew", ledPin: -1, ledActiveLevel: 1, relayPin: -1, relayActiveLevel: 1, relayFollows: "sa",
  };
}
