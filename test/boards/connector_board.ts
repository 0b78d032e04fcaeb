/*
 * A board around the connector alone: a ring and a record of the session as plain values.
 *
 * Input: a configuration, time by `tick`. Output: rows, Log lines, what was written in which order. Invariant: effects are carried
 * out as the device does, and the power can fail before or after each.
 */
import type { Bytes } from "../../hal/ports";
import type { Configuration, CustomInputsConfiguration } from "../../firmware/configuration/configuration";
import { u8 } from "../../firmware/base/bytes";
import { cborText } from "../../firmware/base/cbor";
import { CONTENTS } from "../../firmware/protocol";
import { createConnector } from "../../firmware/session/connector";
import type { Connector } from "../../firmware/session/connector";
import { restoreLatched } from "../../firmware/session/latched";
import { connectorStep, connectorTick } from "../../firmware/session/effects";
import { onStored } from "../../firmware/session/row_write";
import type { User } from "../../firmware/session/users";
import { rowOf, type Row } from "./parts/rows";

export const utf8 = (text: string): Bytes => Buffer.from(text, "utf8").toString("latin1");
export const fromUtf8 = (bytes: Bytes): string => Buffer.from(bytes, "latin1").toString("utf8");

export interface TestColumn {
  name: string;
  content: string;
  at?: "start" | "end" | "both";
}

export function columnsOf(list: TestColumn[], constants: string[] = []): Configuration["columns"] {
  const contents = list.map((column) => CONTENTS.find((content) => content.name === column.content));
  return {
    ids: list.map((_, index) => String.fromCharCode(index + 1)).join(""),
    contents: contents.map((content) => String.fromCharCode(content?.code ?? 0)).join(""),
    moments: list.map((column, index) => {
      const at = column.at ?? (contents[index]?.knownAt === "end" ? "end" : "both");
      return String.fromCharCode(at === "start" ? 1 : at === "end" ? 2 : 3);
    }).join(""),
    names: list.map((column) => utf8(column.name)).join("\n"),
    constants: constants.map((text) => cborText(utf8(text))),
  };
}

export function testConfiguration(changes: Partial<Configuration> = {}): Configuration {
  return {
    hardware: undefined, revision: 1, generation: 1, deviceId: "garage-1", deviceName: "Garage", url: "", target: "exosphere", keyId: "", key: "", apiToken: "",
    wifiSsid: "", wifiPassword: "", tableId: 1, rowMode: "session", writeAt: 3,
    columns: columnsOf([
      { name: "start", content: "session.start" }, { name: "end", content: "session.end" }, { name: "card", content: "uid" },
      { name: "energy", content: "session.energy" }, { name: "duration", content: "session.duration" }, { name: "reason", content: "session.endReason" },
    ]),
    next: undefined, blockName: "SDC", triggerDelayMs: 0, onRestart: "restart", lateUid: true, uidTimeoutS: 0, onPowerLoss: "resume", minDurationS: 0, minEnergyWh: 0, pauseS: 0,
    rfidTrigger: "none", customInputs: inputsOf([]), boundMeter: 0, tariff: undefined,
    ledPin: -1, ledActiveLevel: 1, relayPin: -1, relayActiveLevel: 1, relayFollows: "sa", ...changes,
  };
}

export interface TestInput {
  index: number;
  type: "number" | "integer" | "text" | "boolean";
  latchAtTrigger: boolean;
  source: "command" | "level" | "analog" | "tariff";
}

export function customInput(index: number, type: TestInput["type"], latchAtTrigger = false): TestInput {
  return { index, type, latchAtTrigger, source: "command" };
}

/** The compact form that a configuration has. */
export function inputsOf(list: TestInput[]): CustomInputsConfiguration {
  const joined = (part: (input: TestInput) => string): string => list.map(part).join("");
  return {
    indexes: joined(({ index }) => u8(index)), types: joined(({ type }) => type.charAt(0)), latches: joined(({ latchAtTrigger }) => (latchAtTrigger ? "1" : "0")),
    sources: joined(({ source }) => source.charAt(0)), analogs: [],
  };
}

/** The power failed in the middle of a step. */
export class PowerCut extends Error {}

/** Everything around the connector that outlives a power cut, and the clock. */
export class ConnectorTestBoard {
  ring: Bytes[] = [];
  state: Bytes | undefined;
  /** The text stored with "latched". */
  latched: Bytes = "";
  lines: string[] = [];
  epochS = 1780000000;
  synced = true;
  boot = 1;
  ms = 0;
  energyWh = 1000;
  /** Records that still fit; records that were refused. */
  room = 1e9;
  stateFault = false;
  rowFault = false;
  /** Writes to flash, in order: "state", or the row's kind and session. */
  writes: string[] = [];
  senses: (() => void) | undefined;
  users: (uid: Bytes) => User = (uid) => ({ state: uid === "" ? "unknown" : "known", id: 8, fields: "" });
  /** Effects carried out before the power fails, and whether the last of them still reaches the flash. */
  cutAfter = -1;
  cutKeepsLast = false;
  connector: Connector;

  constructor(public configuration: Configuration) {
    this.connector = createConnector(configuration, undefined);
  }

  get nextSequence(): number {
    return this.ring.length + 1;
  }

  restart(offS = 0): void {
    this.epochS += offS;
    this.boot++;
    this.ms = 0;
    this.cutAfter = -1;
    this.connector = createConnector(this.configuration, this.state);
  }

  private cut(): boolean {
    if (this.cutAfter < 0) return false;
    return this.cutAfter-- === 0;
  }

  /** One tick after `passedMs`. */
  tick(passedMs = 20): void {
    const beforeS = Math.floor(this.ms / 1000);
    this.ms += passedMs;
    const uptimeS = Math.floor(this.ms / 1000);
    this.epochS += uptimeS - beforeS;
    const c = this.connector;
    connectorTick(c, { ms: this.ms % 1073741824, s: uptimeS }, { epochS: this.synced ? this.epochS : 0, boot: this.boot, uptimeS }, this.energyWh);
    for (let steps = 0; ; steps++) {
      if (steps > 100) throw new Error("the connector does not come to rest");
      const effect = connectorStep(c, this.nextSequence);
      if (effect === "none") break;
      if (effect === "user") c.user = this.users(c.session.uid);
      else if (effect === "readAnalogInputs") this.senses?.();
      else if (effect === "restore") restoreLatched(c, (place) => this.latched.slice(place * 240, (place + 1) * 240));
      else {
        const cut = this.cut();
        if (cut && !this.cutKeepsLast) throw new PowerCut();
        let result: "stored" | "full" | "fault" = "stored";
        if (effect === "latched") {
          if (this.stateFault) result = "fault";
          else this.latched = c.payload;
        } else if (effect === "state") {
          if (this.stateFault) result = "fault";
          else {
            this.state = c.payload;
            this.writes.push("state");
          }
        } else if (this.rowFault) result = "fault";
        else if (this.room < 1) result = "full";
        else {
          this.room--;
          this.ring.push(c.payload);
          this.writes.push("row");
        }
        if (cut) throw new PowerCut();
        onStored(c, result);
      }
    }
    this.lines.push(...c.lines.splice(0).map(fromUtf8));
  }

  rows(): Row[] {
    return this.ring.map(rowOf);
  }
}
