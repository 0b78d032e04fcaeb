/*
 * Words for characters that text programs put into a JSON document: typographic quotes, no-break blanks, comments.
 *
 * Input: a document as bytes (latin1) and what the board's reader says of it. Output: a hint that names the character and
 * its remedy, "" when the place holds nothing of the kind. Invariant: the place is the board's own.
 */

/** Characters, and the words for them. */
const KINDS: [pattern: RegExp, words: string][] = [
  [/^[\u201c\u201d\u201e\u201f\u00ab\u00bb\u2018\u2019\u201a\u201b]/, "a typographic quote stands there; write the straight \""],
  [/^'/, "a single quote stands there; write \""],
  [/^[\u00a0\u2007\u202f]/, "a no-break blank stands there; write a plain one"],
  [/^[\u200b\u200c\u200d\u2060\ufeff]/, "a character without width stands there; delete it"],
  [/^\/[/*]/, "a comment stands there; JSON has none: remove it"],
  [/^#/, "a comment stands there; JSON has none: remove it"],
  [/^[}\]]/, "a comma is too much before it; remove that"],
];
/** So many of them can stand in the name of a setting; the others end it. */
const INSIDE_NAMES = 4;

/** A hint for the error `what` ("… at byte N, line L"); "" for none. */
export function jsonHint(bytes: string, what: string): string {
  const at = /^it is not JSON: .* at byte (\d+), line \d+$/.exec(what);
  if (at === null) return "";
  const text = Buffer.from(bytes.slice(Number(at[1])), "latin1").toString("utf8");
  return KINDS.find(([pattern]) => pattern.test(text))?.[1] ?? "";
}

/** The same for the name of a setting that is not known; the setting's own name is letters alone. */
export function nameHint(path: string): string {
  for (const character of path) {
    const words = KINDS.slice(0, INSIDE_NAMES).find(([pattern]) => pattern.test(character))?.[1];
    if (words !== undefined) return words;
  }
  return "";
}

/** Characters that look like a blank or like nothing, written as JSON would. */
export function visible(text: string): string {
  return text.replace(/[\u00a0\u2007\u202f\u200b\u200c\u200d\u2060\ufeff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
