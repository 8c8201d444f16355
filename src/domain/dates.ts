// Times for people: absolute and in UTC, so that a text stays true and unchanged until its facts change.

const minuteFormat = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

const dayFormat = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

const timeFormat = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', hour: '2-digit', minute: '2-digit' });

/** `23 Nov 2026, 09:02 UTC`; `unknown` for null. Milliseconds since 1970. */
export function utcMinute(at: number | null): string {
  return at === null ? 'unknown' : `${minuteFormat.format(at)} UTC`;
}

/** `23 Nov 2026`; `unknown` for null. */
export function utcDay(at: number | null): string {
  return at === null ? 'unknown' : dayFormat.format(at);
}

/** `09:02 UTC`, for texts that say elsewhere which day it is. */
export function utcTime(at: number): string {
  return `${timeFormat.format(at)} UTC`;
}
/** Milliseconds since 1970 at the beginning of a day of the Gregorian calendar; months and days count from 1. */
export function utcMidnight(year: number, month: number, day: number): number {
  // Counted from March, so that the day a leap year has more stands at the end.
  const marchYear = month > 2 ? year : year - 1;
  const monthsSinceMarch = (month + 9) % 12;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  const days = marchYear * 365 + leapDays + Math.floor((monthsSinceMarch * 153 + 2) / 5) + day - 1;
  return (days - daysTo1970) * 24 * 60 * 60 * 1000;
}

/** From the first of March of the year 0. */
const daysTo1970 = 719_468;
