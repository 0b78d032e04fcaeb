/*
 * Decimal numbers as text: the only form in which no interpreter can spoil them.
 *
 * Input: text from commands and documents. Output: a verdict; the text itself is what is stored and sent.
 * Invariant: what passes is `-?digits[.digits]`, which the protocol carries and SQL reads exactly.
 */
import type { Bytes } from "../../hal/ports";


/** Digits before and behind the point of a decimal, undefined when the text is none (exponents and signs but "-" are none). */
export function decimalDigits(text: Bytes): { whole: number; fraction: number } | undefined {
  const start = text.charAt(0) === "-" ? 1 : 0;
  let point = -1;
  for (let index = start; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 46 && point < 0) point = index;
    else if (code < 48 || code > 57) return undefined;
  }
  const whole = (point < 0 ? text.length : point) - start;
  const fraction = point < 0 ? 0 : text.length - point - 1;
  if (whole < 1 || (point >= 0 && fraction < 1)) return undefined;
  return { whole, fraction };
}

/** The same number as JSON and SQL write it: "00012.500" is "12.500", "-0.0" is "0.0". `text` is a decimal. */
export function plainDecimal(text: Bytes): Bytes {
  const isNegative = text.charAt(0) === "-";
  let at = isNegative ? 1 : 0;
  while (text.charAt(at) === "0" && at + 1 < text.length && text.charAt(at + 1) !== ".") at++;
  const digits = text.substring(at);
  let isZero = true;
  for (let index = 0; index < digits.length && isZero; index++) isZero = "0.".indexOf(digits.charAt(index)) >= 0;
  return isNegative && !isZero ? "-" + digits : digits;
}
