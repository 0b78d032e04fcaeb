/*
 * A uid in the notation that a house already uses.
 *
 * Input: the bytes of a uid, first byte first. Output: text for the column `uid` and for finding the
 * user. Invariant: the canonical form is upper-case hexadecimal, first byte first, full length; every
 * other one is asked for in the configuration. Decimal digits are worked out one by one, so that a uid
 * of ten bytes is right where numbers have 32 bits.
 */
import type { Bytes } from "../../hal/ports";
import type { ReaderConfiguration } from "../configuration/configuration";
import { hexOf } from "../base/bytes";

/** Unsigned decimal of `bytes`, with leading zeros up to `width` digits; longer when the number is. */
function decimalOf(bytes: Bytes, width: number): string {
  const digits: number[] = [];
  for (let index = 0; index < bytes.length; index++) {
    let carry = bytes.charCodeAt(index);
    for (let place = 0; place < digits.length; place++) {
      const value = digits[place]! * 256 + carry;
      digits[place] = value % 10;
      carry = Math.floor(value / 10);
    }
    while (carry > 0) {
      digits.push(carry % 10);
      carry = Math.floor(carry / 10);
    }
  }
  let text = "";
  for (let place = digits.length - 1; place >= 0; place--) text += "0123456789".charAt(digits[place]!);
  while (text.length < width) text = "0" + text;
  return text;
}

/**
 * `hex`; `hexReversed`, last byte first; `decimal10`, the whole uid as one number of at least ten digits;
 * `8h10d`, the last four bytes as ten digits (printed on most 125 kHz fobs); `wiegand3.5`, the last three
 * bytes as ddd,ddddd. A uid shorter than a notation needs is taken as it is.
 */
export function uidText(bytes: Bytes, format: ReaderConfiguration["uidFormat"]): string {
  const length = bytes.length;
  if (format === "decimal10") return decimalOf(bytes, 10);
  if (format === "8h10d") return decimalOf(bytes.substring(Math.max(0, length - 4)), 10);
  if (format === "wiegand3.5") {
    return decimalOf(bytes.substring(Math.max(0, length - 3), Math.max(0, length - 2)), 3) + "," + decimalOf(bytes.substring(Math.max(0, length - 2)), 5);
  }
  if (format === "hex") return hexOf(bytes);
  let reversed = "";
  for (let index = length - 1; index >= 0; index--) reversed += String.fromCharCode(bytes.charCodeAt(index));
  return hexOf(reversed);
}
