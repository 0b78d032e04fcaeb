/*
 * Everything in an API call over HTTP that no board may understand in a way of its own.
 *
 * Input: an address's text, a body. Output: the chain as bytes; the words of refusals. Invariant: a text that is not
 * percent-coded rightly is refused, never guessed at.
 */
import type { Bytes } from "../ports";
import { hexDigit } from "../../firmware/base/bytes";
import { COMMAND_BYTES_MAX } from "../../firmware/limits";

/** 400 */
export const WORDS_CODING = "wrong percent coding: write % and two hexadecimal digits";
/** 404 */
export const WORDS_ADDRESS = "not found: the address is /api";
/** 405 */
export const WORDS_METHOD = "wrong method: send GET or POST";
/** 413 */
export const WORDS_LENGTH = "too long: at most " + COMMAND_BYTES_MAX + " bytes";
/** 503 */
export const WORDS_BUSY = "busy: ask again";

/** Percent-decoded text; undefined when the coding is wrong. A plus stays a plus. */
export function percentDecoded(text: string): Bytes | undefined {
  let decoded = "";
  let from = 0;
  for (;;) {
    const mark = text.indexOf("%", from);
    if (mark < 0) return decoded + text.substring(from);
    const high = mark + 2 < text.length ? hexDigit(text.charCodeAt(mark + 1)) : -1;
    const low = high < 0 ? -1 : hexDigit(text.charCodeAt(mark + 2));
    if (low < 0) return undefined;
    decoded += text.substring(from, mark) + String.fromCharCode(high * 16 + low);
    from = mark + 3;
  }
}
