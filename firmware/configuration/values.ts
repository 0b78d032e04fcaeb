/*
 * Single values of the configuration document: is it one of its kind, and what would be one.
 *
 * Input: the parts of a setting's line in configuration_spec, and a JSON token. Output: the value, or
 * undefined; for a wrong one the remedy in words. Invariant: the kinds here, in configuration_spec's list
 * and in tools/documents/configuration_schema.ts are the same.
 */
import type { Bytes } from "../../hal/ports";
import { bytesOfHex } from "../base/bytes";
import { decimalDigits } from "../base/decimal";
import { findText } from "../base/find";
import { wholeOf } from "../base/json_reader";

/** Only characters from " " on, and no DEL. */
function printable(text: Bytes): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) < 32 || text.charCodeAt(index) === 127) return false;
  }
  return true;
}

/** Letters, digits, point, underscore and hyphen only. */
function isId(text: Bytes): boolean {
  for (let index = 0; index < text.length; index++) {
    if ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-".indexOf(text.charAt(index)) < 0) return false;
  }
  return true;
}

/** Minutes of "HH:MM"; -1 when it is none. */
export function minutesOf(text: Bytes): number {
  if (text.length !== 5 || text.charAt(2) !== ":") return -1;
  const hour = wholeOf(text.charAt(0) === "0" ? text.charAt(1) : text.substring(0, 2));
  const minute = wholeOf(text.charAt(3) === "0" ? text.charAt(4) : text.substring(3));
  return hour < 0 || hour > 23 || minute < 0 || minute > 59 ? -1 : hour * 60 + minute;
}

/** What a value of this kind must be, in words; the remedy of a wrong one. */
export function expectedText(parts: string[]): string {
  const kind = parts[1];
  if (kind === "integer") return "write a whole number from " + parts[2] + " to " + parts[3];
  if (kind === "text") return "write " + parts[2] + " to " + parts[3] + " bytes of text in quotes, without line breaks or other control characters";
  if (kind === "passphrase") return "write the " + parts[2] + " to " + parts[3] + " bytes of a WPA password in quotes, or leave it empty for an open Wi-Fi";
  if (kind === "id") return "write " + parts[2] + " to " + parts[3] + " letters, digits, \".\", \"_\" or \"-\" in quotes";
  if (kind === "enum") return "write one of: " + parts[2].split(",").join(", ");
  if (kind === "boolean") return "write true or false";
  if (kind === "decimal" || kind === "signed") return "write a decimal in quotes, such as \"25.5\", with at most " + parts[2] + " digits before and " + parts[3] + " behind the point";
  if (kind === "time") return "write a time of day in quotes, \"00:00\" to \"23:59\"";
  if (kind === "hex") return "write " + parts[2] + " to " + parts[3] + " bytes as hexadecimal digits in quotes, two a byte";
  if (kind === "url") return "write an address that begins with http:// or https://, at most " + parts[3] + " bytes, without spaces";
  if (kind === "value") return "write a text in quotes, a number, true or false";
  if (kind === "list") return "write a list [ ... ] of at most " + parts[3] + " objects";
  return "write an object { ... }";
}

/** Is `text`, a text or a number as written, a value of a kind that is no object or list? Returns it, or undefined. */
export function plainValue(parts: string[], token: string, text: Bytes): string | number | boolean | undefined {
  const kind = parts[1];
  if (kind === "boolean") return token === "true" ? true : token === "false" ? false : undefined;
  if (kind === "integer") {
    if (token !== "number") return undefined;
    const size = wholeOf(text.charAt(0) === "-" ? text.substring(1) : text);
    const value = text.charAt(0) === "-" ? -size : size;
    const least = parts[2].charAt(0) === "-" ? -wholeOf(parts[2].substring(1)) : wholeOf(parts[2]);
    return size < 0 || value < least || value > wholeOf(parts[3]) ? undefined : value;
  }
  if (kind === "value") return token === "text" || token === "number" ? text : token === "true" ? true : token === "false" ? false : undefined;
  if (kind === "decimal" || kind === "signed") {
    const digits = decimalDigits(text);
    if (digits === undefined || (token === "number" && digits.fraction > 0) || (token !== "number" && token !== "text")) return undefined;
    return digits.whole > wholeOf(parts[2]) || digits.fraction > wholeOf(parts[3]) || (kind === "decimal" && text.charAt(0) === "-") ? undefined : text;
  }
  if (token !== "text") return undefined;
  if (kind === "enum") return text !== "" && text.indexOf(",") < 0 && findText("," + parts[2] + ",", "," + text + ",") >= 0 ? text : undefined;
  if (kind === "time") return minutesOf(text) < 0 ? undefined : text;
  const units = kind === "hex" ? Math.floor(text.length / 2) : text.length;
  if (kind === "passphrase" && units === 0) return text;
  if (units < wholeOf(parts[2]) || units > wholeOf(parts[3]) || !printable(text)) return undefined;
  if (kind === "id" && !isId(text)) return undefined;
  if (kind === "hex" && bytesOfHex(text) === undefined) return undefined;
  if (kind === "url" && (text.indexOf(" ") >= 0 || !((findText(text, "http://") === 0 && text.length > 7) || (findText(text, "https://") === 0 && text.length > 8)))) return undefined;
  return text;
}
