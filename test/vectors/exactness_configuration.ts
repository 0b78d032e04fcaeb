/*
 * A configuration of two columns for portable lists and measurements.
 *
 * Input: none. Output: the compiled record. Invariant: in the portable subset.
 */
import type { Configuration } from "../../firmware/configuration/configuration";

/** A table of two columns: 1 is ci1, a number; 2 is ci2, a text. */
export function exactnessConfiguration(): Configuration {
  return {
    hardware: undefined, revision: 1, generation: 1, deviceId: "d", deviceName: "", url: "", target: "exosphere", keyId: "", key: "", apiToken: "", wifiSsid: "", wifiPassword: "",
    tableId: 1, rowMode: "session", writeAt: 3,
    columns: { ids: "\x01\x02", contents: "\x65\x66", moments: "\x03\x03", names: "n\nt", constants: [] }, next: undefined,
    blockName: "SDC", triggerDelayMs: 0, onRestart: "restart", lateUid: true, uidTimeoutS: 0, onPowerLoss: "resume", minDurationS: 0, minEnergyWh: 0, pauseS: 0, rfidTrigger: "none",
    customInputs: { indexes: "\x01\x02", types: "nt", latches: "00", sources: "cc", analogs: [] }, boundMeter: -1, tariff: undefined,
    ledPin: -1, ledActiveLevel: 1, relayPin: -1, relayActiveLevel: 1, relayFollows: "sa",
  };
}
