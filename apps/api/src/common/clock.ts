import { Injectable } from '@nestjs/common';

/** Instant in milliseconds since 1970-01-01 UTC. */
export type EpochMilliseconds = number;

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
