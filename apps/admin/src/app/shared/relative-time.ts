import type { Texts } from '../core/texts/texts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Units from the largest. */
const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365.25 * DAY],
  ['month', 30.44 * DAY],
  ['week', 7 * DAY],
  ['day', DAY],
  ['hour', HOUR],
  ['minute', MINUTE],
];

/** A format takes longer to be made than to be used a hundred times. */
const formats = new Map<string, Intl.RelativeTimeFormat>();

/** An instant as people speak of it: `3 days ago`, `in 2 weeks`. */
export function relativeTime(instant: number, now: number, locale: string, { common }: Texts): string {
  const seconds = (instant - now) / 1000;
  const distance = Math.abs(seconds);
  if (distance < 45) {
    return common.justNow;
  }
  const [unit, length] = UNITS.find(([, size]) => distance >= size) ?? ['minute', MINUTE];
  return formatOf(locale).format(Math.round(seconds / length), unit);
}

function formatOf(locale: string): Intl.RelativeTimeFormat {
  const format = formats.get(locale) ?? new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
  formats.set(locale, format);
  return format;
}
