/*
 * The languages of pages and papers, and which one a request gets.
 *
 * Input: the files of pages/words/, one a language; cookie and Accept-Language of a request. Output: a language and its
 * locale. Invariant: the choice that a person made is kept; without one the browser's first known language counts.
 */
import { readdirSync } from "node:fs";
import { invariant, present } from "../invariant";
import { type Language, type Speaker, speaker } from "../pages/i18n.js";

const folder = new URL("../pages/words/", import.meta.url);
export const LANGUAGE_COOKIE = "language";
const FALLBACK = "en";

/** By primary subtag, such as "de". */
export const LANGUAGES = new Map<string, Language>();
for (const file of readdirSync(folder).filter((name) => name.endsWith(".js")).sort()) {
  LANGUAGES.set(file.slice(0, -3), await import(new URL(file, folder).href) as Language);
}
invariant(LANGUAGES.has(FALLBACK), "there is an English file of words");

const speakers = new Map<string, Speaker>();

function primary(tag: string): string {
  return tag.split("-")[0]?.toLowerCase() ?? "";
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    // RangeError is how Intl says that it is not a tag.
    return false;
  }
}

/** Tags of an Accept-Language header, wanted first first (RFC 9110 §12.5.4). */
function wantedTags(header: string): string[] {
  const all = header.slice(0, 1000).split(",").map((part, place) => {
    const [tag = "", ...rest] = part.trim().split(";");
    const quality = Number(/q=([\d.]+)/.exec(rest.join(";"))?.[1] ?? "1");
    return { tag: tag.trim(), quality: Number.isNaN(quality) ? 0 : quality, place };
  });
  return all.filter(({ tag, quality }) => quality > 0 && isLocale(tag)).sort((one, other) => other.quality - one.quality || one.place - other.place).map(({ tag }) => tag);
}

/** The locale for a request: "de-CH" where the browser says so and there is German. */
export function localeOf(cookie: string | undefined, acceptLanguage: string | undefined): string {
  const wanted = wantedTags(acceptLanguage ?? "");
  const chosen = cookie !== undefined && LANGUAGES.has(cookie) ? cookie : primary(wanted.find((tag) => LANGUAGES.has(primary(tag))) ?? FALLBACK);
  return wanted.find((tag) => primary(tag) === chosen && tag.includes("-")) ?? present(LANGUAGES.get(chosen), "the language is known").locale;
}

/** Texts for a locale; English for a language that there is none of. */
export function speakerFor(locale: string): Speaker {
  const found = speakers.get(locale);
  if (found !== undefined) return found;
  const language = isLocale(locale) ? LANGUAGES.get(primary(locale)) : undefined;
  const made = language === undefined ? speaker(present(LANGUAGES.get(FALLBACK), "there is English")) : speaker(language, locale);
  if (speakers.size < 100) speakers.set(locale, made);
  return made;
}
