/*
 * The fault words of a device, one at a time.
 *
 * Input: a running device with one counter changed. Output: test results. Invariant: each fault has its own word, in the
 * status and in the Log.
 */
import assert from "node:assert/strict";
import type { Device } from "../../../firmware/device";
import { faultWords } from "../../../firmware/health";
import { offerCommand } from "../../../firmware/uplink/uploader_state";
import { createDeviceTestBoard, run } from "../../boards/device_board";

describe("the health of a device", () => {
  const faults: [string, (device: Device) => void][] = [
    ["stateFlash", (device) => { device.connector.faults = 1; }],
    ["ringFlash", (device) => { device.ring.faults = 1; }],
    ["meterFlash", (device) => { device.meters.faults = 1; }],
    ["edgesLost:2", (device) => { device.lostEdges = device.reportedLostEdges + 2; }],
    ["pin26:stuck", (device) => { device.contacts.debounces[device.contacts.pins.indexOf(26)]!.fault = "stuck"; }],
    ["meter1:stuck", (device) => { device.meters.filters[0]!.fault = "stuck"; }],
    ["meter1:absent", (device) => { device.meters.pins[0] = -1; }],
    ["reader1:silent", (device) => { device.readers[0]!.fault = "silent"; }],
    ["configuration7Refused", (device) => { device.sync.refusedRevision = 7; }],
  ];
  for (const [word, change] of faults) {
    it(`has the word ${word} for its fault, and none without it`, () => {
      const { device } = createDeviceTestBoard();
      assert.equal(faultWords(device), "");
      change(device);
      assert.equal(faultWords(device), word);
    });
  }

  it("is logged once when a fault comes, and once when it has gone", () => {
    const desk = createDeviceTestBoard();
    run(desk, 1000);
    desk.board.system.lines.length = 0;
    desk.device.ring.faults = 1;
    run(desk, 61_000);
    desk.device.ring.faults = 0;
    run(desk, 61_000);
    const said = desk.board.system.lines.filter((line) => / (faults: |no faults)/.test(line)).map((line) => line.replace(/^.* (faults: |no faults)/, "$1"));
    assert.deepEqual(said, ["faults: ringFlash", "no faults"]);
  });
});

describe("a new board", () => {
  it("runs the first command that an endpoint ever gives it, id 1", () => {
    const desk = createDeviceTestBoard();
    const uploader = desk.device.uploader;
    assert.equal(uploader.status.commandId, 0);
    uploader.commandIds = [1];
    uploader.commandTexts = ["ECHO(SDC)"];
    offerCommand(uploader);
    run(desk, 200);
    assert.deepEqual([uploader.status.commandId, uploader.status.resultCount], [1, 1]);
  });
});
