/*
 * The ledger is the judge of the played day, so it is tested on its own, by sums done by hand.
 */
import assert from "node:assert/strict";
import { costMinor, differences, type ExpectedRow, type TariffDocument } from "../../../tools/world/ledger";

const TARIFF: TariffDocument = {
  utcOffsetMin: 60, daylightSaving: "eu",
  prices: [{ from: "00:00", perKwh: "25.5" }, { from: "06:00", perKwh: "31.9" }],
  feePerHour: "60",
};
const NOBODY = { name: "", uid: "" };
const WINTER_MIDNIGHT_UTC = Date.UTC(2026, 0, 15);

function entry(pulsesMs: number[], durationMs: number) {
  return { driver: NOBODY, startMs: 0, endMs: durationMs, energyWh: pulsesMs.length, pulsesMs, endReason: "end" };
}

describe("the ledger of a played day", () => {
  it("charges each Wh at the price of its own moment: 1,000 Wh at 25.5 and 1,000 Wh at 31.9 are 57.4, so 57", () => {
    const cheap = new Array<number>(1000).fill(4 * 3600000);
    const dear = new Array<number>(1000).fill(5 * 3600000 + 1);
    assert.equal(costMinor({ ...TARIFF, feePerHour: "0" }, entry([...cheap, ...dear], 0), WINTER_MIDNIGHT_UTC), 57);
  });

  it("switches the price one hour earlier in UTC while daylight saving holds", () => {
    const summer = Date.UTC(2026, 6, 1);
    const pulses = new Array<number>(1000).fill(4 * 3600000);
    assert.equal(costMinor({ ...TARIFF, feePerHour: "0" }, entry(pulses, 0), summer), 32);
  });

  it("adds the fee by the second and rounds half up once", () => {
    assert.equal(costMinor(TARIFF, entry([], 30000), WINTER_MIDNIGHT_UTC), 1);
    assert.equal(costMinor(TARIFF, entry([], 29000), WINTER_MIDNIGHT_UTC), 0);
  });

  const row: ExpectedRow = { startS: 100, endS: 200, user: "A", card: "01", energyWh: 5, durationS: 100, costMinor: 7, reason: "end" };

  it("accepts moments within a second", () => {
    assert.deepEqual(differences([row], [{ ...row, startS: 101, durationS: 99 }]), []);
  });

  it("names each difference, a missing session and a wrong cent included", () => {
    assert.deepEqual(differences([row, row], [{ ...row, costMinor: 8, user: null, startS: 102 }]), [
      "sessions: the script had 2, the database has 1",
      "session 1, startS: the script says 100, the database 102",
      "session 1, user: the script says A, the database null",
      "session 1, costMinor: the script says 7, the database 8",
    ]);
  });
});
