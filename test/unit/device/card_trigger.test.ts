/*
 * Cards as triggers: who may start and who may end a session.
 */
import assert from "node:assert/strict";
import { usersImage } from "../../../exosphere/people/users_image";
import { appendBlob, beginBlob, commitBlob } from "../../../firmware/store/blob_write";
import { createDeviceTestBoard, run, startDevice, type DeviceTestBoard } from "../../boards/device_board";

const ANNA = ["01000734E0", "62E3086CED"];
const BOB = ["010063E9AE"];

function frame(uid: string): string {
  let check = 0;
  for (let at = 0; at < 10; at += 2) check ^= parseInt(uid.substring(at, at + 2), 16);
  return "\x02" + uid + check.toString(16).toUpperCase().padStart(2, "0") + "\x03";
}

function tap(desk: DeviceTestBoard, uid: string): void {
  desk.board.serial.arrive(2, frame(uid) + frame(uid));
  run(desk, 10000);
}

/** A device whose cards make the pulses, with Anna (two cards) and Bob on its list. */
function createTapDesk(mode: string): DeviceTestBoard {
  const desk = createDeviceTestBoard((document) => { (document.block as { rfidTrigger: string }).rfidTrigger = mode; }, 0x100000);
  const blob = desk.device.usersBlob;
  assert.ok(blob !== undefined);
  const image = usersImage([
    { cards: ANNA, fields: { name: "Anna" }, validFrom: 0, validUntil: 0 }, { cards: BOB, fields: { name: "Bob" }, validFrom: 0, validUntil: 0 },
  ]);
  assert.equal(beginBlob(blob), "ok");
  assert.equal(appendBlob(blob, image.toString("latin1")), "ok");
  assert.equal(commitBlob(blob), "stored");
  desk.device = startDevice(desk);
  return desk;
}

describe("a card as trigger", () => {
  it("starts a session, and the same card ends it with the reason tap", () => {
    const desk = createTapDesk("startEnd");
    tap(desk, ANNA[0]!);
    assert.equal(desk.device.connector.session.active, true);
    tap(desk, ANNA[0]!);
    assert.equal(desk.device.connector.session.active, false);
    assert.match(desk.board.system.lines.join("\n"), /reason=tap/);
  });

  it("ends a session that another card of the same user has started", () => {
    const desk = createTapDesk("startEnd");
    tap(desk, ANNA[0]!);
    tap(desk, ANNA[1]!);
    assert.equal(desk.device.connector.session.active, false);
  });

  it("leaves no card behind that the next session could be charged to, also after another card of the user ended it", () => {
    const desk = createTapDesk("startEnd");
    tap(desk, ANNA[0]!);
    tap(desk, ANNA[1]!);
    desk.board.pins.set(26, 0);
    run(desk, 1000);
    assert.equal(desk.device.connector.session.active, true);
    assert.equal(desk.device.connector.session.uid, "");
  });

  it("is reported as unknown only when no user has it, and the next one takes its place", () => {
    const desk = createTapDesk("none");
    tap(desk, ANNA[0]!);
    assert.equal(desk.device.uploader.status.unknownCard, "");
    for (const card of ["100086F444", "0102B0A5FD"]) {
      tap(desk, card);
      assert.equal(desk.device.uploader.status.unknownCard, card);
    }
    tap(desk, BOB[0]!);
    assert.equal(desk.device.uploader.status.unknownCard, "0102B0A5FD");
  });

  it("never ends a session of another user, also when the card is unknown", () => {
    const desk = createTapDesk("startEnd");
    tap(desk, ANNA[0]!);
    tap(desk, BOB[0]!);
    tap(desk, "100086F444");
    assert.equal(desk.device.connector.session.active, true);
    assert.equal(desk.device.connector.session.uid, ANNA[0]);
  });

  it("starts but never ends with the mode start, and does neither with none", () => {
    const starts = createTapDesk("start");
    tap(starts, ANNA[0]!);
    tap(starts, ANNA[0]!);
    assert.equal(starts.device.connector.session.active, true);
    const silent = createTapDesk("none");
    tap(silent, ANNA[0]!);
    assert.equal(silent.device.connector.session.active, false);
  });
});
