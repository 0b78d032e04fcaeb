/*
 * Where the parts of the store lie.
 *
 * Input: areas of the board files and odd ones. Output: test results.
 */
import assert from "node:assert/strict";
import { LARGE_AREA, SMALL_AREA } from "../../../boards/espruino_flash";
import { BOARDS } from "../../../boards/index";
import type { Area } from "../../../firmware/store/flash_page";
import { openLayout } from "../../../firmware/store/layout";
import type { Layout } from "../../../firmware/store/layout";

function parts(layout: Layout): Area[] {
  return [layout.keyValues, ...layout.meters, layout.settings, layout.users, layout.ring].filter((part) => part.bytes > 0);
}

function checkParts(areas: Area[], pageBytes: number): Layout {
  const layout = openLayout(areas, pageBytes);
  assert.ok(layout !== undefined);
  const list = parts(layout);
  list.forEach((part, index) => {
    assert.equal(part.address % pageBytes, 0);
    assert.equal(part.bytes % (2 * pageBytes) === 0 || part === layout.ring, true);
    const inside = areas.reduce((sum, area) => sum + Math.max(0, Math.min(part.address + part.bytes, area.address + area.bytes) - Math.max(part.address, area.address)), 0);
    assert.equal(inside, part.bytes, "inside the board's areas");
    for (const other of list.slice(index + 1)) {
      assert.ok(part.address + part.bytes <= other.address || other.address + other.bytes <= part.address, "no overlap");
    }
  });
  return layout;
}

describe("the layout of the store", () => {
  for (const board of BOARDS) {
    it(`fits the areas of ${board.name}, one by one and all together`, () => {
      for (const area of board.areas) checkParts([area], board.pageBytes);
      checkParts(board.areas, board.pageBytes);
    });
  }

  it("gives the ring of a 64 KiB board half of it", () => assert.equal(checkParts([SMALL_AREA], 4096).ring.bytes, 32768));

  it("leaves room for 10,000 sessions beside 1,000 users when both areas of an ESP32 are given", () => {
    const layout = checkParts([SMALL_AREA, LARGE_AREA], 4096);
    assert.equal(layout.ring.bytes, 232 * 4096);
    assert.equal(layout.users.bytes / 2, 57_344);
  });

  it("gives the ring a whole 64 KiB when the fixed parts have an area of their own", () => {
    const layout = checkParts([{ address: 0x300000, bytes: 0x8000 }, { address: 0x320000, bytes: 0x10000 }], 4096);
    assert.equal(layout.ring.bytes, 0x10000);
    assert.equal(layout.keyValues.address, 0x300000);
  });

  it("refuses areas that are too small", () => {
    assert.equal(openLayout([], 4096), undefined);
    assert.equal(openLayout([{ address: 0, bytes: 0x8000 }], 4096), undefined);
  });
});
