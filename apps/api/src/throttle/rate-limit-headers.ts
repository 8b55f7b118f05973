import { WINDOW_SECONDS } from './counts/failure-limits.js';

/** A limit and what is left of it. */
export interface RateLimit {
  policy: string;
  limit: number;
  remaining: number;
  /** Seconds until more requests are allowed. */
  resetSeconds: number;
  /** Window of the limit in seconds; that of failed log-ins by default. */
  windowSeconds?: number;
}

/** Returns the headers for these limits (draft-ietf-httpapi-ratelimit-headers-10). */
export function rateLimitHeaders(limits: readonly RateLimit[]): Record<string, string> {
  return {
    'ratelimit-policy': limits
      .map(({ policy, limit, windowSeconds = WINDOW_SECONDS }) => `"${policy}";q=${limit};w=${windowSeconds}`)
      .join(', '),
    ratelimit: limits
      .map(({ policy, remaining, resetSeconds }) => `"${policy}";r=${remaining};t=${resetSeconds}`)
      .join(', '),
  };
}
