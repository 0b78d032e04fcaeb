/*
 * The language in which this page writes numbers, days and amounts: that of its words.
 *
 * Input: <html lang>, which the server wrote. Output: a locale. Invariant: a page in English has no month names of another
 * language, however the browser is set. Outside a browser it is undefined, which is the locale of the process.
 */
export const pageLocale = globalThis.document?.documentElement.lang;
