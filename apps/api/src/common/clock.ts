import { Injectable } from '@nestjs/common';

/** An instant: milliseconds since 1970 in UTC. */
export type EpochMilliseconds = number;

/** The time, as a dependency, so that tests can pass it in. */
@Injectable()
export class Clock {
  now(): EpochMilliseconds {
    return Date.now();
  }
}

/** An instant as the API writes it: RFC 3339 in UTC. */
export function toRfc3339(instant: EpochMilliseconds): string {
  return new Date(instant).toISOString();
}
