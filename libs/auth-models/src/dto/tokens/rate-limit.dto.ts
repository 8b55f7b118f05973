import { IsInt, Max, Min } from 'class-validator';
import { RATE_LIMIT_MAX, RATE_WINDOW_MAX_SECONDS } from '../../limits.js';
import { WHOLE_NUMBER } from '../../validation/messages.js';

/** Maximum number of uses of a token in each time window. */
export class RateLimitDto {
  /** Maximum number of uses in a window. */
  @IsInt(WHOLE_NUMBER)
  @Min(1)
  @Max(RATE_LIMIT_MAX)
  limit: number;

  /** Length of a window in seconds. Each window starts when the previous one ends. */
  @IsInt(WHOLE_NUMBER)
  @Min(1)
  @Max(RATE_WINDOW_MAX_SECONDS)
  windowSeconds: number;
}
