/*
 * The faults and properties of a device, in words.
 *
 * Input: a device of the API's fleet. Output: texts. Invariants: every trouble has words of its own, never a
 * colour alone; what anybody could have sent is called unverified; a remedy says what to do next.
 */
import { ago, groupDigits } from "./api.js";
import { interpreterName } from "./firmware_words.js";

export const DAY_S = 86_400;
const FAULT_S = 900;
const UNVERIFIED = "(unverified: anybody can send such a request)";

/** The fault of a request that was turned away, and the remedy. The board's clock is never the reason, because no check reads it. */
const TURNED_AWAY = {
  "signature-wrong": ["its signature does not fit the key here", `If it is your board: create a second key in Details and put the key of the new device document on the board. Its clock does not matter.`],
  "body-changed": ["its content is not what was signed", "If it is your board: something between it and this server changes requests, such as a proxy."],
  "key-revoked": ["its key is revoked here", "Put the key of a new device document on the board."],
  "device-disabled": ["the device is disabled here", "Enable it in Details to take its rows again; until then the board keeps them."],
};

/** The request that was turned away since the device was last heard, while its reason lasts, as { what, remedy }; undefined when there is none. */
export function rejectedRequest({ rejectedRequest: last, lastContactAgoS, enabled }) {
  if (last === null || (lastContactAgoS !== null && lastContactAgoS < last.agoS)) return undefined;
  if (last.problem === "device-disabled" && enabled) return undefined;
  const [why, remedy] = TURNED_AWAY[last.problem];
  const unverified = last.problem === "signature-wrong" || last.problem === "body-changed";
  return { what: `Turned away ${ago(last.agoS)}: ${why}${last.problem === "key-revoked" ? `, ${last.keyId}` : ""}${unverified ? ` ${UNVERIFIED}` : ""}`, remedy };
}

/** The newest fault of the database; "" when there was none within the last quarter of an hour, in which every device has tried again. */
export function databaseFaultText([last]) {
  if (last === undefined || last.lastAgoS > FAULT_S) return "";
  return `${ago(last.lastAgoS)}: ${last.what}${last.message === "" ? "" : ` The database says: ${last.message}.`} The boards keep their rows meanwhile.`;
}

/** The text about the last request under a key id that no device has; "" when it is older than a day. */
export function unknownKeyText([last]) {
  if (last === undefined || last.agoS > DAY_S) return "";
  return `A request was turned away ${ago(last.agoS)}: no device has the key id ${last.keyId} ${UNVERIFIED}. If it is your board, put key id and key of a device document of this page on it.`;
}

/** Words for what is wrong with a device, each with whether it is a warning only; empty when nothing is. */
export function troubles(device) {
  const list = [];
  const add = (text, warning = false) => { list.push({ text, warning }); };
  if (!device.enabled) add("disabled");
  if (rejectedRequest(device) !== undefined) add("turned away");
  if (device.lastContact === null) add("never heard", true);
  else if (device.lastContactAgoS > DAY_S) add("silent", true);
  for (const word of (device.faults ?? "").split(" ")) if (word !== "") add(`fault: ${word}`);
  if (Number(device.lostRows) > 0) add(`${device.lostRows} rows lost`);
  if (device.gaps > 0) add(device.gaps === 1 ? "1 gap" : `${device.gaps} gaps`);
  if (device.quarantined > 0) add(`${device.quarantined} refused`);
  if (device.ringFill >= 800) add("ring nearly full");
  if (device.interpreterOutsideRange) add(`interpreter ${interpreterName(device.interpreter)} is not tested with the newest release`, true);
  return list;
}

/** Which configuration a board has, beside the one that is offered; undefined before it said so. */
export function configurationText({ configurationHeld: held, configurationRevision: offered, configurationWithheld: withheld }) {
  if (held === null) return offered === 0 ? undefined : `offered is ${offered}, the board has not said what it has`;
  const has = held === 0 ? "has one of its own" : `has revision ${held}`;
  if (offered === 0) return `${has}, none is offered`;
  if (held === offered) return `${has}, as offered`;
  return `${has}, offered is ${offered}${withheld ? ", which holds secrets that this firmware cannot open: deploy the board again, or send it over USB" : ""}`;
}

/** How far a board's list of people is behind; undefined before it said so. */
export function peopleText({ usersHeld: held, usersVersion: newest }) {
  if (held === null) return undefined;
  // A board that keeps no list says 0 as well as one that has not fetched it yet.
  if (held === 0 && newest > 0) return "no list on the board yet";
  if (held > newest) return "has a list of another server";
  const behind = newest - held;
  return behind === 0 ? "up to date" : behind === 1 ? "1 change behind" : `${groupDigits(String(behind))} changes behind`;
}

/** Says how the endpoint's own clock is wrong, and the remedy; "" when it is not. */
export function ownClockText({ verdict, boards, differing, offsetS }) {
  const remedy = "look at the clock of the server, and let it be set by NTP (timedatectl set-ntp true, or the clock of the container's host)";
  if (verdict === "unsynchronised") return `The clock of this server is not synchronised: boards take their time from it. To mend it, ${remedy}.`;
  if (verdict !== "contradicted") return "";
  const off = groupDigits(String(Math.abs(offsetS)));
  return `The clocks of ${differing} of ${boards} boards contradict the clock of this server: they are ${off} s ${offsetS < 0 ? "behind" : "ahead of"} it. Boards do not take such a time; their rows say contradicted. To mend it, ${remedy}.`;
}

export function clockText(device) {
  if (device.lastContact === null) return "–";
  if (device.clockOffsetS === null) return "not set";
  const offset = Math.abs(device.clockOffsetS);
  return offset <= 2 ? "right" : `${groupDigits(String(offset))} s ${device.clockOffsetS < 0 ? "slow" : "fast"}`;
}
