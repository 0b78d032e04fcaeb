/*
 * Sums, prices and corrections as pure functions of rows; times and days of zones; pictures of letterheads.
 *
 * Input: rows and texts. Output: exact texts. Invariant: nothing is rounded but a price per kWh, half away from zero.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { BilledRow } from "../../../exosphere/billing/billing_documents";
import { difference, isSame, quotient, sumOf } from "../../../exosphere/billing/decimal";
import { logoError } from "../../../exosphere/billing/logo";
import { missingSigns, replaceMissing } from "../../../exosphere/billing/paper_font";
import { cancelledDay, changesBetween, kiloWattHours, totalsOf } from "../../../exosphere/billing/statement";
import { localClock } from "../../../exosphere/pages/local_time.js";
import { PRESETS, presetOf, presetPeriod } from "../../../exosphere/pages/period.js";

const row = (key: number, more: Partial<BilledRow> = {}): BilledRow => ({ device: "box", key, start: null, end: "2026-11-02T09:00:00Z", card: "", name: "", energyWh: "7450", durationS: "3600", cost: "2.38", meterStart: null, meterEnd: null, clock: "", ...more });

describe("a statement", () => {
  it("sums exactly, also what no floating-point number holds", () => {
    assert.equal(sumOf([]), "0");
    assert.equal(sumOf(["0.1", "0.2"]), "0.3");
    assert.equal(sumOf(["90071992547409931.05", "-0.05"]), "90071992547409931");
    assert.equal(difference("1.5", "-0.5"), "2");
    assert.ok(isSame("1.50", "1.5") && !isSame("1.5", "1.51"));
    fc.assert(fc.property(fc.array(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n })), (cents) => sumOf(cents.map(String)) === String(cents.reduce((sum, one) => sum + one, 0n))));
  });

  it("rounds a price half away from zero, and has none without energy", () => {
    for (const [text, by, digits, result] of [["1", "3", 4, "0.3333"], ["2", "3", 2, "0.67"], ["0.125", "1", 2, "0.13"], ["-0.125", "1", 2, "-0.13"], ["2.38", "7.45", 4, "0.3195"], ["10", "4", 0, "3"]] as const) assert.equal(quotient(text, by, digits), result, `${text}/${by}`);
    assert.equal(kiloWattHours("7450.5"), "7.4505");
    assert.equal(totalsOf([row(1, { energyWh: "0" })], 2).meanPerKwh, null);
    assert.equal(totalsOf([row(1, { energyWh: null })], 2).meanPerKwh, null);
    assert.deepEqual(totalsOf([row(1), row(2, { cost: null, energyWh: "99999" })], 2), { sessions: 2, energyWh: "107449", durationS: "7200", cost: "2.38", unpriced: 1, meanPerKwh: "0.3195" }, "energy without an amount is no part of the mean");
    assert.equal(totalsOf([row(1, { cost: "238", energyWh: "7450" })], 0).meanPerKwh, "31.95");
    assert.equal(totalsOf([row(1, { cost: "2.3841" })], 3).meanPerKwh, "0.32001");
  });

  it("tells what was added, removed or changed, and nothing of names, cards and zeros at the end", () => {
    const before = [row(1), row(2), row(3), row(1, { device: "other" })];
    const after = [row(1, { cost: "2.380", name: "Anna", card: "AA", clock: "estimated" }), row(2, { cost: "2.39" }), row(4), row(1, { device: "other" })];
    assert.deepEqual(changesBetween(before, after).map(({ kind, before: old, after: now }) => [kind, old?.key, now?.key]), [["removed", 3, undefined], ["changed", 2, 2], ["added", undefined, 4]]);
    for (const part of ["end", "start", "energyWh", "durationS", "meterStart", "meterEnd"] as const) assert.equal(changesBetween([row(1, { [part]: "2026-11-02T10:00:00Z".replace(/\D/g, part === "end" || part === "start" ? "0" : "") })], [row(1)]).length, 1, part);
  });

  it("prints every sign that its font has, and names the others", () => {
    assert.deepEqual(missingSigns("Jürgen Größ, Ελληνικά, Кириллица, עברית, سلام, €, –, Ł, ẞ, Ţ"), []);
    assert.deepEqual(missingSigns("Ida 🙂 日本 🙂"), ["U+1F642", "U+65E5", "U+672C"]);
    assert.equal(replaceMissing("Ida 🙂 Lind\u200d"), "Ida □ Lind\u200d");
  });

  it("takes a logo that can be printed, and no other", () => {
    const png = (change: (bytes: Buffer) => void): string => {
      const bytes = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
      change(bytes);
      return `data:image/png;base64,${bytes.toString("base64")}`;
    };
    assert.equal(logoError(""), undefined);
    assert.equal(logoError(png(() => undefined)), undefined);
    assert.match(logoError(png((bytes) => { bytes[24] = 16; })) ?? "", /16 bits/);
    assert.match(logoError(png((bytes) => { bytes[28] = 1; })) ?? "", /interlaced/);
    assert.match(logoError(png((bytes) => { bytes.writeUInt32BE(40_000, 16); })) ?? "", /4000 pixels/);
    assert.match(logoError(png((bytes) => { bytes[0] = 0; })) ?? "", /this file is neither/);
    assert.match(logoError(`data:image/png;base64,${Buffer.from("hello").toString("base64")}`) ?? "", /this file is neither/);
    assert.match(logoError(`data:image/jpeg;base64,${Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 2, 0, 0, 0, 0, 0, 0]).toString("base64")}`) ?? "", /cut off/);
    assert.match(logoError("https://example.org/logo.png") ?? "", /must be a PNG or JPEG/);
    assert.match(logoError(`data:image/png;base64,${Buffer.alloc(524_289).toString("base64")}`) ?? "", /512 KiB/);
  });
});

describe("days and periods", () => {
  it("are those of the zone, with the offset where clocks show a time twice", () => {
    const berlin = localClock("Europe/Berlin");
    for (const [iso, day, time, offset] of [["2026-10-25T00:50:00Z", "2026-10-25", "02:50:00", "+02:00"], ["2026-10-25T01:50:00Z", "2026-10-25", "02:50:00", "+01:00"], ["2026-10-25T02:00:00Z", "2026-10-25", "03:00:00", ""], ["2026-10-24T23:59:59Z", "2026-10-25", "01:59:59", ""], ["2026-12-31T23:00:00Z", "2027-01-01", "00:00:00", ""]] as const) assert.deepEqual(berlin(iso), { day, time, offset }, iso);
    assert.deepEqual(localClock("Australia/Lord_Howe")("2026-04-04T14:45:00Z"), { day: "2026-04-05", time: "01:45:00", offset: "+11:00" }, "half an hour comes twice there");
    assert.equal(cancelledDay({ timeZone: "Europe/Berlin" }, "2026-12-31T23:30:00Z"), "2027-01-01");
  });

  it("are whole months, quarters and years, from January and in leap years too", () => {
    const at = (today: string): [string, string][] => PRESETS.map((preset) => { const { from, to } = presetPeriod(preset, today); return [from, to]; });
    assert.deepEqual(at("2028-01-31"), [["2028-01-01", "2028-01-31"], ["2027-12-01", "2027-12-31"], ["2028-01-01", "2028-03-31"], ["2027-10-01", "2027-12-31"], ["2028-01-01", "2028-12-31"], ["2027-01-01", "2027-12-31"]]);
    assert.deepEqual(presetPeriod("lastMonth", "2028-03-01"), { from: "2028-02-01", to: "2028-02-29" });
    for (const preset of PRESETS) assert.equal(presetOf(presetPeriod(preset, "2026-11-30"), "2026-11-30"), preset);
    assert.equal(presetOf({ from: "2026-11-01", to: "2026-11-29" }, "2026-11-30"), "days");
  });
});
