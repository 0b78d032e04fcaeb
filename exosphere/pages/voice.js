/*
 * The texts of the page in its language, which the server wrote into <html lang>.
 *
 * Input: the file of words of that language. Output: its speaker; the choice of a language, which is kept.
 * Invariant: the page speaks the language that it says it speaks.
 */
import { byId } from "./api.js";
import { speaker } from "./i18n.js";

const locale = document.documentElement.lang;
const YEAR_S = 365 * 86_400;

export const voice = speaker(await import(`./words/${locale.split("-")[0]}.js`), locale);

byId("language")?.addEventListener("change", (/** @type {Event & { target: HTMLSelectElement }} */ event) => {
  document.cookie = `language=${event.target.value}; path=/; max-age=${YEAR_S}; samesite=strict`;
  location.reload();
});
