/*
 * The verdict of the configuration page: how many errors there are, where each is, what is worth a look.
 *
 * Input: errors and warnings as path, what and remedy. Output: lists of buttons that lead to the fields.
 * Invariant: all that has a place on the page is reached from here with the keyboard.
 */
import { byId, make } from "./api.js";
import { placeOf } from "./settings_form.js";
import { madeBy } from "./settings_meaning.js";
import { setAt, valueAt } from "./settings_path.js";
import { advice, label, SECTIONS } from "./settings_words.js";

/** Opens the sections around a field and goes there. */
export function goTo(id) {
  const element = byId(id);
  if (element === null) return;
  for (let around = element; around !== null; around = around.parentElement) if (around.tagName === "DETAILS") around.open = true;
  (element.matches("fieldset") ? element.querySelector("input, select, button") ?? element : element).focus();
}

/** A button that leads to the field of `path`, or to the nearest part around it. */
export function leadTo(path, words = path === "" ? "the document" : path) {
  return make("button", { type: "button", className: "link", onclick: () => goTo(placeOf(path)) }, words);
}

/** A value without a field, such as a setting that does not exist, can only be removed. */
function removal(context, path) {
  if (byId(`at-${path}`) !== null || path === "" || valueAt(context.document, path) === undefined) return [];
  return [" ", make("button", { type: "button", className: "link", "aria-label": `Remove ${path}`, onclick: () => { setAt(context.document, path, undefined); context.redraw(); } }, "Remove it.")];
}

export function showVerdict(context, errors, words) {
  byId("verdict").textContent = words;
  byId("verdict").className = errors.length === 0 ? "verdict done" : "verdict error";
  byId("errors").replaceChildren(...errors.map(({ path, what, remedy }) => make("li", {}, leadTo(path), `: ${advice(what, remedy)}`, ...removal(context, path))));
}

/** Lists empty required fields without calling them errors: they were not visited yet. */
export function showNeeded(context, needed) {
  const names = needed.flatMap(({ path, what }, place) => {
    const [section] = path.split(/[.[]/);
    const isEmpty = (valueAt(context.document, path) ?? "") === "";
    const words = [SECTIONS[section] ?? label(section), ...path === section ? [] : [isEmpty ? label(path.split(".").at(-1)) : what]].join(": ");
    const made = madeBy(context, path);
    return [place === 0 ? "Still needed: " : "; ", leadTo(path, words), made === "" ? "" : ` (${made})`];
  });
  byId("needed").replaceChildren(...names, ...names.length === 0 ? [] : ["."]);
}

export function showWarnings(warnings) {
  byId("warnings").replaceChildren(...warnings.map(({ path, what, remedy }) => make("li", { className: "look" }, leadTo(path), `: ${remedy === "" ? what : advice(what, remedy)}`)));
}
