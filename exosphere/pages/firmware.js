/*
 * The firmware page: releases, who runs which, and roll-outs group by group.
 *
 * Input: the API's releases, keys, programs and roll-outs. Output: the same to look at; a release, a key or a roll-out
 * given to the API, which checks everything. Invariant: states and reasons are the board's own words, each with what it
 * means beside it.
 */
import { ask, begin, byId, make, ProblemError, refill } from "./api.js";
import { attempt } from "./attempt.js";
import { interpreterName, meaningOf } from "./firmware_words.js";
import { pageLocale } from "./page_locale.js";

const REFRESH_MS = 10_000;
/** Words of a roll-out's state, and their badge. */
const STATES = { running: ["running", ""], paused: ["paused", "warn"], stopped: ["stopped: too many boards failed", "bad"], aborted: ["aborted", "warn"], finished: ["finished", ""] };

let admin = false;
let shown = 0;

const cell = (label, ...children) => make("td", { "data-label": label }, children.length === 1 ? children[0] : make("span", {}, ...children));
const badge = (text, kind) => make("span", { className: `badge ${kind}` }, text);
const day = (moment) => new Date(moment).toLocaleString(pageLocale, { dateStyle: "medium", timeStyle: "short" });

async function change(id, state, question) {
  if (question !== "" && !confirm(question)) return;
  await attempt(byId("rolloutsError"), async () => {
    await ask(`/rollouts/${id}`, { method: "PUT", body: { state } });
    await load();
  });
}

function rolloutRow(rollout) {
  const [words, kind] = STATES[rollout.state];
  const button = (text, key, onclick) => make("button", { type: "button", className: "quiet", "aria-label": `${text} ${rollout.name}`, "data-key": `${key}${rollout.id}`, onclick: () => void onclick() }, text);
  const buttons = [button("Devices", "look", () => show(rollout.id))];
  if (admin && rollout.state === "running") buttons.push(" ", button("Pause", "pause", () => change(rollout.id, "paused", "")));
  if (admin && rollout.state === "paused") buttons.push(" ", button("Resume", "resume", () => change(rollout.id, "running", "")));
  if (admin && ["running", "paused"].includes(rollout.state)) buttons.push(" ", button("Abort", "abort", () => change(rollout.id, "aborted", `Abort ${rollout.name}? Boards that have not fetched it keep what they run; a version on trial goes on.`)));
  const groups = rollout.groups.map(({ number, devices, confirmed, failed }) => `${number > rollout.currentGroup ? "waits: " : ""}${confirmed} + ${failed} of ${devices}`).join("; ");
  return make("tr", {}, cell("Name", rollout.name), cell("Release", `${rollout.release} (${rollout.version})`), cell("State", badge(words, kind)), cell("Groups: confirmed and failed of all", groups), cell("Look and change", ...buttons, ""));
}

async function show(id) {
  shown = id;
  const rollout = await ask(`/rollouts/${id}`);
  byId("detail").hidden = false;
  byId("detailTitle").textContent = `${rollout.name}: release ${rollout.release}`;
  byId("detailDevices").tBodies[0].replaceChildren(...rollout.devices.map(({ device, group, state, reason, piecesDone, pieces, changedAt }) => make("tr", {},
    cell("Group", String(group)), cell("Device", device), cell("State", meaningOf(state, reason, piecesDone, pieces)), cell("Since", day(changedAt)))));
}

function programRow({ device, name, board, version, release, interpreter, update, outsideRange }) {
  const [, state, reason = ""] = (update ?? "").split(" ");
  return make("tr", {}, cell("Device", name === device ? device : `${name} (${device})`), cell("Board", board ?? ""), cell("Version", version ?? ""), cell("Release", release === null ? "" : release === 0 ? "none: built by hand" : String(release)),
    cell("Interpreter", interpreterName(interpreter), ...outsideRange ? [" ", badge("not tested with the newest release", "warn")] : [""]), cell("Latest update", state === undefined ? "" : meaningOf(state, reason, 0, 0)));
}

function keyItem({ name, publicKey }) {
  const remove = make("button", { type: "button", className: "quiet", "aria-label": `Forget ${name}`, onclick: () => void attempt(byId("keysError"), async () => {
    if (!confirm(`Forget ${name}? Releases that it signed can be uploaded no longer; boards keep their own keys.`)) return;
    await ask(`/release-keys/${publicKey.slice(16, 48)}`, { method: "DELETE" });
    await load();
  }) }, "Forget");
  return make("li", {}, `${name}, identifier ${publicKey.slice(16, 48)}`, ...admin ? [" ", remove] : []);
}

async function load() {
  const [rollouts, programs, releases, keys] = await Promise.all(["/rollouts", "/programs", "/releases", "/release-keys"].map((path) => ask(path)));
  refill(byId("rollouts").tBodies[0], ...rollouts.map(rolloutRow));
  byId("programs").tBodies[0].replaceChildren(...programs.map(programRow));
  byId("releases").tBodies[0].replaceChildren(...releases.map(({ number, version, images, devices, uploadedAt, uploadedBy }) => make("tr", {},
    cell("Number", String(number)), cell("Version", version), cell("Boards", images.map(({ board }) => board).join(", ")), cell("Devices that run it", String(devices)), cell("Uploaded", `${day(uploadedAt)} by ${uploadedBy}`))));
  const chosen = byId("rolloutRelease").value;
  byId("rolloutRelease").replaceChildren(...releases.map(({ number, version }) => make("option", { value: String(number) }, `${number} (${version})`)));
  if (releases.some(({ number }) => String(number) === chosen)) byId("rolloutRelease").value = chosen;
  refill(byId("keys"), ...keys.map(keyItem));
  for (const [id, list] of [["noRollout", rollouts], ["noProgram", programs], ["noRelease", releases]]) byId(id).hidden = list.length > 0;
  if (shown !== 0) await show(shown);
}

/** A file goes as it is; every other body of this page is JSON. */
async function send(file) {
  const answer = await fetch("/api/v1/releases", { method: "POST", headers: { "content-type": "application/octet-stream" }, body: file });
  const document = await answer.json();
  if (!answer.ok) throw new ProblemError(answer.status, document.detail);
  return document;
}

byId("upload").addEventListener("click", () => void attempt(byId("releasesError"), async () => {
  byId("releasesDone").textContent = "";
  const [file] = byId("file").files;
  if (file === undefined) throw new ProblemError(0, "Choose a file first: sdc release sign writes it.");
  const { number, boards } = await send(file);
  await load();
  byId("releasesDone").textContent = `Release ${number} is here, for ${boards.join(", ")}.`;
}));

byId("addKey").addEventListener("submit", (event) => {
  event.preventDefault();
  void attempt(byId("keysError"), async () => {
    await ask("/release-keys", { method: "POST", body: { name: byId("keyName").value.trim(), publicKey: byId("publicKey").value.trim() } });
    byId("addKey").reset();
    await load();
  });
});

/** The groups that the form says: named devices first, then shares of the rest. */
function groupsOfForm() {
  const limits = { successPercent: Number(byId("successPercent").value), errorPercent: Number(byId("errorPercent").value) };
  const words = (id) => byId(id).value.split(",").map((word) => word.trim()).filter((word) => word !== "");
  const devices = words("firstDevices");
  return [...devices.length === 0 ? [] : [{ devices, ...limits }], ...words("percents").map((percent) => ({ percent: Number(percent), ...limits }))];
}

byId("begin").addEventListener("submit", (event) => {
  event.preventDefault();
  byId("beginDone").textContent = "";
  void attempt(byId("beginError"), async () => {
    const [from, to] = [byId("windowFrom").value, byId("windowTo").value];
    if ((from === "") !== (to === "")) throw new ProblemError(0, "Give both hours, or none.");
    const window = from === "" ? {} : { window: { from, to, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone } };
    const name = byId("rolloutName").value.trim();
    await ask("/rollouts", { method: "POST", body: { name, release: Number(byId("rolloutRelease").value), groups: groupsOfForm(), ...window } });
    await load();
    byId("beginDone").textContent = `${name} has begun.`;
  });
});

admin = (await begin()).role === "admin";
await attempt(byId("rolloutsError"), load);
setInterval(() => { if (document.visibilityState === "visible") void attempt(byId("rolloutsError"), load); }, REFRESH_MS);
