/*
 * The form of the letterhead.
 *
 * Input: the state of the billing page. Output: elements; what is saved. Invariant: a file that is not a picture, or is too
 * large, is refused before it is sent.
 */
import { html } from "./html.js";
import { voice } from "./voice.js";

const { t } = voice;
/** Of billing/logo.ts, which checks again. */
const LOGO_BYTES_MAX = 512 * 1024;
const FIELDS = ["name", "address", "taxLine", "paymentText", "numberPrefix", "calibratedMeter"];
const HINTS = { taxLine: "letterhead.taxHint", paymentText: "letterhead.paymentHint", calibratedMeter: "letterhead.calibratedHint" };
const LINES = { address: 3, paymentText: 3 };
const LENGTHS = { name: 200, address: 500, taxLine: 300, paymentText: 1000, numberPrefix: 20, calibratedMeter: 300 };

/** @param {File} file @returns {Promise<string>} a data: address */
function readFile(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

function field(key, value) {
  const id = `letterhead-${key}`;
  const shared = { id, name: key, maxLength: LENGTHS[key], autocomplete: "off", "aria-describedby": HINTS[key] === undefined ? undefined : `${id}-hint` };
  return html`<div class="field" key=${key}><label for=${id}>${t(`letterhead.${key}`)}</label>
    ${LINES[key] === undefined ? html`<input ...${shared} defaultValue=${value} pattern=${key === "numberPrefix" ? "[A-Za-z0-9_.\\-]*" : undefined} />` : html`<textarea ...${shared} rows=${LINES[key]} defaultValue=${value}></textarea>`}
    ${HINTS[key] === undefined ? "" : html`<p class="hint" id=${`${id}-hint`}>${t(HINTS[key])}</p>`}</div>`;
}

export function letterheadForm({ letterhead, letterheadDone, letterheadError }, actions) {
  const save = async (event) => {
    event.preventDefault();
    const { elements } = event.target;
    const values = Object.fromEntries(FIELDS.map((key) => [key, elements[key].value]));
    const [file] = elements.logo.files;
    if (file !== undefined && file.size > LOGO_BYTES_MAX) return actions.refuseLogo(t("letterhead.logoSize", { name: file.name }));
    if (file !== undefined && !["image/png", "image/jpeg"].includes(file.type)) return actions.refuseLogo(t("letterhead.logoKind", { name: file.name }));
    const logo = file === undefined ? elements.removeLogo?.checked ? "" : letterhead.logo : await readFile(file);
    await actions.saveLetterhead({ ...values, logo });
    elements.logo.value = "";
    return undefined;
  };
  return html`<details class="card" id="letterhead"><summary><h2>${t("letterhead.title")}</h2></summary>
    <form onSubmit=${save}>
      <div class="settings">${FIELDS.map((key) => field(key, letterhead[key]))}
        <div class="field"><label for="letterhead-logo">${t("letterhead.logo")}</label><input type="file" id="letterhead-logo" name="logo" accept="image/png,image/jpeg" />
          ${letterhead.logo === "" ? "" : html`<img class="logo" src=${letterhead.logo} alt="" /><label><input type="checkbox" name="removeLogo" /> ${t("letterhead.removeLogo")}</label>`}</div></div>
      <div class="paging"><button type="submit" class="primary">${t("letterhead.save")}</button></div>
      <p class="error" role="alert">${letterheadError}</p><p class="done" role="status">${letterheadDone}</p>
    </form></details>`;
}
