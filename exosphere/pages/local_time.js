/*
 * Wall-clock times of a time zone, and the hour that comes twice.
 *
 * Input: moments in UTC, an IANA zone. Output: date and time of day there. Invariant: two moments an hour apart never
 * read the same: where clocks are put back, the offset is part of the time. Runs in pages and in the server.
 */

const HOUR_MS = 3_600_000;
/** Longest step of a clock that any zone takes, with room. */
const STEP_MS = 4 * HOUR_MS;

/** @typedef {{ day: string, time: string, offset: string }} LocalTime "2026-10-25", "02:50:00", "" or the offset such as "+02:00" */

/**
 * Reads moments in `timeZone`; keeps what it finds out about a day.
 * @param {string} timeZone
 * @returns {(iso: string) => LocalTime}
 */
export function localClock(timeZone) {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  /** @param {number} at */
  const read = (at) => {
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const [day, time] = [`${part.year}-${part.month}-${part.day}`, `${part.hour}:${part.minute}:${part.second}`];
    return { day, time, offsetMs: Date.parse(`${day}T${time}Z`) - Math.floor(at / 1000) * 1000 };
  };
  /** Whether clocks step within reach of a UTC day, by day. @type {Map<number, boolean>} */
  const steps = new Map();
  /** @param {number} at */
  const isNearStep = (at) => {
    const day = Math.floor(at / (24 * HOUR_MS));
    let known = steps.get(day);
    if (known === undefined) {
      known = read(day * 24 * HOUR_MS - STEP_MS).offsetMs !== read((day + 1) * 24 * HOUR_MS + STEP_MS).offsetMs;
      steps.set(day, known);
    }
    return known;
  };
  return (iso) => {
    const at = Date.parse(iso);
    const { day, time, offsetMs } = read(at);
    if (!isNearStep(at)) return { day, time, offset: "" };
    // The other moment that reads the same, by the offset before or after.
    const isDoubled = [read(at - STEP_MS).offsetMs, read(at + STEP_MS).offsetMs].some((other) => other !== offsetMs && read(at + offsetMs - other).offsetMs === other);
    return { day, time, offset: isDoubled ? offsetText(offsetMs) : "" };
  };
}

/** @param {number} offsetMs */
function offsetText(offsetMs) {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  return `${offsetMs < 0 ? "-" : "+"}${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}
