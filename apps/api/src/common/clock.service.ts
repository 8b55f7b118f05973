import { Injectable } from '@nestjs/common';

/** Instant in milliseconds since 1970-01-01 UTC. */
export type EpochMilliseconds = number;

export const DAY_MILLISECONDS = 86_400_000;

/** Clock that tests can replace. */
@Injectable()
export class Clock {
  now(): EpochMilliseconds {
    return Date.now();
  }
}

/**
 * Maximum number of cached dates. Lists repeat them, and a `Date` takes several times as long as the rest of
 * {@link toRfc3339}.
 */
const DAYS_CACHED_MAX = 4_096;
const datesByDay = new Map<number, string>();

/** Formats an instant as RFC 3339 in UTC. */
export function toRfc3339(instant: EpochMilliseconds): string {
  const day = dayOf(instant);
  const time = Math.trunc(instant) - day * DAY_MILLISECONDS;
  const seconds = Math.floor(time / 1_000);
  const minutes = Math.floor(seconds / 60);
  return `${dateOf(day)}T${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}:${twoDigits(seconds % 60)}.${String(time % 1_000).padStart(3, '0')}Z`;
}

function twoDigits(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}

/** Returns the date of a day that {@link dayOf} returned. */
export function dateOf(day: number): string {
  let date = datesByDay.get(day);
  if (date === undefined) {
    [date = ''] = new Date(day * DAY_MILLISECONDS).toISOString().split('T');
    if (datesByDay.size >= DAYS_CACHED_MAX) {
      datesByDay.clear();
    }
    datesByDay.set(day, date);
  }
  return date;
}

/** Returns the day of an instant in UTC, counted from 1970. */
export function dayOf(instant: EpochMilliseconds): number {
  return Math.floor(instant / DAY_MILLISECONDS);
}
