import { IsInt, Max, Min } from 'class-validator';
import { RATE_LIMIT_MAX, RATE_WINDOW_MAX_SECONDS } from '../../limits.js';
import { WHOLE_NUMBER } from '../../validation/messages.js';

/** Maximum number of uses of a token in each window of time. */
export class RateLimitDto {
  /** Number of uses. */
  @IsInt(WHOLE_NUMBER)
  @Min(1)
  @Max(RATE_LIMIT_MAX)
  limit: number;

  /** Length of the windows in seconds. They follow one another without gaps. */
  @IsInt(WHOLE_NUMBER)
  @Min(1)
  @Max(RATE_WINDOW_MAX_SECONDS)
  windowSeconds: number;
}
