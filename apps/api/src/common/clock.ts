import { Injectable } from '@nestjs/common';

/** Instant in milliseconds since 1970-01-01 UTC. */
export type EpochMilliseconds = number;

/** Milliseconds in a day. */
export const DAY_MILLISECONDS = 86_400_000;

/** Clock that tests can replace. */
@Injectable()
export class Clock {
  now(): EpochMilliseconds {
    return Date.now();
  }
}

/** Formats an instant as RFC 3339 in UTC. */
export function toRfc3339(instant: EpochMilliseconds): string {
  return new Date(instant).toISOString();
}

/** Returns the date of a day that {@link dayOf} returned. */
export function dateOf(day: number): string {
  return toRfc3339(day * DAY_MILLISECONDS).slice(0, 10);
}

/** Returns the day of an instant in UTC, counted from 1970. */
export function dayOf(instant: EpochMilliseconds): number {
  return Math.floor(instant / DAY_MILLISECONDS);
}
