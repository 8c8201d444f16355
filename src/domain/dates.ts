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
