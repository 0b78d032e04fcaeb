/*
 * The bounds of the firmware: where they stand, that each is used, and the relations on which promises rest.
 *
 * Input: the sources of firmware/. Output: test results. Invariant: a bound stands in limits.ts, and settings and
 * contents say the same as the constants.
 */
import assert from "node:assert/strict";
import { settingsOf } from "../../../firmware/configuration/spec";
import * as limits from "../../../firmware/limits";
import * as protocol from "../../../firmware/protocol";
import { ownFiles, readOwn } from "./source_files";

const SOURCES = ownFiles(".ts").filter((path) => path.startsWith("firmware/"));
/** Lengths that a reader's own protocol or the spelling of a card gives: no bound of a queue or loop of ours. */
const ELSEWHERE = /^firmware\/(inputs\/reader\/(twn4|hz1050|pn532|linehex|linedecimal)|inputs\/canonical_uid)\.ts$/;

describe("the limits", () => {
  it("stand in firmware/limits.ts and nowhere else", () => {
    const found: string[] = [];
    for (const path of SOURCES.filter((one) => one !== "firmware/limits.ts" && !ELSEWHERE.test(one))) {
      for (const [, name] of readOwn(path).matchAll(/\bconst ([A-Z][A-Z0-9_]*_(?:MAX|MIN))\b/g)) found.push(`${path}: ${name}`);
    }
    assert.deepEqual(found, []);
  });

  it("are all used by the program", () => {
    const texts = [...SOURCES, ...ownFiles(".ts").filter((path) => /^(hal|boards|console)\//.test(path))].filter((path) => path !== "firmware/limits.ts").map(readOwn).join("\n");
    const own = readOwn("firmware/limits.ts");
    const unused = Object.keys(limits).filter((name) => !new RegExp(`\\b${name}\\b`).test(texts) && own.split(new RegExp(`\\b${name}\\b`)).length < 3);
    assert.deepEqual(unused, ["FEE_MILLI_MAX", "PRICE_MILLI_MAX", "SESSION_BYTES_MAX", "USER_READS_MAX"].filter((name) => unused.includes(name)), "only a bound that follows from a format or a setting may be for tests alone");
  });

  it("are those of the settings", () => {
    const to = (object: string, name: string): number => Number(settingsOf(object).split("\n").map((line) => line.split("|")).find((parts) => parts[0] === name)?.[3]);
    assert.deepEqual(
      [to("document", "customInputs"), to("customInput", "index"), to("document", "meters"), to("block", "meter"), to("document", "readers"), to("table", "columns"), to("tariff", "prices"), to("block", "triggerDelayMs"), to("input", "debounceMs")],
      [16, 16, 2, 2, 2, 32, 24, 600000, 10000]);
    assert.deepEqual([to("customInput", "name"), to("endpoint", "url") <= limits.SETTING_BYTES_MAX], [limits.TEXT_BYTES_MAX, true]);
  });

  it("hold the largest price and fee that a document can say, in thousandths", () => {
    const digits = (object: string, name: string): string[] => settingsOf(object).split("\n").map((line) => line.split("|")).find((parts) => parts[0] === name)!.slice(1, 4);
    assert.deepEqual([digits("price", "perKwh"), digits("tariff", "feePerHour")], [["decimal", "5", "3"], ["decimal", "5", "3"]]);
    assert.ok(99_999_999 <= limits.PRICE_MILLI_MAX && 99_999_999 <= limits.FEE_MILLI_MAX);
  });

  it("let a tick come often enough that a counted pulse is durable within 50 ms", () => {
    assert.ok(limits.TICK_MS < 50);
  });

  it("hold the edges of two meters at 61 pulses a second, and a reader's line at 9600 baud, for three ticks on end", () => {
    assert.ok(limits.EDGES_MAX >= (3 * limits.TICK_MS * 2 * 2 * 61) / 1000);
    assert.ok(limits.SERIAL_BYTES_MAX >= (3 * limits.TICK_MS * 960) / 1000);
  });

  it("keep what is stored within what holds it", () => {
    assert.ok(limits.SESSION_BYTES_MAX <= limits.VALUE_BYTES_MAX);
    assert.ok(limits.SEQUENCE_FLOOR_LEFT_MIN * 2 === limits.SEQUENCE_FLOOR_ROWS);
    assert.ok(limits.PAYLOAD_BYTES_MAX < limits.BATCH_BYTES_MAX && limits.RESULT_TEXT_BYTES_MAX < limits.RESULT_BYTES_MAX);
  });
});

describe("the codes of contents", () => {
  const names: [string, number][] = [
    ["session.start", protocol.CONTENT_SESSION_START],
    ["session.end", protocol.CONTENT_SESSION_END],
    ["trigger.time", protocol.CONTENT_TRIGGER_TIME],
    ["session.duration", protocol.CONTENT_SESSION_DURATION],
    ["session.number", protocol.CONTENT_SESSION_NUMBER],
    ["session.energy", protocol.CONTENT_SESSION_ENERGY],
    ["meter.start", protocol.CONTENT_METER_START],
    ["meter.end", protocol.CONTENT_METER_END],
    ["session.cost", protocol.CONTENT_SESSION_COST],
    ["session.active", protocol.CONTENT_SESSION_ACTIVE],
    ["session.short", protocol.CONTENT_SESSION_SHORT],
    ["session.endReason", protocol.CONTENT_END_REASON],
    ["session.clock", protocol.CONTENT_SESSION_CLOCK],
    ["device.id", protocol.CONTENT_DEVICE_ID],
    ["device.name", protocol.CONTENT_DEVICE_NAME],
    ["uid", protocol.CONTENT_UID],
    ["session.lastUid", protocol.CONTENT_LAST_UID],
    ["meter1.energy", protocol.CONTENT_METER], ["meter2.energy", protocol.CONTENT_METER + 3], ["meter2.end", protocol.CONTENT_METER + 5],
    ["constant", protocol.CONTENT_CONSTANT], ["user.name", protocol.CONTENT_USER_FIELD], ["ci1", protocol.CONTENT_CUSTOM_INPUT + 1],
  ];
  for (const [name, code] of names) {
    it(`has ${String(code)} for ${name}`, () => assert.equal(protocol.contentNamed(name)?.code, code));
  }
});
