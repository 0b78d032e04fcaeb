/* The tariff against exact rational arithmetic in BigInt: no rounding before the end, half up once, never 2^31. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { TariffConfiguration } from "../../firmware/configuration/configuration";
import { addCost, costMinor, priceAt } from "../../firmware/session/tariff";
import type { Cost } from "../../firmware/session/tariff";
import { COST_MINOR_MAX } from "../../firmware/limits";

const fresh = (pricedWh: number): Cost => ({ minor: 0, restMicro: 0, feeRest: 0, pricedWh, feeS: 0, priceMilli: -1 });

const tariffs = fc.record({
  minorDigits: fc.constant(2),
  utcOffsetMin: fc.integer({ min: -720, max: 840 }),
  daylightSaving: fc.constantFrom("none" as const, "eu" as const),
  from: fc.uniqueArray(fc.integer({ min: 1, max: 1439 }), { maxLength: 5 }),
  prices: fc.array(fc.oneof(fc.integer({ min: 0, max: 99999999 }), fc.integer({ min: 0, max: 60000 })), { minLength: 6, maxLength: 6 }),
  feePerHourMilli: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 99999999 }), fc.integer({ min: 0, max: 5000 })),
}).map(({ from, prices, ...rest }): TariffConfiguration => {
  const fromMin = [0, ...from.sort((a, b) => a - b)];
  return { ...rest, fromMin, pricePerKwhMilli: prices.slice(0, fromMin.length) };
});

/** Minute of the day by the platform's own calendar and the rule of the EU's directive 2000/84/EC. */
function localMinute(tariff: TariffConfiguration, epochS: number): number {
  const date = new Date(epochS * 1000);
  const lastSunday = (month: number): number => {
    const last = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0, 1));
    return last.getTime() / 1000 - last.getUTCDay() * 86400;
  };
  const summer = tariff.daylightSaving === "eu" && epochS >= lastSunday(2) && epochS < lastSunday(9);
  const local = new Date((epochS + (tariff.utcOffsetMin + (summer ? 60 : 0)) * 60) * 1000);
  return local.getUTCHours() * 60 + local.getUTCMinutes();
}

describe("the tariff", () => {
  it("gives the exact sum, rounded half up once, however the session is cut into steps", () => {
    const steps = fc.array(fc.tuple(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 2000000 })), fc.integer({ min: 0, max: 500000 })), { minLength: 1, maxLength: 30 });
    fc.assert(fc.property(tariffs, steps, fc.integer({ min: 1600000000, max: 2100000000 }), (tariff, list, beginS) => {
      const cost = fresh(7);
      let energyWh = 7;
      let durationS = 0;
      // In units of 1 / 18,000,000 minor unit: price is thousandths per 1,000 Wh, fee thousandths per 3,600 s.
      let exact = 0n;
      for (const [wh, seconds] of list) {
        const price = priceAt(tariff, beginS + durationS + seconds);
        energyWh += wh;
        durationS += seconds;
        exact += BigInt(wh) * BigInt(price) * 18n + BigInt(seconds) * BigInt(tariff.feePerHourMilli) * 5n;
        addCost(cost, tariff, energyWh, durationS, beginS + durationS);
        for (const value of [cost.minor, cost.restMicro, cost.feeRest]) assert.ok(Number.isInteger(value) && value >= 0 && value < 2 ** 31);
      }
      const wanted = (exact + 9000000n) / 18000000n;
      const got = costMinor(cost, tariff, energyWh);
      if (wanted < BigInt(COST_MINOR_MAX)) assert.equal(BigInt(got), wanted);
      else assert.equal(got, COST_MINOR_MAX);
    }), { numRuns: 600 });
  });

  it("knows the price of every minute of every day, daylight saving included", () => {
    fc.assert(fc.property(tariffs, fc.oneof(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.integer({ min: 0, max: 400 }).map((hour) => Date.UTC(2026, 2, 25) / 1000 + hour * 3600),
      fc.integer({ min: 0, max: 400 }).map((hour) => Date.UTC(2026, 9, 20) / 1000 + hour * 3600)), (tariff, epochS) => {
      const minute = localMinute(tariff, epochS);
      const place = tariff.fromMin.filter((from) => from <= minute).length - 1;
      assert.equal(priceAt(tariff, epochS), tariff.pricePerKwhMilli[place]);
    }), { numRuns: 1000 });
  });

  const day: TariffConfiguration = { minorDigits: 2, utcOffsetMin: 0, daylightSaving: "none", fromMin: [0, 360], pricePerKwhMilli: [25500, 31900], feePerHourMilli: 0 };

  it("prices energy counted before the clock was known at the moment when it becomes known", () => {
    const cost = fresh(0);
    addCost(cost, day, 1000, 60, 0);
    assert.equal(costMinor(cost, day, 1000), -1);
    addCost(cost, day, 2000, 120, 1780000000);
    assert.equal(costMinor(cost, day, 2000), 64, "2 kWh at 31.9, 63.8 rounded");
  });

  it("gives no cost when the clock is never known and the price depends on it", () => {
    const cost = fresh(0);
    addCost(cost, day, 1000, 60, 0);
    assert.equal(costMinor(cost, day, 1000), -1);
  });

  it("never refunds: a register that went backwards is a new beginning", () => {
    const cost = fresh(5000);
    addCost(cost, day, 6000, 60, 1780000000);
    const before = cost.minor * 1000000 + cost.restMicro;
    addCost(cost, day, 10, 61, 1780000001);
    assert.equal(cost.minor * 1000000 + cost.restMicro, before);
    addCost(cost, day, 1010, 62, 1780000002);
    assert.equal(costMinor(cost, day, 1010), 64);
  });

  it("charges only the fee without a meter, and nothing at all when energy has a price that cannot be known", () => {
    const cost = fresh(-1);
    const feeOnly: TariffConfiguration = { ...day, fromMin: [0], pricePerKwhMilli: [0], feePerHourMilli: 150000 };
    addCost(cost, feeOnly, -1, 5400, 1780000000);
    assert.equal(costMinor(cost, feeOnly, -1), 225);
    assert.equal(costMinor(cost, day, -1), -1);
  });

  it("rounds a half up", () => {
    const half: TariffConfiguration = { ...day, fromMin: [0], pricePerKwhMilli: [500] };
    const cost = fresh(0);
    addCost(cost, half, 1000, 1, 1780000000);
    assert.equal(costMinor(cost, half, 1000), 1);
    assert.equal(costMinor(fresh(0), half, 0), 0);
  });
});
