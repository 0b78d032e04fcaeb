/*
 * Common to all pages: talk to the server, show who is logged in, build elements without markup strings.
 *
 * Input: paths under /api/v1. Output: documents, or Problem errors. Invariant: text of rows becomes text
 * nodes only, so nothing that a card, a device or a user calls itself is ever run as markup.
 */
import { pageLocale } from "./page_locale.js";

export class ProblemError extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** Asks the server; without a session the browser goes to the login page. */
export async function ask(path, options = {}) {
  const { method = "GET", body } = options;
  const answer = await fetch(`/api/v1${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }) });
  if (answer.status === 401 && path !== "/login" && path !== "/me/password") {
    location.assign("/login.html");
    return new Promise(() => undefined);
  }
  const document = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new ProblemError(answer.status, document.detail ?? `The server answered ${answer.status}.`);
  return document;
}

/**
 * The element of the page with this id.
 * @param {string} id
 * @returns {any} its HTML says which kind of element it is
 */
export function byId(id) {
  return document.getElementById(id);
}

/** An element with properties and children; strings become text. */
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith("data-") || key.startsWith("aria-") || key === "scope" || key === "role") element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** Replaces the children of `parent`; the focus stays on the control of the same data-key. */
export function refill(parent, ...children) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const key = parent.contains(focused) ? focused?.dataset.key : undefined;
  parent.replaceChildren(...children);
  if (key !== undefined) [...parent.querySelectorAll("[data-key]")].find((element) => element.dataset.key === key)?.focus({ preventScroll: true });
}

export function query(parameters) {
  const text = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== "" && value !== null && value !== undefined)).toString();
  return text === "" ? "" : `?${text}`;
}

/** Thousands are grouped as the page's language does; the digits stay as they are stored. */
export function groupDigits(text) {
  const [whole, fraction] = text.split(".");
  const decimal = new Intl.NumberFormat(pageLocale).formatToParts(1.5).find((part) => part.type === "decimal")?.value ?? ".";
  return new Intl.NumberFormat(pageLocale).format(BigInt(whole)) + (fraction === undefined ? "" : decimal + fraction);
}

/** Watt-hours as kWh, cut to `digits` decimals. */
export function kiloWattHours(wattHours, digits) {
  const whole = BigInt(wattHours.split(".")[0]);
  const sign = whole < 0n ? "-" : "";
  const padded = (whole < 0n ? -whole : whole).toString().padStart(4, "0");
  const fraction = padded.slice(-3).slice(0, digits);
  return groupDigits(`${sign}${padded.slice(0, -3)}${fraction === "" ? "" : `.${fraction}`}`);
}

export function hours(seconds) {
  const minutes = Math.floor(Number(seconds) / 60);
  const rest = String(minutes % 60).padStart(2, "0");
  return minutes < 60 ? `${minutes} min` : `${new Intl.NumberFormat(pageLocale).format(Math.floor(minutes / 60))} h ${rest} min`;
}

/** `seconds` by the server's clock, not below 0. */
export function ago(seconds) {
  const format = new Intl.RelativeTimeFormat(pageLocale, { numeric: "auto" });
  if (seconds < 60) return "just now";
  if (seconds < 3600) return format.format(-Math.round(seconds / 60), "minute");
  if (seconds < 86400) return format.format(-Math.round(seconds / 3600), "hour");
  return format.format(-Math.round(seconds / 86400), "day");
}

/** Fills the header; returns the account. */
export async function begin() {
  const me = await ask("/me");
  byId("who").textContent = me.role === "admin" ? me.account : `${me.account} (viewer)`;
  byId("logout").hidden = false;
  byId("logout").addEventListener("click", async () => {
    await ask("/logout", { method: "POST" });
    location.assign("/login.html");
  });
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".adminOnly"))) element.hidden = me.role !== "admin";
  return me;
}

/** Runs `work` now and every `periodMs` while the page is visible; says in #live how it goes. */
export function keepLive(periodMs, work) {
  const live = byId("live");
  const step = async () => {
    if (document.visibilityState !== "visible") return;
    try {
      await work();
      live.className = "live on";
      live.textContent = "Live";
    } catch (error) {
      live.className = "live off";
      live.textContent = `Not live: ${error.message}`;
    }
  };
  setInterval(step, periodMs);
  document.addEventListener("visibilitychange", step);
  return step();
}
