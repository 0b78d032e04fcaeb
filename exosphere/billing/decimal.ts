/*
 * Exact decimals: sums and quotients of texts.
 *
 * Input: decimal texts with a point. Output: the same. Invariant: sums lose no digit; a quotient is rounded half away
 * from zero to the digits that are asked for. No value is a floating-point number.
 */
import { invariant, present } from "../invariant";

interface Scaled { units: bigint; digits: number }

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

function scaled(text: string): Scaled {
  const [, sign = "", whole = "", fraction = ""] = present(DECIMAL.exec(text), "the text was checked to be a decimal");
  return { units: BigInt(`${sign}${whole}${fraction}`), digits: fraction.length };
}

function textOf({ units, digits }: Scaled): string {
  const sign = units < 0n ? "-" : "";
  const all = (units < 0n ? -units : units).toString().padStart(digits + 1, "0");
  const cut = all.length - digits;
  const fraction = all.slice(cut).replace(/0+$/, "");
  return `${sign}${all.slice(0, cut)}${fraction === "" ? "" : `.${fraction}`}`;
}

function toDigits({ units, digits }: Scaled, more: number): bigint {
  return units * 10n ** BigInt(more - digits);
}

/** Of decimal texts; "0" for none. */
export function sumOf(texts: string[]): string {
  const all = texts.map(scaled);
  const digits = Math.max(0, ...all.map((one) => one.digits));
  return textOf({ units: all.reduce((sum, one) => sum + toDigits(one, digits), 0n), digits });
}

export function difference(after: string, before: string): string {
  return sumOf([after, before.startsWith("-") ? before.slice(1) : `-${before}`]);
}

/** Whether two decimals are equal, "1.50" and "1.5" too. */
export function isSame(one: string, other: string): boolean {
  return textOf(scaled(one)) === textOf(scaled(other));
}

/** `text` divided by `by`, rounded half away from zero to `digits` decimals. `by` must not be 0. */
export function quotient(text: string, by: string, digits: number): string {
  const [above, below] = [scaled(text), scaled(by)];
  invariant(below.units !== 0n, "a divisor is not 0");
  const places = Math.max(above.digits, below.digits);
  const [top, bottom] = [toDigits(above, places) * 10n ** BigInt(digits), toDigits(below, places)];
  const isNegative = top < 0n !== bottom < 0n;
  const [size, divisor] = [top < 0n ? -top : top, bottom < 0n ? -bottom : bottom];
  const rounded = (2n * size + divisor) / (2n * divisor);
  return textOf({ units: isNegative ? -rounded : rounded, digits });
}
