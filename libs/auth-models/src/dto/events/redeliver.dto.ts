import { IsInt } from 'class-validator';
import { IsDateTime } from '../../validation/date-time.js';

/** Request to send events to a target again. */
export class RedeliverDto {
  /** Time of the oldest event, RFC 3339 with a time zone. */
  @IsDateTime()
  since: string;
}

/** Result of a request to send events again. */
export class RedeliveredDto {
  /** Number of events that the target receives again. */
  @IsInt()
  count: number;
}
