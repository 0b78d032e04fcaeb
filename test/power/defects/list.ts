/*
 * Small errors that a store could contain, each as a change of one place in its source.
 *
 * Input: the sources of firmware/store. Output: DEFECTS for the runner, which must notice every one; `seenIn` names scenario, mode and
 * stride of the run that does.
 * Invariant: each is the kind of slip that a reviewer could miss; none ships.
 */
import type { Defect } from "../store_modules";

export const DEFECTS: Defect[] = [
  { name: "a record's CRC is not checked when it is read", seenIn: "fill/linear/53", file: "ring_page", find: "bytes.substring(length)) return undefined;", replace: "bytes.substring(length) && length < 0) return undefined;" },
  { name: "stored is said without reading back", seenIn: "fill/silent/53", file: "ring", find: "if (ring.flash.read(address, record.length) === record) {", replace: "if (record.length > 0) {" },
  { name: "a page is erased although records in it wait", seenIn: "fill/linear/53", file: "ring", find: "if (!ring.dropOldest) return \"full\";", replace: "if (!ring.dropOldest) ring.tail = old + 1;" },
  { name: "the old page is erased before it is invalidated", seenIn: "late answer/linear/53", file: "ring", find: "if (!writeChecked(ring.flash, address, u32(0))) ring.flash.write(address, u32(0));", replace: "" },
  { name: "the header is written before the page is erased", seenIn: "fill/linear/53", file: "ring", find: "if (erasePage(ring.flash, address) && writeChecked(ring.flash, address, ringHeader(ring, page))) {", replace: "if (writeChecked(ring.flash, address, ringHeader(ring, page)) || erasePage(ring.flash, address)) {" },
  { name: "the last record of a page may reach one byte beyond it", seenIn: "page end/linear/53", file: "ring", find: "ring.headOffset + bytes.length + 4 > ring.flash.pageBytes)", replace: "ring.headOffset + bytes.length + 3 > ring.flash.pageBytes)" },
  { name: "a torn record's number is not counted at the next start", seenIn: "fill/linear/53", file: "ring_scan", find: "  ring.headSlots = cursor.index;\n  rewriteWeakBits", replace: "  ring.headSlots = cursor.index > 0 ? cursor.index - 1 : 0;\n  rewriteWeakBits" },
  { name: "a new page begins with the sequence of the one before", seenIn: "fill/linear/53", file: "ring_page", find: "u16(ring.slots) + u32(ring.nextSequence) +", replace: "u16(ring.slots) + u32(ring.nextSequence > 9 ? ring.nextSequence - 9 : 1) +" },
  { name: "a page is drained when its first record is acknowledged", seenIn: "fill/linear/53", file: "ring_pending", find: "ring.tail = cursor.page;", replace: "if (found && cursor.index > 0) ring.flash.write(pageAddress(ring, cursor.page) + RING_DRAINED, u32(0));\n  ring.tail = cursor.page;" },
  { name: "an acknowledgement clears the bit of the next record", seenIn: "fill/linear/53", file: "ring_page", find: "const place = Math.floor(index / 4) % 4;\n", replace: "index++;\n  const place = Math.floor(index / 4) % 4;\n" },
  { name: "an acknowledgement is kept in memory only", seenIn: "fill/linear/53", file: "ring_pending", find: "if (!clearState(ring, cursor.page, cursor.index, bits)) {", replace: "if (cursor.index >= ring.slots) {" },
  { name: "the oldest page is taken to be the newest", seenIn: "fill/linear/53", file: "ring_scan", find: "ring.tail = oldestPage(ring);", replace: "ring.tail = ring.head;" },
  { name: "half-programmed cells of the last record are left as they are", seenIn: "fill/linear/53", file: "ring_scan", find: "    rewriteWeakBits(ring.flash, address + last, cursor.headBytes + cursor.payloadBytes + 4);\n", replace: "" },
  { name: "a page that was half invalidated may come back to life", seenIn: "late answer/linear/23", file: "ring_scan", find: "if (!readHeader(ring, next % ring.pages)) ring.flash.write(pageAddress(ring, next), u32(0));", replace: "" },
  { name: "dropped records are not announced before they go", seenIn: "drop/linear/53", file: "ring", find: "ring.flash.write(address, u16(dropped) + u16(65535 - dropped));", replace: "ring.dropCountedAtPage = ring.head;" },
  { name: "a cursor may mark a record of a page that was dropped", seenIn: "drop/linear/53", file: "ring_pending", find: "if (cursor.page < ring.tail || cursor.page > ring.head) return \"ok\";", replace: "" },
  { name: "an erase is believed without looking", seenIn: "scattered/stuck/1", file: "flash_page", find: "offset < flash.pageBytes && flash.read(address + offset, CHECK_BYTES) === white", replace: "offset < flash.pageBytes" },
  { name: "a key-value page's header is written before its values", seenIn: "values/linear/53", file: "key_value_store", find: "let whole = erasePage(flash, address);", replace: "let whole = erasePage(flash, address) && writeChecked(flash, address, withCrc(store.crypto, KEY_VALUE_MAGIC + u32(page)));" },
  { name: "a key-value page leaves one key behind", seenIn: "values/linear/53", file: "key_value_store", find: "for (let key = 1; key <= KEYS_MAX; key++) {\n      const old", replace: "for (let key = 1; key < 9; key++) {\n      const old" },
  { name: "a stored value's CRC is not checked", seenIn: "values/linear/53", file: "key_value_store", find: "!== bytes.substring(end, end + 4)) return undefined;", replace: "=== \"\") return undefined;" },
  { name: "a meter page starts before the register is carried on", seenIn: "rotation/linear/53", file: "meter_page", find: "u32(meter.energyWh) + u32(meter.remainderMilli)", replace: "u32(meter.energyWh > 0 ? meter.energyWh - 1 : 0) + u32(meter.remainderMilli)" },
  { name: "a meter's pulses are never read back", seenIn: "pulses/silent/7", file: "meter_page", find: "if (meter.flash.read(meter.wordAddress, 4) !== pattern) {", replace: "if (pattern === \"\") {" },
  { name: "the last bits of a meter are left half cleared", seenIn: "pulses/linear/1", file: "meter_page", find: "    if (count > 0) meter.flash.write(meter.wordAddress, unary(count, 4));\n", replace: "" },
  { name: "a correction counts as metered", seenIn: "older meter/linear/1", file: "meter_page", find: "meter.correctedWh += registerWh - meter.energyWh;", replace: "meter.correctedWh += 0;" },
  { name: "pages of format 1 are not read", seenIn: "older meter/linear/53", file: "meter_page", find: "(magic !== METER_MAGIC && magic !== METER_MAGIC_1)", replace: "magic !== METER_MAGIC" },
  { name: "a page of format 1 is counted from where format 2 begins", seenIn: "older meter/linear/53", file: "meter_page", find: "scanPulses(meter, address + header.length);", replace: "scanPulses(meter, address + METER_HEADER_BYTES);" },
  { name: "an acknowledgement of one endpoint counts for the other", seenIn: "two endpoints/linear/53", file: "ring_page", find: "pageAddress(ring, page) + statesOffset(ring, ring.endpoint) + Math.floor(index / 16) * 4;", replace: "pageAddress(ring, page) + statesOffset(ring, 0) + Math.floor(index / 16) * 4;" },
  { name: "a page is free when the first endpoint has decided it", seenIn: "two endpoints/linear/53", file: "ring", find: "endpoint < ring.endpoints && !found; endpoint++", replace: "endpoint < 1 && !found; endpoint++" },
  { name: "records begin on the states of the last endpoint", seenIn: "three endpoints/linear/53", file: "ring_page", find: "return statesOffset(ring, endpoints - 1) + Math.floor(ring.slots / 4);", replace: "return statesOffset(ring, 0) + Math.floor(ring.slots / 4);" },
  { name: "a document is put in force before it is written", seenIn: "documents/silent/53", file: "blob_write", find: "  blob.writing = generation;\n", replace: "  blob.writing = generation;\n  writeChecked(blob.flash, address, withCrc(blob.crypto, BLOB_MAGIC + u32(generation) + u32(0)));\n" },
  { name: "a new document overwrites the one in force", seenIn: "documents/linear/53", file: "blob_write", find: "const generation = blob.generation + 1;", replace: "const generation = blob.generation + 2;" },
];
