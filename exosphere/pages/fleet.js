/*
 * The fleet page: every device with its last contact, version, fill, clock, faults, gaps; new devices.
 *
 * Input: the API. Output: the page. Invariant: a device that needs a look says why in words, not in colour
 * alone.
 */
import { ago, ask, begin, byId, groupDigits, keepLive, make } from "./api.js";
import { showDetail } from "./fleet_detail.js";
import { clockText, ownClockText, configurationText, databaseFaultText, DAY_S, peopleText, unknownKeyText, troubles, rejectedRequest } from "./fleet_words.js";
import { showKey } from "./key_dialog.js";

let admin = false;
let devices = [];

const deviceOf = (wanted) => devices.find(({ id }) => id === wanted);

function fact(name, value) {
  return value === undefined || value === null ? [] : [make("dt", {}, name), make("dd", {}, value)];
}

function fillMeter(device) {
  if (device.ringFill === null) return null;
  const percent = `${Math.round(device.ringFill / 10)} %`;
  return make("span", { className: "fill" }, make("meter", { max: 1000, high: 800, value: device.ringFill, title: percent, "aria-label": "ring fill" }), ` ${percent}`);
}

/** An unregistered card, with a link that registers it. */
function unknownCard({ unknownCard: uid }) {
  if (!uid || !admin) return uid || null;
  return make("span", {}, `${uid} `, make("a", { "data-control": "unknownCard", href: `/people.html?card=${encodeURIComponent(uid)}`, "aria-label": `Give the card ${uid} a name` }, "Give it a name"));
}

function card(device) {
  const list = troubles(device);
  const badges = list.length === 0 ? [make("span", { className: "badge" }, "all well")] : list.map(({ text, warning }) => make("span", { className: warning ? "badge warn" : "badge bad" }, text));
  const refused = rejectedRequest(device);
  return make("article", { className: "card device", "data-device": device.id },
    make("header", {}, make("div", {}, make("h2", {}, device.name), ...device.name === device.id ? [] : [make("span", { className: "soft" }, device.id)]), make("div", { className: "actions" },
      ...admin ? [make("a", { className: "button", "data-control": "configure", href: `/configuration.html?device=${encodeURIComponent(device.id)}`, "aria-label": `Configure ${device.name}` }, "Configure")] : [],
      make("button", { type: "button", className: "quiet", "aria-label": `Details of ${device.name}`, "data-control": "details", onclick: () => void showDetail(deviceOf(device.id), admin, async (id) => { await show(); return deviceOf(id); }) }, "Details"))),
    make("dl", { className: "facts" },
      ...fact("Last contact", device.lastContact === null ? "never" : make("time", { dateTime: device.lastContact, title: device.lastContact }, ago(device.lastContactAgoS))),
      ...fact("Firmware", device.firmwareVersion), ...fact("Board", device.board), ...fact("Ring", fillMeter(device)),
      ...fact("Configuration", configurationText(device)), ...fact("People", peopleText(device)),
      ...fact("Rows waiting", device.pending === null ? null : groupDigits(String(device.pending))), ...fact("Set aside", device.quarantinedOnBoard ? String(device.quarantinedOnBoard) : null),
      ...fact("Clock", clockText(device)), ...fact("Undated moments", device.undated > 0 ? String(device.undated) : null),
      ...fact("Number of this start", device.boot === null ? null : String(device.boot)), ...fact("Last unknown card", unknownCard(device))),
    make("div", {}, ...badges.flatMap((badge) => [badge, " "])),
    ...refused === undefined ? [] : [make("p", { className: "hint look" }, `${refused.what}. `, make("strong", {}, refused.remedy))]);
}

/** Puts the new cards in the place of those that differ, so that a control in use stays the one in use. */
function showCards() {
  const active = /** @type {HTMLElement | null} */ (document.activeElement);
  const focused = active?.dataset.control;
  const owner = /** @type {HTMLElement | null | undefined} */ (active?.closest(".device"))?.dataset.device;
  const old = new Map([...byId("fleet").children].map((element) => [element.dataset.device, element]));
  const cards = devices.map((device) => {
    const [before, now] = [old.get(device.id), card(device)];
    return before?.isEqualNode(now) ? before : now;
  });
  // A moved element loses the focus, so unchanged ones are not touched.
  for (const element of [...byId("fleet").children]) if (!cards.includes(element)) element.remove();
  cards.forEach((element, index) => { if (byId("fleet").children[index] !== element) byId("fleet").insertBefore(element, byId("fleet").children[index] ?? null); });
  const place = cards.find((element) => element.dataset.device === owner);
  if (focused === undefined || place === undefined || place.contains(document.activeElement)) return;
  (place.querySelector(`[data-control="${focused}"]`) ?? place.querySelector("[data-control=details]")).focus({ preventScroll: true });
}

async function show() {
  const [fleet, unknownKeys, faults, clock] = await Promise.all([ask("/devices"), ask("/rejected-requests"), ask("/database-faults"), ask("/clock")]);
  devices = fleet;
  showCards();
  byId("empty").hidden = devices.length > 0;
  byId("databaseFault").textContent = databaseFaultText(faults);
  byId("ownClock").textContent = ownClockText(clock);
  byId("stranger").textContent = unknownKeyText(unknownKeys);
  byId("countAll").textContent = groupDigits(String(devices.length));
  byId("countHeard").textContent = groupDigits(String(devices.filter(({ lastContactAgoS }) => lastContactAgoS !== null && lastContactAgoS < DAY_S).length));
  byId("countPending").textContent = groupDigits(String(devices.reduce((sum, { pending }) => sum + (pending ?? 0), 0)));
  byId("countTrouble").textContent = groupDigits(String(devices.filter((device) => troubles(device).length > 0).length));
}

byId("newDevice").addEventListener("submit", async (event) => {
  event.preventDefault();
  byId("newError").textContent = "";
  try {
    const id = byId("newId").value;
    showKey(await ask("/devices", { method: "POST", body: { id, name: byId("newName").value || id } }));
    event.target.reset();
    await show();
  } catch (error) {
    byId("newError").textContent = error.message;
  }
});

admin = (await begin()).role === "admin";
await keepLive(5000, show);
