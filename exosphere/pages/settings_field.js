/*
 * One setting as a field: label, control, what it means, what is wrong with it.
 *
 * Input: the setting's schema and path, the document, the board. Output: elements; what is typed goes into the
 * document. Invariants: a secret that is set is never shown, an empty field keeps it; what a pin cannot do is
 * greyed out with the reason.
 */
import { make } from "./api.js";
import { checkPins, SECRET } from "./board.js";
import { isAmount, keepAmounts, shownAmount, typedAmount } from "./settings_amount.js";
import { hasMeaning } from "./settings_meaning.js";
import { parentOf, pinsOf, SECRET_PATHS, setAt, valueAt } from "./settings_path.js";
import { randomToken } from "./settings_suggestion.js";
import { label } from "./settings_words.js";

/** The use of a pin, as board.ts names it. */
function needsOf(context, path) {
  const owner = valueAt(context.document, parentOf(path)) ?? {};
  if (path.startsWith("outputs.")) return "output";
  if (owner.source === "analog") return "analog";
  return owner.pull === "up" || owner.pull === "down" ? "pull" : "input";
}

/** Why `gpio` cannot serve here; "" when it can. */
export function pinTrouble(context, path, gpio) {
  const [sentence] = checkPins(context.board, [{ use: parentOf(path), gpio, needs: needsOf(context, path) }]);
  return sentence === undefined ? "" : sentence.slice(sentence.indexOf(": ", sentence.indexOf("GPIO")) + 2);
}

function pinSelect(context, path, value) {
  const uses = pinsOf(context.document).filter(([at]) => at !== path);
  const options = context.board.pins.map((pin) => {
    const taken = uses.find(([, gpio]) => gpio === pin.gpio);
    const trouble = taken === undefined ? pinTrouble(context, path, pin.gpio).split(/[;.]/)[0] : `used by ${parentOf(taken[0])}`;
    const words = [`${pin.gpio}${pin.label === String(pin.gpio) ? "" : ` · ${pin.label}`}`, trouble || pin.caution].filter((part) => part !== "").join(" – ");
    return make("option", { value: String(pin.gpio), disabled: trouble !== "" && pin.gpio !== value }, words);
  });
  if (value !== undefined && !context.board.pins.some(({ gpio }) => gpio === value)) options.unshift(make("option", { value: String(value) }, `${value} – not on this board`));
  return make("select", {}, make("option", { value: "" }, "choose a pin"), ...options);
}

function uartSelect(context, value) {
  const known = context.board.uarts.map(({ port, rx, tx }) => make("option", { value: String(port) }, `UART ${port}: RX ${rx}, TX ${tx}`));
  if (value !== undefined && !context.board.uarts.some(({ port }) => port === value)) known.unshift(make("option", { value: String(value) }, `UART ${value} – not on this board`));
  return make("select", {}, make("option", { value: "" }, "choose a UART"), ...known);
}

/** The control, and how to read it: undefined leaves the setting out. */
function controlOf(context, path, name, property, value) {
  const preset = property.default;
  if (name === "pin" || (name === "port" && path.startsWith("readers"))) {
    const select = name === "pin" ? pinSelect(context, path, value) : uartSelect(context, value);
    select.value = value === undefined ? "" : String(value);
    return [select, () => (select.value === "" ? undefined : Number(select.value))];
  }
  if (property.enum !== undefined) {
    const select = make("select", {}, ...preset === undefined && !property.required ? [make("option", { value: "" }, "not set")] : [], ...property.enum.map((word) => make("option", { value: word }, word === preset ? `${word} (usual)` : word)));
    select.value = value ?? preset ?? "";
    return [select, () => (select.value === "" || select.value === preset ? undefined : select.value)];
  }
  if (property.type === "boolean") {
    const box = make("input", { type: "checkbox", checked: value ?? preset ?? false });
    return [box, () => (box.checked === preset ? undefined : box.checked)];
  }
  if (property.type === "integer") {
    const input = make("input", { type: "number", min: property.minimum, max: property.maximum, step: 1, value: value ?? "", placeholder: preset ?? "" });
    // A text that is not a whole number stays as typed, so that the check can name it.
    return [input, () => (input.value === "" ? undefined : Number(input.value))];
  }
  const input = make("input", { type: "text", value: (isAmount(path) ? shownAmount(context.document, value) : value) ?? "", placeholder: preset ?? "", autocomplete: "off", spellcheck: false, inputMode: property.oneOf === undefined ? "text" : "decimal" });
  if (isAmount(path)) return [input, () => (input.value === "" && !property.required ? undefined : typedAmount(context.document, input.value))];
  return [input, () => (input.value === "" && !property.required ? undefined : input.value)];
}

/** A secret: typed over or kept, never shown. */
function secretControl(context, path, value) {
  const kept = value === SECRET;
  const input = make("input", { type: "password", value: kept ? "" : value ?? "", placeholder: kept ? "set – empty keeps it" : "not set", autocomplete: "new-password", spellcheck: false });
  const buttons = [];
  if (path === "api.token") buttons.push(make("button", { type: "button", className: "quiet", onclick: () => { setAt(context.document, path, randomToken(24)); context.redraw(`at-${path}`); } }, "New random token"));
  if (path === "endpoint.key" && context.canMakeKey()) buttons.push(make("button", { type: "button", className: "quiet", onclick: () => void context.makeKey() }, "New key from this endpoint"));
  if (kept && path.endsWith("password")) buttons.push(make("button", { type: "button", className: "quiet", onclick: () => { setAt(context.document, path, undefined); context.redraw(`at-${path}`); } }, "Remove it"));
  return [input, () => (input.value !== "" ? input.value : kept ? SECRET : undefined), buttons];
}

/** The field of the setting at `path`. */
export function field(context, path, name, property) {
  const value = valueAt(context.document, path);
  const id = `at-${path}`;
  const [control, read, buttons = []] = SECRET_PATHS.includes(path) ? secretControl(context, path, value) : controlOf(context, path, name, property, value);
  control.id = id;
  control.setAttribute("aria-describedby", `${id}-meaning ${id}-hint ${id}-error`);
  // Another pin, pull or type changes what is greyed out elsewhere; text is left alone while it is typed.
  control.addEventListener(control.type === "text" || control.type === "password" || control.type === "number" ? "input" : "change", () => {
    if (path === "tariff.minorDigits") keepAmounts(context.document, () => setAt(context.document, path, read()));
    else setAt(context.document, path, read());
    if (control.tagName === "SELECT") context.redraw();
    else context.changed();
  });
  const words = make("label", { htmlFor: id }, isAmount(path) ? `${label(name)}, ${context.table()?.currency || "main unit of the currency"}` : label(name), property.required ? make("span", { className: "soft" }, " – needed") : undefined);
  const trouble = name === "pin" && value !== undefined ? pinTrouble(context, path, value) : "";
  return make("div", { className: control.type === "checkbox" ? "field tick" : "field", "data-path": path }, words, control, ...buttons, hasMeaning(path) ? make("p", { className: "meaning", id: `${id}-meaning` }) : undefined,
    make("p", { className: "hint", id: `${id}-hint` }, isAmount(path) ? "In the main unit of the currency, with a comma or a point." : (property.description ?? "").replaceAll("`", ""), ...trouble === "" ? [] : [" ", make("strong", { className: "look" }, trouble)]),
    make("p", { className: "error", id: `${id}-error` }));
}
