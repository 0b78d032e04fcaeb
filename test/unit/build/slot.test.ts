/*
 * The form of a slot, byte by byte, and of the mark page: docs/STORAGE.md section 9.
 */
import { strict as assert } from "node:assert";
import { FIXED_PLACE, placeAt, placedSlot, placeHead, placeOf, PROGRAM_PART, slotIndex, slotOf, slotParts, type SlotRelease } from "../../../tools/build/slot";
import { markState } from "../../../tools/board/mark_page";
import { planSlot } from "../../../tools/board/board_slots";

const RELEASE: SlotRelease = { family: "LINUX", board: "linux", version: "1.2.3", number: 17 };
const CHIP: SlotRelease = { family: "ESP32C3", board: "esp32c3_devkit", version: "2.0.0-rc.1", number: 4 };
const BLANK = "\xff".repeat(16);

describe("a slot", () => {
  it("is the bytes of the example", () => {
    assert.equal(slotOf(RELEASE, "go()", { row: "r", card: "cc" }),
      "SDP2" + "0419079893" + "00000156" + "LINUX     " + "00000149" + "00000004" + "00000017" + "1.2.3".padEnd(24) + "linux".padEnd(24) +
      "\ncard 00000153 00000002" + "\nrow 00000155 00000001" + "go()ccr");
  });

  it("gives back what was put in, in any order and with any bytes", () => {
    const modules = { row: "\xff\x00\n", card: "", part9: "x".repeat(5000) };
    const slot = slotOf(CHIP, "program\n", modules);
    assert.deepEqual(slotParts(slot), { [PROGRAM_PART]: "program\n", ...modules });
    const { family, board, version, number } = slotIndex(slot)!;
    assert.deepEqual({ family, board, version, number }, CHIP);
    assert.equal(slotOf(CHIP, "program\n", { part9: modules.part9, card: "", row: modules.row }), slot);
  });

  it("holds modules of the same text once", () => {
    const modules = { em18: "driver", id12la: "x".repeat(900), rdm6300: "x".repeat(900) };
    const slot = slotOf(RELEASE, "go()", modules);
    assert.deepEqual(slotParts(slot), { [PROGRAM_PART]: "go()", ...modules });
    assert.equal(slot.length, 1088);
  });

  it("takes no name that could be taken for a slot or end an index line", () => {
    for (const name of ["a", "", "two words", "line\n", "Large"]) assert.throws(() => slotOf(RELEASE, "", { [name]: "" }), /cannot be called/);
    assert.throws(() => slotOf({ ...RELEASE, family: "ELEVENBYTES" }, "", {}), /does not fit/);
  });

  it("is none with one byte changed", () => {
    const slot = slotOf(RELEASE, "go()", { row: "r" });
    for (let at = 0; at < slot.length; at++) assert.throws(() => slotParts(slot.slice(0, at) + "?" + slot.slice(at + 1)), /not a whole slot/, String(at));
  });
});

describe("the place of a slot", () => {
  it("begins at the first page boundary that leaves room for its head, and ends before the page of the next file", () => {
    assert.deepEqual(placeAt(0x320440, 0x60000, 4096), { at: 0xbc0, bytes: 0x5f000, address: 0x321000 });
    assert.deepEqual(placeAt(0x320fe0, 0x60000, 4096), { at: 32, bytes: 0x5f000, address: 0x321000 });
    assert.deepEqual(placeAt(0x320fe4, 0x60000, 4096), { at: 4124, bytes: 0x5e000, address: 0x322000 });
    assert.deepEqual(placeAt(0x320fe0, 0x60020, 4096), { at: 32, bytes: 0x60000, address: 0x321000 });
  });

  it("has no pages of its own in a file that has none whole", () => {
    assert.deepEqual(placeAt(0x320440, 4096, 4096), FIXED_PLACE);
    assert.deepEqual(placeAt(0x320441, 0x60000, 4096), FIXED_PLACE);
  });

  it("is the bytes of the example, and none with one of them changed", () => {
    const place = { at: 3008, bytes: 389120, address: 3280896 };
    const head = placeHead(place);
    assert.equal(head, "SDF1" + "00003008" + "00389120" + "0003280896" + "  ");
    assert.deepEqual(placeOf(head), place);
    assert.deepEqual(placeOf(head + "more"), undefined);
    for (const at of [0, 3, 30, 31]) assert.equal(placeOf(head.slice(0, at) + "?" + head.slice(at + 1)), undefined);
    assert.equal(placeOf(head.slice(0, 31)), undefined);
    assert.equal(placedSlot("slot", place).length, 3012);
    assert.equal(placedSlot("slot").slice(32), "slot");
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
    assert.deepEqual(planSlot(190 * 1024, 187000, "b", 86016), { target: "a", file: "sdc_a", storedBytes: 187032, other: "", keepsOther: false });
    assert.deepEqual(planSlot(190 * 1024, 5000, "a", 187000), { target: "a", file: "sdc_a", storedBytes: 5032, other: "", keepsOther: false });
  });
});
