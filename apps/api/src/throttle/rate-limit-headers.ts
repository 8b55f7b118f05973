import { WINDOW_SECONDS } from './policies.js';

/** One limit as its caller sees it. */
export interface RateLimit {
  policy: string;
  limit: number;
  remaining: number;
  /** Seconds until more is allowed. */
  resetSeconds: number;
  /** Seconds that the limit is for; those of failed log-ins if absent. */
  windowSeconds?: number;
}

/** The header fields that tell limits (draft-ietf-httpapi-ratelimit-headers-10). */
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
