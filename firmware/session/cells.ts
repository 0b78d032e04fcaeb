/*
 * The cells of a row: what each column content is worth at a start or at an end.
 *
 * Input: the connector and the event. Output: pairs of column id and CBOR cell, and their count. Invariants:
 * a value that is not known is CBOR null, never a made-up number; a cell that an end row cannot know is left
 * out where the start row already gave it, so that completing a row never takes anything away; the payload
 * always fits PAYLOAD_BYTES_MAX.
 */
import type { Bytes } from "../../hal/ports";
import { bytesOfHex, hexOf, utf8Cut } from "../base/bytes";
import { CBOR_BYTES, CBOR_FALSE, CBOR_NULL, CBOR_TAG, CBOR_TRUE, cborDecimal, cborHead, cborInteger, cborText } from "../base/cbor";
import { PAYLOAD_BYTES_MAX, TEXT_BYTES_MAX } from "../limits";
import {
  CONTENT_CONSTANT, CONTENT_CUSTOM_INPUT, CONTENT_DEVICE_ID, CONTENT_DEVICE_NAME, CONTENT_END_REASON, CONTENT_LAST_UID, CONTENT_METER, CONTENT_METER_END, CONTENT_METER_START, CONTENT_SESSION_ACTIVE, CONTENT_SESSION_CLOCK, CONTENT_SESSION_COST, CONTENT_SESSION_DURATION, CONTENT_SESSION_END, CONTENT_SESSION_ENERGY, CONTENT_SESSION_NUMBER, CONTENT_SESSION_SHORT, CONTENT_SESSION_START, CONTENT_TRIGGER_TIME, CONTENT_UID, CONTENT_USER_FIELD,
} from "../protocol";
import { momentCell } from "./row";
import { costMinor } from "./tariff";
import { meteredWh } from "./connector";
import type { Connector } from "./connector";
import { readingWh } from "./readings";
import { customValue } from "./custom_values";
import { majorUnits } from "./tariff";
import { REASON_NAMES, WRITE_END, WRITE_START } from "./session_record";
import { userField } from "./users";

/** Room that the row's head takes of PAYLOAD_BYTES_MAX: array, kind, sequence, table, session, map. */
const ROW_HEAD_BYTES = 24;

/** A uid: as bytes when it is upper-case hexadecimal, which says the same in half the room; else as its text. */
function uidCell(uid: Bytes): Bytes {
  if (uid === "") return CBOR_NULL;
  const bytes = bytesOfHex(uid);
  if (bytes !== undefined && hexOf(bytes) === uid) return cborHead(CBOR_BYTES, bytes.length) + bytes;
  return cborText(uid);
}

/** The value of custom input number `index` (1 … 16) as the row has it. */
function customCell(connector: Connector, index: number, textBytes: number): Bytes {
  const inputs = connector.configuration.customInputs;
  for (let place = 0; place < inputs.indexes.length; place++) {
    if (inputs.indexes.charCodeAt(place) !== index) continue;
    const tariff = connector.configuration.tariff;
    const type = inputs.types.charAt(place);
    if (inputs.sources.charAt(place) === "t" && tariff !== undefined) {
      const session = connector.session;
      const cost = costMinor(session.cost, tariff, session.write === WRITE_END ? session.meteredWh : meteredWh(connector));
      if (cost < 0) return CBOR_NULL;
      return type === "i" ? cborInteger(cost) : cborDecimal(majorUnits(cost, tariff.minorDigits));
    }
    const value = customValue(inputs.latches.charAt(place) === "1" ? connector.latched : connector.values, place);
    if (value === undefined) return CBOR_NULL;
    if (type === "t") return cborText(utf8Cut(value, textBytes));
    if (type === "b") return value === "1" ? CBOR_TRUE : CBOR_FALSE;
    return cborDecimal(value);
  }
  return CBOR_NULL;
}

/** The cell of one content; CBOR_NULL when its value is not known. */
function contentCell(connector: Connector, content: number, textBytes: number): Bytes {
  const session = connector.session;
  const configuration = connector.configuration;
  const ended = session.write === WRITE_END;
  if (content > CONTENT_CUSTOM_INPUT) return customCell(connector, content - CONTENT_CUSTOM_INPUT, textBytes);
  if (content >= CONTENT_METER && content < CONTENT_CONSTANT) {
    const readWh = readingWh(connector.readings, content);
    return readWh < 0 ? CBOR_NULL : cborInteger(readWh);
  }
  if (content >= CONTENT_USER_FIELD) {
    const text = connector.user === undefined ? "" : userField(connector.user.fields, content - CONTENT_USER_FIELD);
    return text === "" ? CBOR_NULL : cborText(utf8Cut(text, textBytes));
  }
  if (content === CONTENT_SESSION_START) return momentCell(session.start);
  if (content === CONTENT_TRIGGER_TIME) return momentCell(ended ? session.end : session.start);
  if (content === CONTENT_SESSION_NUMBER) return cborInteger(session.number);
  if (content === CONTENT_METER_START) return session.startWh < 0 ? CBOR_NULL : cborInteger(session.startWh);
  if (content === CONTENT_SESSION_ACTIVE) return ended ? CBOR_FALSE : CBOR_TRUE;
  if (content === CONTENT_SESSION_CLOCK) {
    // The endpoint shows how well it could date the moment; the row is as good as the worse of its two.
    if (session.start.epochS <= 0) return momentCell(session.start);
    // A date of the start that evidence is against is worse than an end without one.
    if (connector.clockContradicted) return cborText("contradicted");
    return ended && session.end.epochS <= 0 ? momentCell(session.end) : cborText("synced");
  }
  if (content === CONTENT_DEVICE_ID) return cborText(configuration.deviceId);
  if (content === CONTENT_DEVICE_NAME) return cborText(utf8Cut(configuration.deviceName, textBytes));
  if (content === CONTENT_UID) return uidCell(session.uid);
  if (content === CONTENT_LAST_UID) return uidCell(session.lastUid);
  if (!ended) return CBOR_NULL;
  const energyWh = session.energyWh;
  if (content === CONTENT_SESSION_END) return momentCell(session.end);
  if (content === CONTENT_SESSION_DURATION) return cborInteger(session.durationS);
  if (content === CONTENT_SESSION_ENERGY) return energyWh < 0 ? CBOR_NULL : cborInteger(energyWh);
  if (content === CONTENT_METER_END) return session.endWh < 0 ? CBOR_NULL : cborInteger(session.endWh);
  if (content === CONTENT_SESSION_SHORT) {
    const short = session.durationS < configuration.minDurationS || (energyWh >= 0 && energyWh < configuration.minEnergyWh);
    return short ? CBOR_TRUE : CBOR_FALSE;
  }
  if (content === CONTENT_END_REASON) return cborText(REASON_NAMES[session.reason]!);
  if (content === CONTENT_SESSION_COST && configuration.tariff !== undefined) {
    const cost = costMinor(session.cost, configuration.tariff, session.meteredWh);
    return cost < 0 ? CBOR_NULL : cborInteger(cost);
  }
  return CBOR_NULL;
}

/** Column that is the endpoint's own: how good the row's time is. */
const CLOCK_COLUMN_ID = 0;

/**
 * Puts the cells of the row being written into `connector.cells` and `connector.cellCount`. Texts are cut
 * to TEXT_BYTES_MAX bytes, and further only when the whole row would not fit; returns the length used. A time that is
 * not "synced" is told in column 0, unless a cell for it or the very moment is in the row anyway.
 */
export function rowCells(connector: Connector): number {
  const columns = connector.configuration.columns;
  const event = connector.session.write === WRITE_START ? 1 : 2;
  const completes = event === 2 && connector.configuration.rowMode === "session";
  const clock = contentCell(connector, CONTENT_SESSION_CLOCK, TEXT_BYTES_MAX);
  let textBytes = TEXT_BYTES_MAX;
  for (;;) {
    let cells = "";
    let isClockTold = clock === cborText("synced");
    let count = 0;
    let constant = 0;
    for (let index = 0; index < columns.ids.length; index++) {
      const content = columns.contents.charCodeAt(index);
      const moments = columns.moments.charCodeAt(index) % 4;
      let cell = "";
      if (content === CONTENT_CONSTANT) {
        cell = columns.constants[constant]!;
        constant++;
      }
      if (moments !== 3 && moments !== event) continue;
      if (cell === "") cell = contentCell(connector, content, textBytes);
      if (cell === CBOR_NULL && moments === 3 && completes) continue;
      // A text of a person may spell the same word; nothing else makes the same moment.
      if (cell === clock && (content === CONTENT_SESSION_CLOCK || clock.charCodeAt(0) >= CBOR_TAG * 32)) isClockTold = true;
      cells += cborInteger(columns.ids.charCodeAt(index)) + cell;
      count++;
    }
    if (!isClockTold) {
      cells += cborInteger(CLOCK_COLUMN_ID) + clock;
      count++;
    }
    if (cells.length + ROW_HEAD_BYTES <= PAYLOAD_BYTES_MAX || textBytes <= 8) {
      connector.cells = cells;
      connector.cellCount = count;
      return textBytes;
    }
    textBytes = Math.floor(textBytes / 2);
  }
}
