/*
 * A new key, shown once.
 *
 * Input: key id and key of the API. Output: the dialog. Invariant: the key is in the page only while the
 * dialog is open.
 */
import { byId } from "./api.js";

export function showKey({ keyId, keyHex }) {
  byId("keyId").textContent = keyId;
  byId("keyHex").textContent = keyHex;
  byId("keyDialog").showModal();
}

byId("keyDialog").addEventListener("close", () => { byId("keyHex").textContent = ""; });
