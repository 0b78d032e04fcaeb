/*
 * Explains a typed value below its field while it is typed.
 *
 * Input: the page's context and the path of a field. Output: a short text, "" where there is nothing to say.
 * Invariant: it explains only; what is wrong is told by the check, what is doubtful by the warnings.
 */
import { byId } from "./api.js";
import { DEVICE_ID, DEVICE_ID_WORDS } from "./board.js";
import { shiftPoint } from "./money.js";
import { tariffDigits } from "./settings_amount.js";
import { valueAt } from "./settings_path.js";

/** Settings whose values are explained, by path. */
/** @type {[RegExp, (context: any, value: any, path: string) => string][]} */
const MEANINGS = [
  [/^device\.id$/, (context, value) => (context.device() !== undefined || DEVICE_ID.test(value ?? "") ? "" : `To be made here it needs ${DEVICE_ID_WORDS}.`)],
  [/^tariff\.prices\[\d+\]\.perKwh$/, (context, value) => amount(context, value, "per kWh")],
  [/^tariff\.feePerHour$/, (context, value) => amount(context, value, "per hour")],
  [/^endpoint\.(keyId|key)$/, (context, value, path) => ((value ?? "") === "" ? madeBy(context, path) : "")],
];

/** The button that fills in a value that is not typed; "" for all else. */
export function madeBy(context, path) {
  if (!/^endpoint\.(keyId|key)$/.test(path)) return "";
  return context.device() === undefined ? "created by the button “Create device and key” above" : context.canMakeKey() ? "created by the button “New key from this endpoint”" : "";
}

const UNITS = ["units", "tenths", "cents (hundredths)", "thousandths", "ten-thousandths"];

function amount(context, value, per) {
  return shiftPoint(String(value ?? ""), 0) === undefined ? "" : `The board gets ${value} ${UNITS[tariffDigits(context.document)]} ${per}.`;
}

function meaningOf(path) {
  return MEANINGS.find(([pattern]) => pattern.test(path))?.[1];
}

export function hasMeaning(path) {
  return meaningOf(path) !== undefined;
}

/** Says again what every such field means. */
export function showMeanings(context, container) {
  for (const element of container.querySelectorAll("[data-path]")) {
    const { path } = element.dataset;
    const meaning = byId(`at-${path}-meaning`);
    if (meaning !== null) meaning.textContent = meaningOf(path)?.(context, valueAt(context.document, path), path);
  }
}
