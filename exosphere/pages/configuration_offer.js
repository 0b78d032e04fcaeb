/*
 * How a document leaves the configuration page: offered to a device, sent over USB or Bluetooth, downloaded.
 *
 * Input: the page's context (document, errors, the chosen device). Output: requests, a file, sentences on what
 * became of it. Invariant: a document with an error is neither offered nor sent; the keyboard goes to the first.
 */
import { ask, byId, make } from "./api.js";
import { identityErrors, SECRET } from "./board.js";
import { noWay, sendDocument, WAYS } from "./board_link.js";
import { leadTo, showVerdict } from "./configuration_verdict.js";
import { showErrors, withoutEmpty } from "./settings_form.js";
import { SECRET_PATHS, valueAt } from "./settings_path.js";
import { advice } from "./settings_words.js";

export function clearOutcome() {
  byId("sendDone").textContent = byId("sendError").textContent = "";
}

/** Whether the document may leave; else goes to the first error. */
function right(context) {
  if (context.errors.length > 0) {
    context.strict = true;
    context.check();
    byId("errors").querySelector("button").click();
  }
  return context.errors.length === 0;
}

/** Says beside the button why this document is not of the chosen device; returns whether it is. */
export function showOffer(context) {
  const device = context.device();
  const others = device === undefined ? [] : identityErrors(withoutEmpty(context.document), device.id, device.keys.filter(({ revoked }) => !revoked).map(({ keyId }) => keyId))
    .filter(({ path }) => !context.errors.some((error) => error.path === path));
  byId("offer").disabled = device === undefined;
  byId("offerErrors").replaceChildren(...others.map(({ path, what, remedy }) => make("li", {}, leadTo(path), `: ${advice(what, remedy)}`)));
  return others.length === 0;
}

async function offer(context) {
  clearOutcome();
  if (!right(context)) return;
  if (!showOffer(context)) byId("offerErrors").querySelector("button").click();
  else await context.guarded("sendError", async () => {
    const { id } = context.device();
    await ask(`/devices/${encodeURIComponent(id)}`, { method: "PUT", body: { configuration: withoutEmpty(context.document) } });
    context.safe();
    const offered = await ask(`/devices/${encodeURIComponent(id)}/configuration`);
    context.noteOffer(offered);
    byId("sendDone").textContent = `Offered as revision ${offered.revision}; the board fetches it with its next upload, and says on the Fleet page which it has.`;
  });
}

async function send(context, way) {
  clearOutcome();
  if (!right(context)) return;
  const buttons = ["usb", "bluetooth", "offer"].map(byId);
  const was = buttons.map(({ disabled }) => disabled);
  for (const button of buttons) button.disabled = true;
  byId("progress").hidden = false;
  await context.guarded("sendError", async () => {
    byId("progress").value = 0;
    const result = await sendDocument(way, JSON.stringify(withoutEmpty(context.document)), byId("password").value, (words) => { byId("sendDone").textContent = words; }, (part) => { byId("progress").value = part; });
    if (result.errors.length === 0) {
      byId("sendDone").textContent = result.words;
      context.safe();
    } else {
      showErrors(byId("form"), result.errors);
      showVerdict(context, result.errors, `${result.words} It says:`);
      throw new Error(`${result.words} ${result.errors.map(({ path, what, remedy }) => `${path}: ${advice(what, remedy)}`).join(" ")}`);
    }
  });
  if (byId("sendError").textContent !== "") byId("sendDone").textContent = "";
  byId("progress").hidden = true;
  buttons.forEach((button, place) => { button.disabled = was[place]; });
}

function download(context) {
  const link = make("a", { href: URL.createObjectURL(new Blob([`${JSON.stringify(withoutEmpty(context.document), null, 2)}\n`], { type: "application/json" })), download: `${context.document.device.id || "board"}.json` });
  link.click();
  URL.revokeObjectURL(link.href);
  clearOutcome();
  context.safe();
  const kept = SECRET_PATHS.filter((path) => valueAt(context.document, path) === SECRET);
  byId("sendDone").textContent = kept.length === 0 ? "The file holds secrets: keep it private." : `The file says "${SECRET}" for ${kept.join(", ")}: a board that gets it keeps those it has.`;
}

export function beginOffer(context) {
  byId("download").addEventListener("click", () => download(context));
  byId("offer").addEventListener("click", () => void offer(context));
  for (const [way, { there }] of Object.entries(WAYS)) {
    byId(way).addEventListener("click", () => void send(context, way));
    byId(way).disabled = !there();
  }
  byId("noWay").textContent = noWay();
}
