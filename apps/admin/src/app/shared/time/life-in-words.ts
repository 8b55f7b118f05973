import type { Texts } from '../../core/texts/texts';

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** Returns a lifetime in the largest unit that it has at least two of, or one exactly. */
export function lifeInWords(seconds: number, { offers }: Texts): string {
  if (seconds >= 2 * DAY || seconds === DAY) {
    return offers.days(Math.round(seconds / DAY));
  }
  return seconds >= 2 * HOUR || seconds === HOUR
    ? offers.hours(Math.round(seconds / HOUR))
    : offers.minutes(Math.max(1, Math.round(seconds / MINUTE)));
}
