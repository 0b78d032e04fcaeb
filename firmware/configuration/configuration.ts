/*
 * A device's configuration in the compact form that the running program keeps.
 *
 * Input: made from the JSON document of docs/CONFIGURATION.md by configuration/record (a module
 * that is loaded only for that). Output: read by device.ts and the modules it wires. Invariant: it is
 * complete and checked; no module checks a setting again. Lists that would cost a board many variables
 * are byte strings with one character an entry.
 */
import type { Bytes } from "../../hal/ports";

/** The content of each column of the table. All strings run in parallel, one entry a column. */
export interface ColumnsConfiguration {
  /** Permanent column ids of the database table, one byte each, 1 … 255. */
  ids: Bytes;
  /** Content codes of firmware/protocol.ts, one byte each. */
  contents: Bytes;
  /** One byte each: 1 filled at start, 2 at end, 3 at both; and how the database shows the cell: plus 4 a cost in major units, plus 8 a boolean as 0 or 1. */
  moments: Bytes;
  /** Names for the Log line, joined by "\n". */
  names: Bytes;
  /** Encoded CBOR cells of the constants, in column order; empty where no column is constant. */
  constants: Bytes[];
}

/** One debounced digital input; pin -1 means that it is not wired. */
export interface InputConfiguration {
  pin: number;
  pull: "none" | "up" | "down";
  /** Electrical level that means "on", 0 or 1. */
  activeLevel: number;
  debounceMs: number;
}

/** A custom input that measures a voltage. */
export interface AnalogConfiguration {
  /** Its place among the custom inputs. */
  place: number;
  pin: number;
  /** Value at 0 and at full scale, whole numbers, and how many of their digits are decimals. */
  scaleLow: number;
  scaleHigh: number;
  scaleDecimals: number;
}

/** Custom inputs in the order of the document. All texts run in parallel, one character an input. */
export interface CustomInputsConfiguration {
  /** Numbers 1 … 16, one byte each. */
  indexes: Bytes;
  /** "n" number, "i" integer, "t" text, "b" boolean. */
  types: Bytes;
  /** "1" for an input whose value is that of the trigger, else "0". */
  latches: Bytes;
  /** "c" command, "l" level, "a" analog, "t" tariff. */
  sources: Bytes;
  analogs: AnalogConfiguration[];
}

export interface MeterConfiguration {
  input: InputConfiguration;
  /** 1 … 100,000. */
  pulsesPerKwh: number;
  /** Both levels must last this long; then two pulses must be this far apart (0: no rule). */
  filterMs: number;
  spacingMs: number;
  /** Register reading in Wh at the first counted pulse, so that it matches the meter's display. */
  registerWh: number;
}

export interface ReaderConfiguration {
  /** A name of inputs/reader, such as "rdm6300". */
  model: string;
  port: number;
  baud: number;
  uidFormat: "hex" | "hexReversed" | "decimal10" | "8h10d" | "wiegand3.5";
  presenceTimeoutMs: number;
  rearmDelayMs: number;
  /** How long a card must be held before it triggers, 0 for at once. */
  minHoldMs: number;
  /** Frames within heldMs that show a card; 0 for the driver's own number. */
  minSightings: number;
}

export interface TariffConfiguration {
  /** Decimals of the currency: 2 for cents. */
  minorDigits: number;
  /** Minutes to add to UTC for the tariff's time of day, and the DST rule "none" | "eu". */
  utcOffsetMin: number;
  daylightSaving: "none" | "eu";
  /** Prices in thousandths of a minor unit per kWh, from minute of day on; the first starts at 0. */
  fromMin: number[];
  pricePerKwhMilli: number[];
  /** Thousandths of a minor unit per hour of session. */
  feePerHourMilli: number;
}

/** An endpoint that rows go to as well. */
export interface EndpointConfiguration {
  url: string;
  target: "exosphere" | "webhook";
  keyId: string;
  key: Bytes;
}

/** Settings that only a start needs. */
export interface HardwareConfiguration {
  /** Password of the running board's console; "" leaves it open. */
  consolePassword: Bytes;
  apiPort: number;
  sStart: InputConfiguration;
  sEnd: InputConfiguration;
  /** A level contact whose edges make both pulses. */
  contact: InputConfiguration;
  /** Custom inputs that are contacts, and the place of each among the custom inputs. */
  levels: InputConfiguration[];
  levelPlaces: number[];
  meters: MeterConfiguration[];
  readers: ReaderConfiguration[];
  whenFull: "refuseNew" | "dropOldest";
  /** Endpoints behind the first, ENDPOINTS_MAX - 1 at most. */
  furtherEndpoints: EndpointConfiguration[];
  /** Time server, host or host:port; "" for none. */
  ntp: string;
  /** The session that runs has its cost in another number of decimals than the tariff has now. */
  costUnitChanged: boolean;
}

/** Where rows go and what they hold, which changes between two sessions only. */
export interface TableConfiguration {
  tableId: number;
  rowMode: "session" | "event";
  /** 1: rows are written at start, 2: at end, 3: at both. */
  writeAt: number;
  columns: ColumnsConfiguration;
}

/** @packed */
export interface Configuration {
  /** Let go of once the device is made. */
  hardware: HardwareConfiguration | undefined;
  revision: number;
  /** Generation of the document in flash (store/blob.ts), 0 for none: a session's record names the one that its table is of. */
  generation: number;
  deviceId: string;
  deviceName: Bytes;
  /** Upload target; "" keeps rows on the device. While the uploader serves a further endpoint, the four are that one's. */
  url: string;
  target: "exosphere" | "webhook";
  keyId: string;
  key: Bytes;
  /** Token that API calls on the board must carry; "" closes the API. */
  apiToken: string;
  wifiSsid: string;
  wifiPassword: string;

  tableId: number;
  rowMode: "session" | "event";
  /** 1: rows are written at start, 2: at end, 3: at both. */
  writeAt: number;
  columns: ColumnsConfiguration;
  /** The document's own table, while a session that began with an earlier document still writes to that one's. */
  next: TableConfiguration | undefined;

  /** Name of the block in API commands, "SDC" unless configured. */
  blockName: string;
  triggerDelayMs: number;
  onRestart: "restart" | "ignore";
  lateUid: boolean;
  /** A card shown while no session is active is forgotten after this time; 0 keeps it. */
  uidTimeoutS: number;
  onPowerLoss: "resume" | "close";
  minDurationS: number;
  minEnergyWh: number;
  /** A level contact that opens for less than this does not end the session; 0: it does at once. */
  pauseS: number;
  rfidTrigger: "none" | "start" | "startEnd";

  customInputs: CustomInputsConfiguration;
  /** Index of the meter whose registers fill energy columns; -1 without a meter. */
  boundMeter: number;
  tariff: TariffConfiguration | undefined;

  ledPin: number;
  ledActiveLevel: number;
  relayPin: number;
  relayActiveLevel: number;
  relayFollows: "sa" | "knownCard";
}
