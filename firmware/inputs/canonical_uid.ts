/*
 * The one spelling of a card's number, wherever a person or a program names a card.
 *
 * Input: what was typed, sent by a command, or read from a list. Output: the text that a reader of ours gives for that
 * card: hexadecimal in upper case, decimal digits, or "ddd,ddddd"; any other text as it is, without blanks around it.
 * Invariants: a canonical text stays as it is; board and endpoint use this very function.
 */
import type { Bytes } from "../../hal/ports";
import { hexDigit } from "../base/bytes";

/** Digits from which on blanks, colons and hyphens between them are separators: no card has fewer than four bytes. */
const SEPARATED_DIGITS_MIN = 8;
/** Digits from which on a number of odd length is a card's: `decimal10` prints at least so many. */
const DECIMAL_DIGITS_MIN = 10;

/** `text` from the first to the last character that is not a blank or control character. */
function trimmed(text: Bytes): Bytes {
  let from = 0;
  let to = text.length;
  while (from < to && text.charCodeAt(from) <= 32) from++;
  while (to > from && text.charCodeAt(to - 1) <= 32) to--;
  return text.substring(from, to);
}

/** `text`, 1 to `width` decimal digits, with zeros in front up to `width`; "" when it is none. */
function padded(text: Bytes, width: number): Bytes {
  if (text.length < 1 || text.length > width) return "";
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) < 48 || text.charCodeAt(index) > 57) return "";
  }
  let digits = text;
  while (digits.length < width) digits = "0" + digits;
  return digits;
}

/** The canonical spelling of `given`, UTF-8; "" for blanks alone. */
export function canonicalUid(given: Bytes): Bytes {
  const text = trimmed(given);
  const comma = text.indexOf(",");
  if (comma > 0) {
    // wiegand3.5: facility and number. Text comparison is enough, both sides have the same number of digits.
    const facility = padded(text.substring(0, comma), 3);
    const number = padded(trimmed(text.substring(comma + 1)), 5);
    return facility !== "" && number !== "" && facility <= "255" && number <= "65535" ? facility + "," + number : text;
  }
  let bare = "";
  let isDecimal = true;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 32 || code === 9 || code === 45 || code === 58) continue;
    if (hexDigit(code) < 0) return text;
    if (code > 57) isDecimal = false;
    // Small letters become capitals, "a" is 97 and "A" is 65.
    bare += String.fromCharCode(code >= 97 ? code - 32 : code);
  }
  if (bare.length < text.length && bare.length < SEPARATED_DIGITS_MIN) return text;
  return bare.length % 2 === 0 || (isDecimal && bare.length >= DECIMAL_DIGITS_MIN) ? bare : text;
}
