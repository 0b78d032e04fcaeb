/*
 * The fleet page: every device with its last contact, version, fill, clock, faults, gaps; keys and details.
 *
 * Input: the API. Output: the page. Invariant: a device that needs a look says why in words, not in colour
 * alone.
 */
import { ago, ask, begin, byId, groupDigits, keepLive, make } from "./api.js";
import { clockText, configurationText, DAY_S, peopleText, strangerText, troubles, turnedAway } from "./fleet_words.js";

let admin = false;
let devices = [];

function fact(name, value) {
  return value === undefined || value === null ? [] : [make("dt", {}, name), make("dd", {}, value)];
}

function fillMeter(device) {
  if (device.ringFill === null) return null;
  const percent = `${Math.round(device.ringFill / 10)} %`;
  return make("span", { className: "fill" }, make("meter", { max: 1000, high: 800, value: device.ringFill, title: percent, "aria-label": "ring fill" }), ` ${percent}`);
}

/** The card that nobody has, with the way to give it to somebody. */
function unknownCard({ unknownCard: uid }) {
  if (!uid || !admin) return uid || null;
  return make("span", {}, `${uid} `, make("a", { "data-control": "unknownCard", href: `/people.html?card=${encodeURIComponent(uid)}`, "aria-label": `Give the card ${uid} a name` }, "Give it a name"));
}

function table(title, rows, columns) {
  if (rows.length === 0) return [];
  return [make("h3", {}, title), make("div", { className: "scroll" }, make("table", {},
    make("thead", {}, make("tr", {}, ...columns.map((name) => make("th", { scope: "col" }, make("button", { type: "button", disabled: true }, name))))),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, ...columns.map((name) => make("td", {}, row[name] === null ? "–" : String(row[name]))))))))];
}

async function showDetail(device) {
  const { losses, gaps, quarantine, commands } = await ask(`/devices/${encodeURIComponent(device.id)}/problems`);
  byId("detailTitle").textContent = device.name;
  const parts = [
    ...table("Refused rows", quarantine, ["sequence", "reason", "receivedAt"]), ...table("Lost because the ring was full", losses, ["sequence", "rows", "receivedAt"]),
    ...table("Gaps", gaps, ["firstSequence", "lastSequence", "rows", "receivedAt"]), ...table("Commands", commands, ["id", "text", "status", "result"]),
    ...table("Keys", device.keys, ["keyId", "used", "revoked"]),
  ];
  if (admin) {
    const valid = device.keys.filter((key) => !key.revoked);
    const actions = make("div", { className: "paging" });
    if (valid.length < 2) actions.append(make("button", { type: "button", onclick: async () => { byId("detailDialog").close(); showKey(await ask(`/devices/${encodeURIComponent(device.id)}/keys`, { method: "POST" })); } }, "Make a second key"));
    if (quarantine.length > 0) {
      actions.append(make("button", { type: "button", onclick: async () => {
        const { stored, refused } = await ask(`/devices/${encodeURIComponent(device.id)}/quarantine`, { method: "POST" });
        alert(`${stored} rows fit now, ${refused} still do not.`);
        byId("detailDialog").close();
        await show();
      } }, "Offer refused rows again"));
    }
    for (const key of valid) {
      actions.append(make("button", { type: "button", onclick: async () => {
        if (!confirm(`Revoke ${key.keyId}? The device can no longer use it.`)) return;
        await ask(`/devices/${encodeURIComponent(device.id)}/keys/${encodeURIComponent(key.keyId)}`, { method: "DELETE" });
        byId("detailDialog").close();
        await show();
      } }, `Revoke ${key.keyId}`));
    }
    parts.push(actions);
  }
  byId("detail").replaceChildren(...parts);
  byId("detailDialog").showModal();
}

function card(device) {
  const list = troubles(device);
  const badges = list.length === 0 ? [make("span", { className: "badge" }, "all well")] : list.map(({ text, warning }) => make("span", { className: warning ? "badge warn" : "badge bad" }, text));
  const refused = turnedAway(device);
  return make("article", { className: "card device", "data-device": device.id },
    make("header", {}, make("div", {}, make("h2", {}, device.name), ...device.name === device.id ? [] : [make("span", { className: "soft" }, device.id)]), make("div", { className: "actions" },
      ...admin ? [make("a", { className: "button", "data-control": "configure", href: `/configuration.html?device=${encodeURIComponent(device.id)}`, "aria-label": `Configure ${device.name}` }, "Configure")] : [],
      make("button", { type: "button", className: "quiet", "aria-label": `Details of ${device.name}`, "data-control": "details", onclick: () => void showDetail(devices.find(({ id }) => id === device.id)) }, "Details"))),
    make("dl", { className: "facts" },
      ...fact("Last contact", device.lastContact === null ? "never" : make("time", { dateTime: device.lastContact, title: device.lastContact }, ago(device.lastContactAgoS))),
      ...fact("Firmware", device.firmwareVersion), ...fact("Board", device.board), ...fact("Ring", fillMeter(device)),
      ...fact("Configuration", configurationText(device)), ...fact("People", peopleText(device)),
      ...fact("Rows waiting", device.pending === null ? null : groupDigits(String(device.pending))), ...fact("Set aside", device.setAside ? String(device.setAside) : null),
      ...fact("Clock", clockText(device)), ...fact("Undated moments", device.undated > 0 ? String(device.undated) : null),
      ...fact("Number of this start", device.boot === null ? null : String(device.boot)), ...fact("Last unknown card", unknownCard(device))),
    make("div", {}, ...badges.flatMap((badge) => [badge, " "])),
    ...refused === undefined ? [] : [make("p", { className: "hint look" }, `${refused.what}. `, make("strong", {}, refused.remedy))]);
}

/** Puts the new cards in the place of those that differ, so that a control in use stays the one in use. */
function showCards() {
  const focused = document.activeElement?.dataset.control;
  const owner = document.activeElement?.closest(".device")?.dataset.device;
  const old = new Map([...byId("fleet").children].map((element) => [element.dataset.device, element]));
  const cards = devices.map((device) => {
    const [before, now] = [old.get(device.id), card(device)];
    return before?.isEqualNode(now) ? before : now;
  });
  // Whatever is moved loses the focus, so what stays is not touched.
  for (const element of [...byId("fleet").children]) if (!cards.includes(element)) element.remove();
  cards.forEach((element, index) => { if (byId("fleet").children[index] !== element) byId("fleet").insertBefore(element, byId("fleet").children[index] ?? null); });
  const place = cards.find((element) => element.dataset.device === owner);
  if (focused === undefined || place === undefined || place.contains(document.activeElement)) return;
  (place.querySelector(`[data-control="${focused}"]`) ?? place.querySelector("[data-control=details]")).focus({ preventScroll: true });
}

async function show() {
  const [fleet, strangers] = await Promise.all([ask("/devices"), ask("/strangers")]);
  devices = fleet;
  showCards();
  byId("empty").hidden = devices.length > 0;
  byId("stranger").textContent = strangerText(strangers);
  byId("countAll").textContent = groupDigits(String(devices.length));
  byId("countHeard").textContent = groupDigits(String(devices.filter(({ lastContactAgoS }) => lastContactAgoS !== null && lastContactAgoS < DAY_S).length));
  byId("countPending").textContent = groupDigits(String(devices.reduce((sum, { pending }) => sum + (pending ?? 0), 0)));
  byId("countTrouble").textContent = groupDigits(String(devices.filter((device) => troubles(device).length > 0).length));
}

function showKey({ keyId, keyHex }) {
  byId("keyId").textContent = keyId;
  byId("keyHex").textContent = keyHex;
  byId("keyDialog").showModal();
}

byId("keyDialog").addEventListener("close", () => { byId("keyHex").textContent = ""; });
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
