/*
 * Time zones as far as a tariff can say them: standard time, and the daylight saving of the European Union or none.
 *
 * Input: IANA names, a year. Output: utcOffsetMin and daylightSaving, or that the settings cannot say them; a
 * warning. Invariant: a zone is called sayable only when its offsets are those of the rule before and behind each change of the year.
 */

/** Minutes ahead of UTC in `zone` at a moment. */
function offsetMin(zone, epochMs) {
  const name = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(epochMs).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours, minutes] = /^GMT(?:([+-])(\d\d):(\d\d))?/.exec(name) ?? [];
  return sign === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** 01:00 UTC of the last Sunday of a month, which counts from 0. */
function lastSunday(year, month) {
  const last = new Date(Date.UTC(year, month + 1, 0, 1));
  return last.getTime() - last.getUTCDay() * 86_400_000;
}

/** A tariff's time settings for `zone` in `year`; undefined where none describe it. */
export function tariffTime(zone, year) {
  const hourMs = 3_600_000;
  const [spring, autumn] = [lastSunday(year, 2), lastSunday(year, 9)];
  const months = Array.from({ length: 12 }, (_none, month) => Date.UTC(year, month, 15));
  const moments = [...months, spring - hourMs, spring, autumn - hourMs, autumn];
  const standard = offsetMin(zone, months[0]);
  for (const { daylightSaving, summerMin } of [{ daylightSaving: "none", summerMin: 0 }, { daylightSaving: "eu", summerMin: 60 }]) {
    if (moments.every((moment) => offsetMin(zone, moment) === standard + (moment >= spring && moment < autumn ? summerMin : 0))) return { utcOffsetMin: standard, daylightSaving };
  }
  return undefined;
}

/** The zone that people here live by: that of the table, unless it says UTC; else the browser's. */
export function zoneOf(table) {
  return table === undefined || table.timeZone === "UTC" ? Intl.DateTimeFormat().resolvedOptions().timeZone : table.timeZone;
}

/** The settings of a new tariff for `zone`, without those that are the defaults anyway. */
export function suggestedTime(zone) {
  const time = tariffTime(zone, new Date().getFullYear());
  if (time === undefined) return {};
  return { ...time.utcOffsetMin === 0 ? {} : { utcOffsetMin: time.utcOffsetMin }, ...time.daylightSaving === "none" ? {} : { daylightSaving: time.daylightSaving } };
}

/** A tariff with times of day in UTC, while people here live by another time. */
export function zoneWarnings(document, zone) {
  const { prices, utcOffsetMin = 0, daylightSaving = "none" } = document.tariff ?? {};
  if (!Array.isArray(prices) || prices.length < 2 || utcOffsetMin !== 0 || daylightSaving !== "none") return [];
  const time = tariffTime(zone, new Date().getFullYear());
  if (time !== undefined && time.utcOffsetMin === 0 && time.daylightSaving === "none") return [];
  const remedy = time === undefined ? `write the standard time that the tariff means; the daylight saving of ${zone} cannot be said, so its prices change an hour off while it lasts`
    : `write ${time.utcOffsetMin} minutes and daylight saving ${time.daylightSaving} for ${zone}, or leave it if UTC is meant`;
  return [{ path: "tariff.utcOffsetMin", what: "the times of day of this tariff are UTC", remedy }];
}
