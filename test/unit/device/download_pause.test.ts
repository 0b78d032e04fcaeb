/*
 * The pause after a list of users or a configuration that the endpoint does not deliver.
 *
 * Input: a whole device on mocks, an endpoint that answers 500 to each download. Output: the uptimes of its requests.
 * Invariant: no jitter, so every uptime is one value.
 */
import assert from "node:assert/strict";
import { createDeviceTestBoard, run } from "../../boards/device_board";
import type { Device } from "../../../firmware/device";

/** Flash with room for a list of users. */
const LIST_FLASH_BYTES = 0x100000;

/** Uptimes of the requests for `document` in `seconds`, from the first one on. */
function requestTimes(document: string, change: (device: Device) => void, seconds: number): { times: number[]; lines: string[] } {
  const { board, device, ...rest } = createDeviceTestBoard((one) => { one.endpoint = { url: "http://endpoint", keyId: "box", key: "00".repeat(32) }; }, LIST_FLASH_BYTES);
  board.crypto.random = (count) => "\0".repeat(count);
  run({ board, device, ...rest }, 1000);
  const asked: number[] = [];
  board.http.serve = (request) => {
    if (request.url.includes(`/api/v1/${document}?`)) asked.push(device.now.s);
    return { status: 500 };
  };
  device.uploader.notBeforeS = 2 ** 30;
  change(device);
  run({ board, device, ...rest }, seconds * 1000);
  return { times: asked.map((second) => second - asked[0]!), lines: board.system.lines };
}

describe("a document that the endpoint does not deliver", () => {
  // Five pauses between the six attempts, then fifteen minutes.
  const EXPECTED = [0, 5, 15, 35, 75, 155, 1055, 1060, 1070, 1090, 1130, 1210];

  it("is asked for six times, and again after fifteen minutes: the list of users", () => {
    const { times, lines } = requestTimes("users", (device) => { device.uploader.usersVersion = 5; }, 1300);
    assert.deepEqual(times, EXPECTED);
    assert.equal(lines.filter((line) => line.includes("users: version 5 could not be fetched, the old list stays")).length, 2);
  });

  it("is asked for six times, and again after fifteen minutes: the configuration", () => {
    assert.deepEqual(requestTimes("configuration", (device) => { device.uploader.configurationRevision = 9; }, 1300).times, EXPECTED);
  });
});
