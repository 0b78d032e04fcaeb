/*
 * A new key, shown once, until the user confirms to have kept it.
 *
 * Input: key id and key of the API. Output: the dialog, and copies. Invariants: the key is in the page only
 * while the dialog is open; nothing but its button closes the dialog, so a keystroke loses no key.
 */
import { byId } from "./api.js";

const dialog = byId("keyDialog");
let kept = true;

/** Asks before the page itself is left. */
function holdPage(event) {
  event.preventDefault();
}

function say(done, error) {
  byId("keyDone").textContent = done;
  byId("keyError").textContent = error;
}

function warn() {
  say("", "Not closed: the key would be lost. Copy it first, then press \u201cI have kept it\u201d.");
}

/** Browsers give the clipboard to pages over HTTPS only; a house often has plain HTTP, where the old way works. */
async function copied(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    getSelection()?.selectAllChildren(element);
    return document.execCommand("copy");
  }
}

async function copy(id, name) {
  if (await copied(byId(id))) say(`${name} is copied.`, "");
  else say("", `${name} could not be copied: select it and copy it by hand.`);
}

export function showKey({ keyId, keyHex }) {
  byId("keyId").textContent = keyId;
  byId("keyHex").textContent = keyHex;
  say("", "");
  kept = false;
  addEventListener("beforeunload", holdPage);
  dialog.showModal();
}

byId("copyKeyId").addEventListener("click", () => void copy("keyId", "The key id"));
byId("copyKeyHex").addEventListener("click", () => void copy("keyHex", "The key"));
byId("keyForm").addEventListener("submit", () => { kept = true; });
dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  warn();
});
dialog.addEventListener("close", () => {
  // A second Escape closes the dialog in spite of the handler of the first.
  if (!kept) {
    dialog.showModal();
    warn();
    return;
  }
  byId("keyHex").textContent = "";
  removeEventListener("beforeunload", holdPage);
});
