import type { Texts } from '../../core/texts/texts';

/** The formats of an exact instant. */
const STYLES = {
  day: { dateStyle: 'full' },
  time: { timeStyle: 'short' },
  /** Without the year, for instants a few days away. */
  brief: { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' },
  /** For a table cell. */
  short: { dateStyle: 'medium', timeStyle: 'short' },
  /** For a sentence. */
  long: { dateStyle: 'full', timeStyle: 'short' },
  /** To the second, with the time zone. */
  full: { dateStyle: 'full', timeStyle: 'long' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

// Creating a format takes longer than formatting a list of a hundred rows with it.
const exactFormats = new Map<string, Intl.DateTimeFormat>();
const relativeFormats = new Map<string, Intl.RelativeTimeFormat>();

/** Formats an instant as date and time of day. */
export function exactTime(instant: string, locale: string, style: keyof typeof STYLES = 'short'): string {
  return cached(
    exactFormats,
    `${style} ${locale}`,
    () => new Intl.DateTimeFormat(locale, STYLES[style]),
  ).format(new Date(instant));
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Units with their length and the shortest distance that uses them. Weeks start at two, so that 11 days are
 * not `2 weeks`.
 */
const UNITS: readonly [Intl.RelativeTimeFormatUnit, number, number][] = [
  ['year', 365.25 * DAY, 365.25 * DAY],
  ['month', 30.44 * DAY, 30.44 * DAY],
  ['week', 7 * DAY, 14 * DAY],
  ['day', DAY, DAY],
  ['hour', HOUR, HOUR],
  ['minute', MINUTE, MINUTE],
];

/** Formats an instant relative to now: `3 days ago`, `in 2 weeks`. */
export function relativeTime(instant: number, now: number, locale: string, { common }: Texts): string {
  const seconds = (instant - now) / 1000;
  const distance = Math.abs(seconds);
  if (distance < 45) {
    return common.justNow;
  }
  const [unit, length] = UNITS.find(([, , from]) => distance >= from) ?? ['minute', MINUTE];
  return cached(
    relativeFormats,
    locale,
    () => new Intl.RelativeTimeFormat(locale, { numeric: 'always' }),
  ).format(Math.round(seconds / length), unit);
}

/** Formats an instant as the value of a `datetime-local` field: in local time, to the minute. */
export function localTime(instant: string): string {
  const time = new Date(instant);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Formats a date such as `2026-11-24` without shifting it to the local time zone. */
export function formatDay(date: string, locale: string, style: 'full' | 'short' = 'full'): string {
  const options: Intl.DateTimeFormatOptions =
    style === 'full' ? { dateStyle: 'medium' } : { day: 'numeric', month: 'short' };
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(new Date(date));
}

function cached<T>(formats: Map<string, T>, key: string, create: () => T): T {
  const format = formats.get(key) ?? create();
  formats.set(key, format);
  return format;
}
