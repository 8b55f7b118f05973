import { IsInt, IsString, Matches } from 'class-validator';
import { IsDateTime } from '../../validation/date-time.js';
import { IsOptionalNonNull, MutuallyExclusiveWith } from '../../validation/presence.js';

/** Events to redeliver to a target: one event, or all since a time. */
export class RedeliverDto {
  /** Time of the oldest event, RFC 3339 with a time zone. Required unless there is an `event`. */
  @IsOptionalNonNull()
  @IsDateTime()
  since?: string;

  /** Id of the event. */
  @IsOptionalNonNull()
  @MutuallyExclusiveWith('since')
  @IsString()
  @Matches(/^[A-Za-z0-9-]{1,36}$/, { message: 'event must be the id of an event' })
  event?: string;
}

/** Result of a request to redeliver events. */
export class RedeliveredDto {
  /** Number of events that the server redelivers: those that match the filters of the target. */
  @IsInt()
  count: number;
}
