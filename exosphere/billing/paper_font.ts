/*
 * The signs that the embedded font can print.
 *
 * Input: texts. Output: the signs that it lacks. Invariant: control characters are not signs; what is not lacking has a
 * glyph in the regular and in the bold form.
 */
import { createRequire } from "node:module";
import { FONT_FILES } from "./pdfmake";

const require = createRequire(import.meta.url);

interface Font { hasGlyphForCodePoint(codePoint: number): boolean }
const { openSync } = require("fontkit") as { openSync(path: string): Font };
let opened: Font[] | undefined;

function hasSign(codePoint: number): boolean {
  opened ??= FONT_FILES.map((path) => openSync(path));
  return opened.every((font) => font.hasGlyphForCodePoint(codePoint));
}

const known = new Map<string, boolean>();

function isMissing(sign: string): boolean {
  const codePoint = sign.codePointAt(0) ?? 0;
  // Joiners, variation selectors and marks of direction have no shape of their own.
  if (/[\p{Cc}\p{Cf}\u{fe00}-\u{fe0f}]/u.test(sign)) return false;
  let is = known.get(sign);
  if (is === undefined) {
    is = !hasSign(codePoint);
    if (known.size < 10_000) known.set(sign, is);
  }
  return is;
}

/** Each once, as "U+1F642". */
export function missingSigns(text: string): string[] {
  return [...new Set(text.match(/[^\0-\u007e]/gu) ?? [])].filter(isMissing).map((sign) => `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`);
}

/** With □ in place of each missing sign. */
export function replaceMissing(text: string): string {
  return text.replace(/[^\0-\u007e]/gu, (sign) => isMissing(sign) ? "\u25a1" : sign);
}
