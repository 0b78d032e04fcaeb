/*
 * The details of one device: what was refused, lost and asked for, its keys, and what an administrator may do.
 *
 * Input: a device of the fleet. Output: the dialog. Invariants: every failure is told in the dialog; what takes
 * something away from a board is asked for first.
 */
import { ask, byId, groupDigits, make } from "./api.js";
import { attempt } from "./attempt.js";
import { showKey } from "./key_dialog.js";
import { pageLocale } from "./page_locale.js";

const at = (device, rest) => `/devices/${encodeURIComponent(device.id)}${rest}`;

/** A table of `columns`, each a heading and what it shows of a row; nothing where there are no rows. */
function table(title, rows, columns) {
  if (rows.length === 0) return [];
  return [make("h3", {}, title), make("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": title }, make("table", { className: "stacks" },
    make("thead", {}, make("tr", {}, ...columns.map(([name]) => make("th", { scope: "col" }, make("span", {}, name))))),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, ...columns.map(([name, show]) => make("td", { "data-label": name }, show(row))))))))];
}

/** A moment by this browser's clock and the page's language; the stored one is its title. */
function moment(utc) {
  return utc === null ? "–" : make("time", { dateTime: utc, title: utc }, new Date(utc).toLocaleString(pageLocale, { dateStyle: "medium", timeStyle: "short" }));
}

/** The outcome of a command; the board answers as HTTP does. */
function outcome({ status }) {
  if (status === null) return "waits for the board";
  return status >= 200 && status < 300 ? "done" : `failed (${status})`;
}

const count = (key) => (row) => groupDigits(String(row[key]));
const received = ["Received", ({ receivedAt }) => moment(receivedAt)];
const REFUSED = [["Row number", count("sequence")], ["Reason", ({ reason }) => reason], received];
const LOST = [["Told in row number", count("sequence")], ["Rows lost", count("rows")], received];
const GAPS = [["From row number", count("firstSequence")], ["To row number", count("lastSequence")], ["Rows missing", count("rows")], received];
const COMMANDS = [["Command", ({ text }) => text], ["Given", ({ createdAt }) => moment(createdAt)], ["Outcome", outcome], ["The board's answer", ({ result }) => result || "–"]];
const KEYS = [["Key id", ({ keyId }) => keyId], ["Used by the board", ({ used }) => used ? "yes" : "not yet"], ["Valid", ({ revoked }) => revoked ? "no, revoked" : "yes"]];

/** Does `work`, whose result is what to say of it, and shows the device as it is then. */
async function act(view, work) {
  byId("detailDone").textContent = "";
  await attempt(byId("detailError"), async () => {
    const words = await work();
    await fill({ ...view, device: await view.refresh(view.device.id) });
    byId("detailDone").textContent = words;
    // The control in use was replaced.
    byId("detailClose").focus();
  });
}

/** Name, and whether requests of the device are taken. */
function deviceForm(view) {
  const { device } = view;
  const change = (body, words) => act(view, async () => {
    await ask(at(device, ""), { method: "PUT", body });
    return words;
  });
  const name = make("input", { value: device.name, required: true, maxLength: 64, autocomplete: "off" });
  const toggle = make("button", { type: "button", className: "quiet", onclick: () => {
    if (!device.enabled) void change({ enabled: true }, `${device.name} is enabled.`);
    else if (confirm(`Disable ${device.name}? Its uploads are turned away from then on; the board keeps its rows and sends them once it is enabled again.`)) void change({ enabled: false }, `${device.name} is disabled.`);
  } }, device.enabled ? "Disable the device" : "Enable the device");
  return make("form", { className: "filters", onsubmit: (event) => {
    event.preventDefault();
    const text = name.value.trim();
    void change({ name: text }, `The name is ${text} now.`);
  } }, make("label", {}, "Name", name), make("button", { type: "submit" }, "Save the name"), toggle);
}

function actions(view, refused) {
  const { device } = view;
  const button = (text, onclick) => make("button", { type: "button", onclick }, text);
  const valid = device.keys.filter((key) => !key.revoked);
  const list = make("div", { className: "paging" });
  if (valid.length < 2) {
    list.append(button("Create a second key", () => void attempt(byId("detailError"), async () => {
      const key = await ask(at(device, "/keys"), { method: "POST" });
      byId("detailDialog").close();
      showKey(key);
      await view.refresh(device.id);
    })));
  }
  if (refused > 0) {
    list.append(button("Offer refused rows again", () => void act(view, async () => {
      const { stored, refused: still } = await ask(at(device, "/quarantine"), { method: "POST" });
      return `${stored} rows fit now, ${still} still do not.`;
    })));
  }
  for (const { keyId } of valid) {
    list.append(button(`Revoke ${keyId}`, () => {
      if (!confirm(`Revoke ${keyId}? The device can no longer use it.`)) return;
      void act(view, async () => {
        await ask(at(device, `/keys/${encodeURIComponent(keyId)}`), { method: "DELETE" });
        return `${keyId} is revoked.`;
      });
    }));
  }
  return [make("h3", {}, "Change"), deviceForm(view), list];
}

async function fill(view) {
  const { device, admin } = view;
  const { losses, gaps, quarantine, commands } = await ask(at(device, "/problems"));
  byId("detailTitle").textContent = device.name;
  byId("detail").replaceChildren(
    ...table("Refused rows", quarantine, REFUSED), ...table("Lost because the ring was full", losses, LOST), ...table("Gaps", gaps, GAPS),
    ...table("Commands", commands, COMMANDS), ...table("Keys", device.keys, KEYS), ...admin ? actions(view, quarantine.length) : []);
}

/** Opens the dialog. `refresh` fetches the fleet and gives the device of an id. */
export async function showDetail(device, admin, refresh) {
  byId("detailTitle").textContent = device.name;
  byId("detailDone").textContent = "";
  byId("detail").replaceChildren();
  await attempt(byId("detailError"), () => fill({ device, admin, refresh }));
  byId("detailDialog").showModal();
}
