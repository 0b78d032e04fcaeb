/*
 * Resting parts: a part that is said to rest would have done nothing, and one with work never rests.
 *
 * Input: records of the parts as they are after a start, with one thing changed at a time. Output: test
 * results. Invariant: each condition is tried from both sides.
 */
import assert from "node:assert/strict";
import type { Connector } from "../../../firmware/session/connector";
import { HEARTBEAT_S, LINGER_ROWS, LINGER_S } from "../../../firmware/uplink/uploader_state";
import type { Uploader } from "../../../firmware/uplink/uploader_state";
import type { Device } from "../../../firmware/device";
import { isConnectorIdle, areInputsIdle, isUploaderIdle } from "../../../firmware/idle";

function connector(changed: object, session: object = {}): Connector {
  return {
    dirty: false, restored: false, userLookupPending: false, startTrigger: false, endTrigger: 0, lateEndTrigger: 0, contact: 0,
    session: { write: 0, contact: 0, ...session }, ...changed,
  } as unknown as Connector;
}

function uploader(changed: object, pending = 0, link = "up"): Uploader {
  return {
    state: "idle", notBeforeS: 0, httpInUseElsewhere: false, contactS: 100, pendingSinceS: pending > 0 ? 100 : -1, configuration: { url: "http://house" },
    status: { resultCount: 0 }, ring: { pending }, ports: { link: { state: () => link } }, ...changed,
  } as unknown as Uploader;
}

describe("a resting device", () => {
  const device = (changed: object): Device => ({
    uploader: { state: "idle" }, api: { serves: "idle" }, sync: { download: undefined }, contacts: { debounces: [{ unstable: false }] },
    readers: [{ driver: undefined, presence: { states: [] } }], ...changed,
  } as unknown as Device);

  it("rests when nothing is under way", () => {
    assert.equal(areInputsIdle(device({})), true);
  });

  const busy: [string, Device][] = [
    ...["collecting", "sending", "answered", "settling"].map((state): [string, Device] => [`an upload that is ${state}`, device({ uploader: { state } })]),
    ["a download", device({ sync: { download: {} } })],
    ["a call to answer", device({ api: { serves: "call" } })],
    ["a contact that bounces", device({ contacts: { debounces: [{ unstable: false }, { unstable: true }] } })],
    ["a reader that has to be asked", device({ readers: [{ driver: {}, presence: { states: [] } }] })],
    ["a card that is held", device({ readers: [{ driver: undefined, presence: { states: [1] } }] })],
  ];
  for (const [what, one] of busy) {
    it(`does not rest with ${what}`, () => assert.equal(areInputsIdle(one), false));
  }
});

describe("a resting connector", () => {
  it("rests when nothing happened", () => {
    assert.equal(isConnectorIdle(connector({})), true);
  });

  const busy: [string, Connector][] = [
    ["a state to store", connector({ dirty: true })],
    ["a restart to look at", connector({ restored: true })],
    ["a user to find", connector({ userLookupPending: true })],
    ["a start", connector({ startTrigger: true })],
    ["an end", connector({ endTrigger: 1 })],
    ["an end after a start", connector({ lateEndTrigger: 1 })],
    ["a row to write", connector({}, { write: 1 })],
    ["a contact that moved", connector({ contact: 1 })],
  ];
  for (const [what, one] of busy) {
    it(`does not rest with ${what}`, () => assert.equal(isConnectorIdle(one), false));
  }
});

describe("a resting uploader", () => {
  it("rests between signs of life when the ring is empty", () => {
    assert.equal(isUploaderIdle(uploader({}), 100 + HEARTBEAT_S - 1), true);
    assert.equal(isUploaderIdle(uploader({}), 100 + HEARTBEAT_S), false);
  });

  it("waits for company for a row, and no longer", () => {
    assert.equal(isUploaderIdle(uploader({}, 1), 100 + LINGER_S - 1), true);
    assert.equal(isUploaderIdle(uploader({}, 1), 100 + LINGER_S), false);
  });

  it("does not wait when many rows are pending", () => {
    assert.equal(isUploaderIdle(uploader({}, LINGER_ROWS), 100), false);
  });

  it("notes when the first row came, also while it may not send", () => {
    assert.equal(isUploaderIdle(uploader({ pendingSinceS: -1 }, 1), 100), false);
    assert.equal(isUploaderIdle(uploader({ pendingSinceS: -1, notBeforeS: 500 }, 1), 100), false);
  });

  it("rests during a pause, without a network and without an address", () => {
    assert.equal(isUploaderIdle(uploader({ notBeforeS: 500 }, 5), 200), true);
    assert.equal(isUploaderIdle(uploader({}, 5, "down"), 200), true);
    assert.equal(isUploaderIdle(uploader({ configuration: { url: "" } }, 5), 200), true);
  });

  it("never rests inside an exchange, before the first contact, or with a result to tell", () => {
    assert.equal(isUploaderIdle(uploader({ state: "sending" }), 100), false);
    assert.equal(isUploaderIdle(uploader({ contactS: -1 }), 100), false);
    assert.equal(isUploaderIdle(uploader({ status: { resultCount: 1 } }), 100), false);
  });
});
