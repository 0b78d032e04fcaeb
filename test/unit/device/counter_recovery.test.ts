/*
 * A board takes the numbers over that a signed answer told it.
 *
 * Input: what the answer told, power cuts at every step of flash. Output: boot, sequence, session after the
 * next start. Invariant: numbers only rise, and what a cut undid is done again at the next contact.
 */
import assert from "node:assert/strict";
import { tick, type Device } from "../../../firmware/device";
import { u32 } from "../../../firmware/base/bytes";
import { firstPending, nextPending, readPending, recordSequence } from "../../../firmware/store/ring_pending";
import { createCursor } from "../../../firmware/store/ring_page";
import { PowerCut } from "../../../hal/mock/flash";
import { createDeviceTestBoard, plug, run, startDevice, type DeviceTestBoard } from "../../boards/device_board";

const T = 1767225600;

/** As judge leaves it: the numbers, the time, and that the boot is behind when the endpoint has had this one before. */
function tell(device: Device, boot: number, sequence: number, session: number, behind = true): void {
  device.uploader.highWaterMarks = u32(boot) + u32(sequence) + u32(session);
  device.uploader.isBootBehind = behind;
  device.wall.offsetS = T;
}

function pendingSequences(device: Device): number[] {
  const cursor = createCursor();
  const found: number[] = [];
  for (let more = firstPending(device.ring, cursor); more; more = nextPending(device.ring, cursor)) found.push(recordSequence(readPending(device.ring, cursor) ?? ""));
  return found;
}

describe("the numbers of a board", () => {
  let desk: DeviceTestBoard;
  beforeEach(() => {
    desk = createDeviceTestBoard();
    desk.board.link.reachable = false;
    run(desk, 1000);
  });

  it("begin with a boot that no other board is likely to have had, and go up by one with each start", () => {
    const first = desk.device.wall.boot;
    assert.ok(first > 1_000_000 && first < 2 ** 31);
    assert.equal(startDevice(desk).wall.boot, first + 1);
    assert.notEqual(createDeviceTestBoard().device.wall.boot, 1);
  });

  it("go on above the told ones, also after a restart", () => {
    tell(desk.device, 30_000_000, 500, 70);
    run(desk, 100);
    assert.equal(desk.device.wall.boot, 30_000_001);
    desk.device = startDevice(desk);
    run(desk, 100);
    plug(desk, true);
    assert.equal(desk.device.wall.boot, 30_000_002);
    assert.equal(desk.device.connector.session.number, 71);
    assert.ok(pendingSequences(desk.device).every((sequence) => sequence > 500));
    assert.equal(desk.device.ring.nextSequence, 504);
  });

  it("stay where they are when the told ones are lower, and beyond what a number may be", () => {
    plug(desk, true);
    const before = [desk.device.wall.boot, desk.device.ring.nextSequence, desk.device.connector.session.number];
    for (const last of [[1, 0, 0], [2_000_000_000, 5000, 70], [5, 2_000_000_000, 7], [5, 600, 2_100_000_000]]) {
      tell(desk.device, last[0]!, last[1]!, last[2]!);
      run(desk, 100);
      assert.equal(desk.device.wall.boot, before[0], last.join());
      assert.equal(desk.device.connector.session.number, before[2], last.join());
      assert.equal(desk.device.ring.nextSequence, before[1]! + 1, last.join());
    }
  });

  it("leave the boot alone when the endpoint took the request", () => {
    const { boot } = desk.device.wall;
    tell(desk.device, boot, 40, 5, false);
    run(desk, 100);
    assert.equal(desk.device.wall.boot, boot);
    assert.equal(desk.device.ring.nextSequence, 42);
  });

  it("give the session that runs a number of its own when its own was used", () => {
    plug(desk, true);
    assert.equal(desk.device.connector.session.number, 1);
    tell(desk.device, 30_000_000, 500, 70);
    run(desk, 100);
    plug(desk, false);
    assert.equal(desk.device.connector.session.number, 71);
  });

  it("do not tear a session that runs in two when only the boot was too low", () => {
    plug(desk, true);
    tell(desk.device, 30_000_000, desk.device.ring.nextSequence - 1, 1);
    run(desk, 100);
    assert.equal(desk.device.connector.session.number, 1);
    assert.equal(desk.device.wall.boot, 30_000_001);
  });

  it("rise in the end whenever the power fails while they are taken over", () => {
    const content = desk.flash.bytes.slice();
    let steps = 1;
    for (let cut = 0; cut < steps; cut++) {
      desk.flash.bytes.set(content);
      desk.device = startDevice(desk);
      desk.flash.resetStatistics();
      desk.flash.faults.cutStep = cut;
      tell(desk.device, 30_000_000, 500, 70);
      try {
        run(desk, 60);
        steps = Math.max(steps, desk.flash.steps);
        desk.flash.faults.cutStep = -1;
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
        steps = Math.max(steps, cut + 2);
        desk.flash.faults.cutStep = -1;
        desk.flash.boot();
        desk.device = startDevice(desk);
        // The endpoint's answer at the next contact: 401 while it knows the boot, else the numbers in its answer.
        const behind = desk.device.wall.boot <= 30_000_000;
        if (behind || desk.device.ring.nextSequence <= 500) tell(desk.device, 30_000_000, 500, 70, behind);
        run(desk, 60);
      }
      assert.ok(desk.device.wall.boot > 30_000_000, `cut ${cut}`);
      desk.device = startDevice(desk);
      tick(desk.device);
      assert.ok(desk.device.wall.boot > 30_000_000, `cut ${cut}`);
      assert.ok(desk.device.ring.nextSequence > 500, `cut ${cut}`);
      assert.equal(desk.device.connector.session.number, 70, `cut ${cut}`);
    }
    assert.ok(steps > 30, `${steps} steps of flash`);
  });
});
