/* Questions and answers of the network time protocol: an answer tells a time only when it is one to this question. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { ntpQuestion, ntpTime } from "../../../hal/shared/ntp_packet";
import { ntpAnswer } from "../../boards/ntp_server";

const MARK = "\x01\x02\x03\x04\x05\x06\x07\x08";
const T = 1_767_225_600;
const answer = (changes: Parameters<typeof ntpAnswer>[2] = {}, timeS = T): string => ntpAnswer(ntpQuestion(MARK), timeS, changes);

describe("a question to a time server", () => {
  it("has 48 bytes: version 4, a client's, and the mark as its own time", () => {
    assert.equal(Buffer.from(ntpQuestion(MARK), "latin1").toString("hex"), `23${"00".repeat(39)}0102030405060708`);
  });
});

describe("an answer of a time server", () => {
  it("tells UTC seconds since 1970, rounded, also after 2036", () => {
    for (const timeS of [T, 1_600_000_000, 2_085_978_495, 2_085_978_496, 2_147_451_263]) assert.equal(ntpTime(answer({}, timeS), MARK), timeS);
    assert.deepEqual([ntpTime(answer({ fraction: 127 }), MARK), ntpTime(answer({ fraction: 128 }), MARK)], [T, T + 1]);
  });

  it("tells nothing when it is short, another's, a client's, of no time, or of no sound server", () => {
    for (const wrong of [answer().slice(0, 47), "", answer({ mark: "\x01\x02\x03\x04\x05\x06\x07\x09" }), answer({ mode: 3 }), answer({ mode: 5 }), answer({ leap: 3 }), answer({ stratum: 0 }), answer({ stratum: 16 }), answer({}, 0 - 2_208_988_800 + 2_147_483_648)]) {
      assert.equal(ntpTime(wrong, MARK), 0, Buffer.from(wrong, "latin1").toString("hex"));
    }
    assert.equal(ntpTime(ntpQuestion(MARK), MARK), 0, "a question sent back");
  });

  it("is a whole number of this century or nothing, with any bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 70 }), fc.boolean(), (bytes, isBound) => {
      const text = Buffer.from(bytes).toString("latin1");
      const timeS = ntpTime(isBound ? text.slice(0, 24) + MARK + text.slice(32) : text, MARK);
      assert.ok(Number.isInteger(timeS) && timeS >= 0 && timeS <= 2_147_483_648);
    }));
  });
});
