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

/** A host that a board can look up: a name of letters, digits, - _ and ., or an IPv4 address of four numbers. */
function isHost(host: Bytes): boolean {
  const labels = host.split(".");
  let numbers = 0;
  for (let index = 0; index < labels.length; index++) {
    const label = labels[index]!;
    if (label === "" || label.charAt(0) === "-" || label.charAt(label.length - 1) === "-" || label.length > 63) return false;
    let isNumber = true;
    for (let at = 0; at < label.length; at++) {
      const code = label.charCodeAt(at);
      const isDigit = code >= 48 && code <= 57;
      if (!isDigit) isNumber = false;
      if (!isDigit && !(code >= 65 && code <= 90) && !(code >= 97 && code <= 122) && code !== 45 && code !== 95) return false;
    }
    if (isNumber) {
      const value = wholeOf(label);
      if (value >= 0 && value <= 255) numbers++;
    }
    // The last label of a name is never a number (RFC 3696): "10.0.0.256" and "8090" are no names.
    if (isNumber && index === labels.length - 1) return labels.length === 4 && numbers === 4;
  }
  return true;
}

/** An address that every platform of ours can reach, of http or https (RFC 3986, without user, IPv6 and fragment). */
function isAddress(text: Bytes): boolean {
  const from = findText(text, "https://") === 0 ? 8 : findText(text, "http://") === 0 ? 7 : 0;
  if (from === 0) return false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 33 || code > 126 || code === 35) return false;
  }
  const slash = text.indexOf("/", from);
  const authority = text.substring(from, slash < 0 ? text.length : slash);
  const colon = authority.indexOf(":");
  if (colon < 0) return isHost(authority);
  const port = wholeOf(authority.substring(colon + 1));
  return port >= 1 && port <= 65535 && isHost(authority.substring(0, colon));
}

/** Minutes of "HH:MM"; -1 when it is none. */
export function minutesOf(text: Bytes): number {
  if (text.length !== 5 || text.charAt(2) !== ":") return -1;
  const hour = wholeOf(text.charAt(0) === "0" ? text.charAt(1) : text.substring(0, 2));
  const minute = wholeOf(text.charAt(3) === "0" ? text.charAt(4) : text.substring(3));
  return hour < 0 || hour > 23 || minute < 0 || minute > 59 ? -1 : hour * 60 + minute;
}

/** The values that a setting of this kind allows, in words: the remedy of a wrong one. */
export function expectedText(parts: string[]): string {
  const kind = parts[1];
  if (kind === "integer") return "write a whole number from " + parts[2] + " to " + parts[3];
  if (kind === "text") return "write " + parts[2] + " to " + parts[3] + " bytes of text in quotes, without line breaks or other control characters";
  if (kind === "passphrase") return "write the " + parts[2] + " to " + parts[3] + " bytes of a WPA password in quotes, or leave it empty for an open Wi-Fi";
  if (kind === "id") return "write " + parts[2] + " to " + parts[3] + " letters, digits, \".\", \"_\" or \"-\" in quotes";
  if (kind === "enum") return "write one of: " + parts[2]!.split(",").join(", ");
  if (kind === "boolean") return "write true or false";
  if (kind === "decimal" || kind === "signed") return "write a decimal in quotes, such as \"25.5\", with at most " + parts[2] + " digits before and " + parts[3] + " behind the point";
  if (kind === "time") return "write a time of day in quotes, \"00:00\" to \"23:59\"";
  if (kind === "hex") return "write " + parts[2] + " to " + parts[3] + " bytes as hexadecimal digits in quotes, two a byte";
  if (kind === "url") {
    return "write an address such as http://192.168.1.10:8090: http:// or https://, a host name (international ones as xn--) or IPv4 address, no IPv6, no user and password, " +
      "a port from 1 to 65535, a path without blanks, # and umlauts; at most " + parts[3] + " bytes";
  }
  if (kind === "host") return "write a host name (international ones as xn--) or IPv4 address in quotes, such as \"pool.ntp.org\" or \"192.168.1.1:123\", or leave it empty";
  if (kind === "value") return "write a text in quotes, a number, true or false";
  if (kind === "list") return "write a list [ ... ] of at most " + parts[3] + " objects";
  return "write an object { ... }";
}

/** Is `text`, a text or a number as written, a value of a kind that is not an object or list? Returns it, or undefined. */
export function plainValue(parts: string[], token: string, text: Bytes): string | number | boolean | undefined {
  const kind = parts[1];
  if (kind === "boolean") return token === "true" ? true : token === "false" ? false : undefined;
  if (kind === "integer") {
    if (token !== "number") return undefined;
    const size = wholeOf(text.charAt(0) === "-" ? text.substring(1) : text);
    const value = text.charAt(0) === "-" ? -size : size;
    const least = parts[2]!.charAt(0) === "-" ? -wholeOf(parts[2]!.substring(1)) : wholeOf(parts[2]!);
    return size < 0 || value < least || value > wholeOf(parts[3]!) ? undefined : value;
  }
  if (kind === "value") return token === "text" || token === "number" ? text : token === "true" ? true : token === "false" ? false : undefined;
  if (kind === "decimal" || kind === "signed") {
    const digits = decimalDigits(text);
    if (digits === undefined || (token === "number" && digits.fraction > 0) || (token !== "number" && token !== "text")) return undefined;
    return digits.whole > wholeOf(parts[2]!) || digits.fraction > wholeOf(parts[3]!) || (kind === "decimal" && text.charAt(0) === "-") ? undefined : text;
  }
  if (token !== "text") return undefined;
  if (kind === "enum") return text !== "" && text.indexOf(",") < 0 && findText("," + parts[2] + ",", "," + text + ",") >= 0 ? text : undefined;
  if (kind === "time") return minutesOf(text) < 0 ? undefined : text;
  const units = kind === "hex" ? Math.floor(text.length / 2) : text.length;
  if ((kind === "passphrase" || kind === "host") && units === 0) return text;
  if (units < wholeOf(parts[2]!) || units > wholeOf(parts[3]!) || !printable(text)) return undefined;
  if (kind === "id" && !isId(text)) return undefined;
  if (kind === "hex" && bytesOfHex(text) === undefined) return undefined;
  if (kind === "url" && !isAddress(text)) return undefined;
  if (kind === "host" && (text.indexOf("/") >= 0 || !isAddress("http://" + text))) return undefined;
  return text;
}
