/*
 * Amounts: typed, shifted, shown.
 *
 * Input: texts. Output: exact decimal texts, words of a language. Invariant: no digit is lost, also beyond what a
 * floating-point number holds.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { amountText, CURRENCIES, currencyDigits, mainUnits, shiftPoint, typedDecimal } from "../../../exosphere/pages/money.js";

describe("money", () => {
  it("knows the decimals of currencies by ISO 4217, which the data of browsers do not", () => {
    assert.deepEqual(["EUR", "JPY", "KWD", "HUF", "RSD", "ISK", "TND", ""].map(currencyDigits), [2, 0, 3, 2, 2, 0, 3, 2]);
    for (const code of ["EUR", "CHF", "JPY", "XOF"]) assert.ok(CURRENCIES.includes(code), code);
    for (const code of ["XAU", "XXX", "XTS", "CHE"]) assert.ok(!CURRENCIES.includes(code), code);
  });

  it("shifts the point both ways without losing a digit", () => {
    for (const [text, places, result] of [["1095", -2, "10.95"], ["7", -3, "0.007"], ["100", -2, "1"], ["0.32", 2, "32"], ["0.3255", 2, "32.55"], ["-5", -2, "-0.05"], ["745", 0, "745"], ["90071992547409931", -2, "900719925474099.31"], ["25.5", -2, "0.255"], ["1,5", 1, undefined]] as const) assert.equal(shiftPoint(text, places), result, text);
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.integer({ min: -6, max: 6 }), (number, places) => shiftPoint(shiftPoint(String(number), places) ?? "", -places) === String(number)));
  });

  it("reads what people type with comma or point, and refuses what has groups", () => {
    for (const [typed, text] of [["0,32", "0.32"], ["0.32", "0.32"], [" 12 ", "12"], [",5", "0.5"], ["1.234,56", undefined], ["1 000", undefined], ["", undefined], [",", undefined], ["abc", undefined]] as const) assert.equal(typedDecimal(typed), text, typed);
  });

  it("shows a column of minor units and its total in one unit, with the currency in the language of the reader", () => {
    const shown = (text: string, currency: string, language: string): string => amountText(text, { currency, minorDigits: currencyDigits(currency) }, language).replaceAll(/[\u00a0\u202f]/g, " ");
    assert.equal(shown(mainUnits("1095", "integer", 2), "EUR", "de"), "10,95 €");
    assert.equal(shown("8496.22", "EUR", "de"), "8.496,22 €");
    assert.equal(shown("8496.22", "EUR", "en-GB"), "€8,496.22");
    assert.equal(shown("1095", "JPY", "en"), "¥1,095");
    assert.equal(shown("1.5", "KWD", "en"), "KWD 1.500");
    assert.equal(shown("90071992547409931.05", "EUR", "de"), "90.071.992.547.409.931,05 €");
    assert.equal(shown("0.3255", "EUR", "de"), "0,3255 €");
    assert.equal(shown("12.5", "", "de"), "12,50");
  });
});
