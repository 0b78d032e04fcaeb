/*
 * The public keys that a board trusts for releases: asked for and changed over its console alone.
 *
 * Input: the record that the program shows as `sdc`: the running device, or ports and board while there is no
 * configuration; keys as hexadecimal. Output: the keys in flash, or why not. Invariant: a person who gets here has given
 * the device's password, because the console of a configured board is locked; no document and no endpoint reaches this.
 */
import { bytesOfHex, hexOf } from "../base/bytes";
import type { Device } from "../device";
import { KEY_TRUST } from "../store/keys";
import { getValue, openKeyValueStore, putValue } from "../store/key_value_store";
import type { KeyValueStore } from "../store/key_value_store";
import { openLayout } from "../store/layout";
import { LMS_KEY_BYTES } from "../update/lms";
import type { UnconfiguredBoard } from "./service";

/** The running device's store, or the one in flash of a board without a device; undefined without room for one. */
function storeOf(desk: UnconfiguredBoard): KeyValueStore | undefined {
  const running = (desk as Device).keyValues as KeyValueStore | undefined;
  if (running !== undefined) return running;
  const layout = openLayout(desk.board.areas, desk.ports.flash.pageBytes);
  return layout === undefined ? undefined : openKeyValueStore(desk.ports.flash, desk.ports.crypto, layout.keyValues);
}

/** The keys that are believed, hexadecimal, a blank between two; "" for none. */
export function trustedKeys(desk: UnconfiguredBoard): string {
  const keyValues = storeOf(desk);
  const keys = keyValues === undefined ? undefined : getValue(keyValues, KEY_TRUST);
  if (keys === undefined || keys === "") return "";
  const first = hexOf(keys.substring(0, LMS_KEY_BYTES));
  return keys.length > LMS_KEY_BYTES ? first + " " + hexOf(keys.substring(LMS_KEY_BYTES)) : first;
}

/** Believes these one or two keys and no other from now on; "" or what is wrong. */
export function trustKeys(desk: UnconfiguredBoard, first: string, second: string): string {
  const keys = bytesOfHex(first + second);
  if (keys === undefined || first.length !== 2 * LMS_KEY_BYTES || (second !== "" && second.length !== 2 * LMS_KEY_BYTES)) return "a key has 112 hexadecimal digits";
  const keyValues = storeOf(desk);
  if (keyValues === undefined) return "the flash areas of board " + desk.board.name + " are too small";
  // Before, or cut within: the keys from before. Behind: these.
  return putValue(keyValues, KEY_TRUST, keys) === "stored" ? "" : "the flash did not take the keys";
}
