/*
 * The session's record in flash: what is encoded is what is decoded.
 *
 * Input: a session in which every number is another one. Output: test results. Invariant: no field is lost or
 * exchanged, among them cost.pricedWh, without which energy would have no price after a restart.
 */
import assert from "node:assert/strict";
import { createSession, decodeSession, encodeSession } from "../../../firmware/session/session_record";
import { hexOf } from "../../../firmware/base/bytes";
import type { Session } from "../../../firmware/session/session_record";

const FULL: Session = {
  active: true, paused: true, number: 101, write: 2, reason: 3, contact: 1,
  start: { epochS: 1_800_000_001, boot: 102, uptimeS: 103 }, end: { epochS: 1_800_000_002, boot: 104, uptimeS: 105 }, durationS: 106,
  knownEpochS: 1_800_000_003, knownDurationS: 107, startWh: 108, endWh: 109, energyWh: 118, meteredWh: 119, meter: 1,
  cost: { minor: 110, restMicro: 111, feeRest: 112, pricedWh: 113, feeS: 114, priceMilli: 120 },
  sequence: 115, lost: 116, lostAtS: 117, lostReason: 2, uid: "04A1B2C3", lastUid: "DEADBEEF",
};

/** Format 2, field by field: format, flags, write, reason, contact, document; 25 numbers; both uids. */
const GOLDEN = "020702030179000000656B49D20100000066000000676B49D20200000068000000690000006A6B49D2030000006B0000006D0000006E0000006E0000006F000000700000007200000072000000730000007400000075000000020000007700000078000000020000007A083034413142324333084445414442454546";

describe("a session's record", () => {
  it("comes back with every field, also those that are unknown", () => {
    for (const session of [FULL, createSession(), { ...FULL, startWh: -1, endWh: -1, energyWh: -1, meteredWh: -1, meter: -1, cost: { ...FULL.cost, pricedWh: -1, priceMilli: -2 }, uid: "", lastUid: "" }]) {
      const decoded = createSession();
      assert.equal(decodeSession(decoded, encodeSession(session, 121, true)), true);
      assert.deepEqual(decoded, session);
    }
  });

  it("has the bytes of format 2, as docs/STORAGE.md and older programs know them", () => {
    assert.equal(hexOf(encodeSession(FULL, 121, true)), GOLDEN);
  });

  it("of format 1 comes back, with its energy from its registers: no register was corrected then", () => {
    // Format 1 ends its numbers behind lostReason, four before the texts.
    const bytes = encodeSession(FULL, 121, true);
    const old = "\x01\x01" + bytes.substring(2, 5) + bytes.substring(6, 6 + 21 * 4) + bytes.substring(6 + 25 * 4);
    const decoded = createSession();
    assert.equal(decodeSession(decoded, old), true);
    assert.deepEqual(decoded, { ...FULL, paused: false, energyWh: 0, meteredWh: 108, meter: -1, cost: { ...FULL.cost, priceMilli: -1 } });
    const ended = createSession();
    assert.equal(decodeSession(ended, old.substring(0, 1) + "\0" + old.substring(2)), true);
    assert.deepEqual([ended.energyWh, ended.meteredWh], [1, 109]);
  });

  it("is refused when a byte is missing or added, and changes nothing then", () => {
    const bytes = encodeSession(FULL, 121, true);
    for (const wrong of [bytes.substring(0, bytes.length - 1), bytes + "\0", ""]) {
      const decoded = createSession();
      assert.equal(decodeSession(decoded, wrong), false);
      assert.deepEqual(decoded, createSession());
    }
  });
});
