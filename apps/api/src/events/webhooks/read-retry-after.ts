const RETRY_AFTER_MAX_SECONDS = 86_400;

/** Parses `Retry-After`: seconds or an HTTP date (RFC 9110, section 10.2.3). At most a day. */
export function readRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) {
    return undefined;
  }
  const seconds = /^\d{1,10}$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - now) / 1_000);
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 0), RETRY_AFTER_MAX_SECONDS);
}
