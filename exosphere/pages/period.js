/*
 * Periods that people mean: this and last month, quarter and year, from one day to another.
 *
 * Input: today's day in the zone of the table. Output: first and last day. Invariant: days only, as texts; no zone and
 * no time of day enters.
 */

export const PRESETS = ["thisMonth", "lastMonth", "thisQuarter", "lastQuarter", "thisYear", "lastYear"];

/** @typedef {{ from: string, to: string }} Period first and last day */

/** The first day of a month, counted from January of `year`; any whole number of months. @param {number} year @param {number} month */
function firstDay(year, month) {
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
}

/** @param {number} year @param {number} month @param {number} months */
function span(year, month, months) {
  return { from: firstDay(year, month), to: new Date(Date.UTC(year, month + months, 0)).toISOString().slice(0, 10) };
}

/**
 * @param {string} preset one of PRESETS
 * @param {string} today such as "2026-11-30"
 * @returns {Period}
 */
export function presetPeriod(preset, today) {
  const [year = 0, month = 1] = today.split("-").map(Number);
  const quarter = Math.floor((month - 1) / 3) * 3;
  switch (preset) {
    case "thisMonth": return span(year, month - 1, 1);
    case "lastMonth": return span(year, month - 2, 1);
    case "thisQuarter": return span(year, quarter, 3);
    case "lastQuarter": return span(year, quarter - 3, 3);
    case "thisYear": return span(year, 0, 12);
    default: return span(year - 1, 0, 12);
  }
}

/** The preset that a period is; "days" when it is none. @param {Period} period @param {string} today */
export function presetOf({ from, to }, today) {
  return PRESETS.find((preset) => { const one = presetPeriod(preset, today); return one.from === from && one.to === to; }) ?? "days";
}

/** @param {string} text */
export function isDay(text) {
  return /^[12]\d{3}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && new Date(`${text}T00:00:00Z`).toISOString().slice(0, 10) === text;
}
