/*
 * The store at work in the portable subset: rows, values, documents and pulses on one small flash.
 *
 * Input: none. Output: a text that tells every answer, every row left, and the checksum of every page.
 * Invariant: the same text on Node and in every Lua machine, or a number was handled differently.
 */
import { hexOf } from "../../firmware/base/bytes";
import { cborText } from "../../firmware/base/cbor";
import { factRow } from "../../firmware/session/row";
import { countPulse, openMeterPage } from "../../firmware/store/meter_page";
import { appendRecord, openRing } from "../../firmware/store/ring";
import { createCursor } from "../../firmware/store/ring_page";
import { acknowledge, firstPending, nextPending, readPending, quarantine } from "../../firmware/store/ring_pending";
import { openSettings, readSettings, writeSettings } from "../../firmware/configuration/store";
import { openKeyValueStore, getValue, putValue } from "../../firmware/store/key_value_store";
import { createPortableFlash, createPortableTestBoard, portsOf } from "../boards/portable_board";

const PAGE_BYTES = 1024;
const RING_AREA = { address: 0, bytes: 6 * PAGE_BYTES };
const STATE_AREA = { address: 8 * PAGE_BYTES, bytes: 2 * PAGE_BYTES };
const METER_AREA = { address: 10 * PAGE_BYTES, bytes: 2 * PAGE_BYTES };
const SETTINGS_AREA = { address: 12 * PAGE_BYTES, bytes: 4 * PAGE_BYTES };

/** A value, or a word for none: Lua and JavaScript name it differently. */
function shownText(value: string | undefined): string {
  return value === undefined ? "none" : value;
}

/** Plays once; a few hundred flash operations. */
export function run(): string {
  const flash = createPortableFlash(0, PAGE_BYTES, 16);
  const crypto = portsOf(createPortableTestBoard(flash), () => undefined).crypto;
  let text = "";
  let rows = 0;
  for (let start = 0; start < 4; start++) {
    const ring = openRing(flash, crypto, RING_AREA, start === 3 ? "dropOldest" : "refuseNew");
    text += "start " + String(start) + " next " + String(ring.nextSequence) + " pending " + String(ring.pending) + "\n";
    const cursor = createCursor();
    for (let index = 0; index < 100; index++) {
      rows++;
      const sequence = ring.nextSequence;
      const answer = appendRecord(ring, factRow(5, sequence, start, rows * 1000, rows * 7919) + cborText("row " + String(sequence)));
      if (answer !== "stored") text += "row " + String(rows) + " " + answer + "\n";
      if (index % 4 === 0 && firstPending(ring, cursor)) acknowledge(ring, cursor);
      if (index % 20 === 7 && firstPending(ring, cursor) && nextPending(ring, cursor)) quarantine(ring, cursor);
    }
    let found = firstPending(ring, cursor);
    let shown = 0;
    while (found && shown < 5) {
      const payload = readPending(ring, cursor);
      text += payload === undefined ? "damaged\n" : hexOf(payload) + "\n";
      shown++;
      found = nextPending(ring, cursor);
    }
    text += "aside " + String(ring.quarantined) + " lost " + String(ring.lost) + "\n";

    const state = openKeyValueStore(flash, crypto, STATE_AREA);
    for (let index = 0; index < 40; index++) putValue(state, index % 3 + 1, "value " + String(start * 100 + index));
    text += shownText(getValue(state, 2)) + "\n";

    const meter = openMeterPage(flash, crypto, METER_AREA, 1000, 123456);
    for (let index = 0; index < 150; index++) countPulse(meter);
    text += "energy " + String(meter.energyWh) + "\n";

    const settings = openSettings(flash, crypto, SETTINGS_AREA);
    text += "before " + shownText(readSettings(settings)) + "\n";
    text += writeSettings(settings, "{\"start\":" + String(start) + "}") + "\n";
  }
  for (let index = 0; index < flash.pages.length; index++) text += hexOf(crypto.crc32(flash.pages[index]!)) + "\n";
  return text;
}
