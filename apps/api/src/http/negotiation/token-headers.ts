import { HEADERS } from '@latchkey/auth-models';
import { type FastifyReply } from 'fastify';
import { toRfc3339, type EpochMilliseconds } from '../../common/clock.js';
import { type PresentedToken } from '../../common/request/principal.js';

/** Sets the headers with the expiry of the presented token, and whether its secret is superseded. */
export function setTokenHeaders(reply: FastifyReply, token: PresentedToken | undefined): void {
  setExpiry(reply, token?.end ?? null);
  if (token?.isSuperseded) {
    reply.header(HEADERS.xAuthTokenSuperseded, 'true');
  }
}

/** Sets the header with the new expiry of the presented token; `null` = no expiry. */
export function setExpiryHeader(reply: FastifyReply, expiry: EpochMilliseconds | null): void {
  setExpiry(reply, expiry === null ? null : toRfc3339(expiry));
}

function setExpiry(reply: FastifyReply, expiry: string | null): void {
  if (expiry === null) {
    reply.removeHeader(HEADERS.xAuthTokenExpires);
  } else {
    reply.header(HEADERS.xAuthTokenExpires, expiry);
  }
}
