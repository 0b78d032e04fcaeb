/*
 * The form of a slot, byte by byte, and of the mark page: docs/STORAGE.md section 9.
 */
import { strict as assert } from "node:assert";
import { PROGRAM_PART, slotIndex, slotOf, slotParts } from "../../../tools/build/slot";
import { markState } from "../../../tools/board/mark_page";
import { planSlot } from "../../../tools/board/board_slots";

const BLANK = "\xff".repeat(16);

describe("a slot", () => {
  it("is the bytes of the example", () => {
    assert.equal(slotOf("LINUX", "go()", { row: "r", card: "cc" }),
      "SDP12061247957" + "00000100" + "LINUX     " + "00000093" + "00000004" + "\ncard 00000097 00000002" + "\nrow 00000099 00000001" + "go()ccr");
  });

  it("gives back what was put in, whatever the order and the bytes", () => {
    const modules = { row: "\xff\x00\n", card: "", part9: "x".repeat(5000) };
    const slot = slotOf("ESP32C3", "program\n", modules);
    assert.deepEqual(slotParts(slot), { [PROGRAM_PART]: "program\n", ...modules });
    assert.equal(slotIndex(slot)?.family, "ESP32C3");
    assert.equal(slotOf("ESP32C3", "program\n", { part9: modules.part9, card: "", row: modules.row }), slot);
  });

  it("holds modules of the same text once", () => {
    const modules = { em18: "driver", id12la: "x".repeat(900), rdm6300: "x".repeat(900) };
    const slot = slotOf("LINUX", "go()", modules);
    assert.deepEqual(slotParts(slot), { [PROGRAM_PART]: "go()", ...modules });
    assert.ok(slot.length < 1200, String(slot.length));
  });

  it("takes no name that could be taken for a slot or end an index line", () => {
    for (const name of ["a", "", "two words", "line\n", "Large"]) assert.throws(() => slotOf("LINUX", "", { [name]: "" }), /cannot be called/);
    assert.throws(() => slotOf("ELEVENBYTES", "", {}), /does not fit/);
  });

  it("is none with one byte changed", () => {
    const slot = slotOf("LINUX", "go()", { row: "r" });
    for (let at = 0; at < slot.length; at++) assert.throws(() => slotParts(slot.slice(0, at) + "?" + slot.slice(at + 1)), /no whole slot/, String(at));
  });
});

describe("a mark page", () => {
  const mark = (letter: string, rest = "\xff".repeat(12)): string => `SDL${letter}${rest}`;

  it("says the last whole mark, whether it is confirmed, and where the next goes", () => {
    const confirmed = "\x00\xff\xff\xff" + "\x00\x00\x00\x00" + "\xff\xff\xff\xff";
    assert.deepEqual(markState(BLANK + BLANK), { letter: "", confirmed: false, next: 0, ours: true });
    assert.deepEqual(markState(mark("a", confirmed) + mark("b") + BLANK), { letter: "b", confirmed: false, next: 32, ours: true });
    assert.deepEqual(markState(mark("b", confirmed)), { letter: "b", confirmed: true, next: -1, ours: true });
  });

  it("passes over a mark that a cut left half written", () => {
    // Bits that should have become 0 are still 1: "S" as "[", "b" as "c".
    assert.deepEqual(markState(mark("a") + "SDLc" + "\xff".repeat(12) + BLANK), { letter: "a", confirmed: false, next: 32, ours: true });
    assert.equal(markState("[DLb" + "\xff".repeat(12) + BLANK).letter, "");
  });

  it("is not ours with anything else in it", () => {
    assert.equal(markState("\x00".repeat(16) + BLANK).ours, false);
    assert.equal(markState(BLANK + mark("a")).ours, false);
  });
});

describe("the plan for a slot", () => {
  it("never takes the slot that would start where there is room for two, and has one slot only where there is not", () => {
    assert.deepEqual(["a", "b", ""].map((starting) => planSlot(896 * 1024, 187000, starting as "a", 0x60000).target), ["b", "a", "a"]);
    assert.deepEqual(planSlot(190 * 1024, 187000, "b", 86016), { target: "a", file: "sdc_a", storedBytes: 187000, other: "", keepsOther: false });
    assert.deepEqual(planSlot(190 * 1024, 5000, "a", 187000), { target: "a", file: "sdc_a", storedBytes: 5000, other: "", keepsOther: false });
  });
});
