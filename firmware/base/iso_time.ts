/*
 * UTC seconds since 1970 as a calendar date and as ISO 8601 text.
 *
 * Input: whole seconds 0 … 2^31 - 1 (1970-01-01 to 2038-01-19). Output: a record that the caller owns, or
 * text. Invariant: proleptic Gregorian calendar, floored quotients of small numbers only, so all platforms
 * agree; no time zone anywhere.
 */

/** A moment in the calendar, UTC. The same record is filled again and again. */
export interface CivilTime {
  year: number;
  /** 1 … 12, 1 … 31. */
  month: number;
  day: number;
  /** 0 Sunday … 6 Saturday. */
  weekday: number;
  hour: number;
  minute: number;
  second: number;
}

/** Fills `civil`. Counts years from March on, so that the leap day is the last of its year. */
export function civilOf(epochS: number, civil: CivilTime): void {
  const days = Math.floor(epochS / 86400);
  const inDay = epochS % 86400;
  // 719,468 days lie between 0000-03-01 and 1970-01-01; 146,097 days are 400 years.
  const shifted = days + 719468;
  const era = Math.floor(shifted / 146097);
  const dayOfEra = shifted % 146097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  civil.day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  civil.month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  civil.year = era * 400 + yearOfEra + (civil.month <= 2 ? 1 : 0);
  civil.weekday = (days + 4) % 7;
  civil.hour = Math.floor(inDay / 3600);
  civil.minute = Math.floor((inDay % 3600) / 60);
  civil.second = inDay % 60;
}

/** ISO 8601, such as "2026-11-23T00:31:09Z". */
export function isoTime(epochS: number): string {
  const civil: CivilTime = { year: 0, month: 0, day: 0, weekday: 0, hour: 0, minute: 0, second: 0 };
  civilOf(epochS, civil);
  // Adding 100 and dropping the first digit pads to two digits without a function.
  return "" + civil.year + "-" + ("" + (100 + civil.month)).substring(1) + "-" + ("" + (100 + civil.day)).substring(1) + "T" +
    ("" + (100 + civil.hour)).substring(1) + ":" + ("" + (100 + civil.minute)).substring(1) + ":" + ("" + (100 + civil.second)).substring(1) + "Z";
}
