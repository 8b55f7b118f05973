import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { FIELDS } from '../common/request/header-fields.js';
import { WINDOW_SECONDS } from './counts/failure-limits.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Returns the limits that apply to the request, for the headers of its response. */
    rateLimits?: () => RateLimit[];
  }
}

/** A limit and what is left of it. */
export interface RateLimit {
  policy: string;
  limit: number;
  remaining: number;
  /** Seconds until more requests are allowed. */
  resetSeconds: number;
  /** Window of the limit in seconds; that of failed logins by default. */
  windowSeconds?: number;
}

/** Adds a hook that sends the limits of a request with its response. Requests that only read have none. */
export function sendRateLimits(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    if (route.method !== 'GET' && route.method !== 'HEAD') {
      route.onSend = [route.onSend ?? [], sendLimits].flat();
    }
  });
}

function sendLimits(request: FastifyRequest, reply: FastifyReply, _payload: unknown, done: () => void): void {
  const limits = request.rateLimits?.();
  if (limits) {
    reply.headers(rateLimitHeaders(limits));
  }
  done();
}

/** Returns the headers for these limits (draft-ietf-httpapi-ratelimit-headers-10). */
export function rateLimitHeaders(limits: readonly RateLimit[]): Record<string, string> {
  return {
    [FIELDS.rateLimitPolicy]: limits
      .map(({ policy, limit, windowSeconds = WINDOW_SECONDS }) => `"${policy}";q=${limit};w=${windowSeconds}`)
      .join(', '),
    [FIELDS.rateLimit]: limits
      .map(({ policy, remaining, resetSeconds }) => `"${policy}";r=${remaining};t=${resetSeconds}`)
      .join(', '),
  };
}
