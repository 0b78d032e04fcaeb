/*
 * No text is missing in any language.
 *
 * Input: the files of words and the scripts that use them. Output: test results. Invariants: each language has the same
 * keys with the same {names}; a key that a page or paper asks for is there, and one that none asks for is not.
 */
import assert from "node:assert/strict";
import { LANGUAGES, localeOf } from "../../../exosphere/http/languages";
import { speaker, type Words } from "../../../exosphere/pages/i18n.js";
import { ownFiles, readOwn } from "../project/source_files";

const forms = (words: Words): string[] => typeof words === "string" ? [words] : [words.one, words.other];
const names = (words: Words): string => [...new Set(forms(words).flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1])))].sort().join();

describe("the words of pages and papers", () => {
  const english = LANGUAGES.get("en")!;

  it("are there in each language, with the same names to fill in and the same counts", () => {
    assert.deepEqual([...LANGUAGES.keys()], ["de", "en"]);
    for (const [tag, language] of LANGUAGES) {
      assert.deepEqual(Object.keys(language.words), Object.keys(english.words), tag);
      for (const [key, words] of Object.entries(language.words)) {
        assert.equal(names(words), names(english.words[key]!), `${tag}: ${key}`);
        assert.equal(typeof words, typeof english.words[key], `${tag}: ${key}`);
        assert.ok(forms(words).every((text) => text.trim() !== ""), `${tag}: ${key}`);
      }
    }
  });

  it("are those that pages and papers ask for, no fewer and no more", () => {
    const sources = ownFiles(".js", ".ts").filter((path) => /^exosphere\/(pages|http)\/[^/]*$/.test(path) || path === "exosphere/billing/statement_pdf.ts").map(readOwn).join("\n");
    const asked = new Set([...sources.matchAll(/"((?:page|bar|load|billing|period|letterhead|paper)\.\w+)"/g)].map((match) => match[1]!));
    // Keys that are put together: t(`billing.${key}`).
    const stems = new Set([...sources.matchAll(/`(\w+)\.\$\{/g)].map((match) => match[1]!));
    for (const key of asked) assert.ok(english.words[key] !== undefined, `nothing says ${key}`);
    for (const key of Object.keys(english.words)) assert.ok(asked.has(key) || stems.has(key.split(".")[0]!), `nothing asks for ${key}`);
  });

  it("tell a missing text or name at once, and count by the rules of the language", () => {
    const { t } = speaker({ name: "x", locale: "de", words: { one: "{a}", many: { one: "{n} Vorgang", other: "{n} Vorgänge" } } });
    assert.throws(() => t("two"), /x has no text two/);
    assert.throws(() => t("one"), /the text one needs a/);
    assert.deepEqual([t("many", { n: 1 }), t("many", { n: 0 }), t("many", { n: 1234 })], ["1 Vorgang", "0 Vorgänge", "1.234 Vorgänge"]);
  });

  it("give a moment in English with the name of its month, because digits alone mean two days, and in German in digits", () => {
    const at = (tag: string, locale: string): string => speaker(LANGUAGES.get(tag)!, locale).moment("2026-12-01T05:20:00Z", "UTC");
    for (const locale of ["en", "en-GB", "en-US"]) assert.equal(at("en", locale), "1 Dec 2026, 05:20", locale);
    assert.equal(at("de", "de-DE"), "01.12.2026, 05:20");
    assert.equal(speaker(english, "en-US").day("2026-12-01"), "1 Dec 2026");
  });

  it("share their locale with all numbers and days of a page", () => {
    for (const path of ownFiles(".js").filter((one) => one.startsWith("exosphere/pages/"))) {
      assert.doesNotMatch(readOwn(path), /(?:new Intl\.(?:NumberFormat|PluralRules|Collator)\(\)|new Intl\.\w+\(undefined|toLocale\w*String\((?:\)|undefined))/, `${path}: takes the browser's language; take pageLocale`);
    }
  });

  it("are in the language that was chosen, or else in the first known one of the browser, with its region", () => {
    for (const [cookie, header, locale] of [
      [undefined, undefined, "en-GB"], [undefined, "de", "de-DE"], [undefined, "de-CH,de;q=0.9,en;q=0.8", "de-CH"], [undefined, "fr-FR, de;q=0.5, en;q=0.9", "en-GB"], [undefined, "en-US", "en-US"],
      ["de", "en-US,en", "de-DE"], ["en", "de-AT, en-US;q=0.1", "en-US"], ["fr", "de", "de-DE"], [undefined, "*, x_y;q=2, ;;,de;q=0", "en-GB"], ["../de", "", "en-GB"]] as const) assert.equal(localeOf(cookie, header), locale, `${cookie} ${header}`);
  });
});
