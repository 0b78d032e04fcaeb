/*
 * The people page: who has which cards, and until when; a card that a board did not know gets a name here.
 *
 * Input: the API's people; ?card= holds a card to give away. Output: people, saved by the API, which checks
 * everything again. Invariants: what the form does not show (company, e-mail and so on) stays as it is; a
 * moment of validity changes only when its day is changed.
 */
import { ask, begin, byId, make } from "./api.js";
import { attempt } from "./attempt.js";

const gift = new URLSearchParams(location.search).get("card") ?? "";
let people = [];
let admin = false;

/** Day in this browser's time zone, as a date field holds it; "" for open. */
function dayOf(seconds) {
  if (seconds === 0) return "";
  const date = new Date(seconds * 1000);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
}

/** The last day of a validity, which ends at its moment: the midnight after that day is not part of it. */
function lastDayOf(until) {
  return until === 0 ? "" : dayOf(until - 1);
}

/** Midnight at the beginning of a day, `days` later; 0 for no day. */
function midnight(day, days) {
  if (day === "") return 0;
  const [year, month, date] = day.split("-").map(Number);
  return new Date(year, month - 1, date + days).getTime() / 1000;
}

/** Cards separated by commas, semicolons or line ends; the comma of a number such as 176,42493 is part of it. */
function cardsIn(text) {
  return text.split(/[;\n]|(?<!(?<![0-9A-Fa-f])\d{1,3}),|,(?!\d{5}(?![0-9A-Fa-f]))/u).map((card) => card.trim()).filter((card) => card !== "");
}

function chosen() {
  return people.find(({ id }) => String(id) === byId("chosen").value);
}

/** Shows the chosen person in the form, together with the card that is to be given away. */
function fill() {
  const person = chosen() ?? { cards: [], fields: {}, validFrom: 0, validUntil: 0 };
  const taken = people.some(({ cards }) => cards.includes(gift));
  byId("personName").value = person.fields.name ?? "";
  byId("cards").value = [...person.cards, ...gift === "" || taken ? [] : [gift]].join(", ");
  byId("validFrom").value = dayOf(person.validFrom);
  byId("validUntil").value = lastDayOf(person.validUntil);
  byId("personError").textContent = byId("personDone").textContent = "";
}

function choose(id) {
  byId("chosen").value = id;
  fill();
  byId("personName").focus();
}

async function remove(person) {
  if (!confirm(`Delete ${person.fields.name ?? "this person"}? The cards are unknown from then on; rows of the past stay.`)) return;
  await attempt(byId("listError"), async () => {
    await ask(`/people/${person.id}`, { method: "DELETE" });
    await load("");
  });
}

function rowOf(person) {
  const name = person.fields.name ?? "";
  const until = person.validUntil !== 0 && person.validUntil <= Date.now() / 1000;
  const actions = [
    make("button", { type: "button", className: "quiet", "aria-label": `Edit ${name}`, onclick: () => choose(String(person.id)) }, "Edit"), " ",
    make("button", { type: "button", className: "quiet", "aria-label": `Delete ${name}`, onclick: () => void remove(person) }, "Delete")];
  const cell = (label, ...children) => make("td", { "data-label": label }, children.length === 1 ? children[0] : make("span", {}, ...children));
  return make("tr", {}, cell("Name", name === "" ? "(no name)" : name), cell("Cards", person.cards.join(", ")), cell("Valid from", dayOf(person.validFrom) || "always"),
    cell("Valid until", lastDayOf(person.validUntil) || "for ever", ...until ? [" ", make("span", { className: "badge warn" }, "expired")] : []), ...admin ? [cell("Change", ...actions)] : []);
}

async function load(id) {
  people = await ask("/people");
  byId("chosen").replaceChildren(make("option", { value: "" }, "New person"), ...people.map((person) => make("option", { value: String(person.id) }, person.fields.name ?? `(no name, ${person.id})`)));
  byId("chosen").value = people.some((person) => String(person.id) === id) ? id : "";
  byId("people").tBodies[0].replaceChildren(...people.map(rowOf));
  byId("empty").hidden = people.length > 0;
  fill();
}

/** Tells an error of the form at its field. */
function refuse(id, words) {
  byId("personError").textContent = words;
  byId(id).focus();
}

byId("chosen").addEventListener("change", fill);
byId("person").addEventListener("submit", async (event) => {
  event.preventDefault();
  byId("personError").textContent = byId("personDone").textContent = "";
  const before = chosen() ?? { fields: {}, validFrom: 0, validUntil: 0 };
  const name = byId("personName").value.trim();
  const [from, until] = [byId("validFrom").value, byId("validUntil").value];
  if (name === "") return refuse("personName", "Write a name; blanks alone are not a name.");
  if (from !== "" && until !== "" && until < from) return refuse("validUntil", "The last day of validity is before the first: choose a later one, or none for ever.");
  const body = {
    cards: cardsIn(byId("cards").value), fields: { ...before.fields, name },
    validFrom: from === dayOf(before.validFrom) ? before.validFrom : midnight(from, 0),
    validUntil: until === lastDayOf(before.validUntil) ? before.validUntil : midnight(until, 1),
  };
  try {
    await ask(before.id === undefined ? "/people" : `/people/${before.id}`, { method: before.id === undefined ? "POST" : "PUT", body });
    await load("");
    byId("personDone").textContent = `${name} is saved.`;
  } catch (error) {
    byId("personError").textContent = error.message;
  }
});

admin = (await begin()).role === "admin";
await load("");
if (gift !== "" && admin) byId("personName").focus();
