import { HEADERS } from '@latchkey/auth-models';
import { type FastifyReply } from 'fastify';
import { toRfc3339, type EpochMilliseconds } from '../../common/clock.js';
import { type PresentedToken } from '../../common/request/principal.js';

/** Tells in the answer when the presented token ends, if it does, and whether its secret was rotated away. */
export function tellStanding(reply: FastifyReply, token: PresentedToken | undefined): void {
  setEnd(reply, token?.end ?? null);
  if (token?.isSuperseded) {
    reply.header(HEADERS.xAuthTokenSuperseded, 'true');
  }
}

/** Tells in the answer when the presented token ends; `null` = never. */
export function tellEnd(reply: FastifyReply, end: EpochMilliseconds | null): void {
  setEnd(reply, end === null ? null : toRfc3339(end));
}

function setEnd(reply: FastifyReply, end: string | null): void {
  if (end === null) {
    reply.removeHeader(HEADERS.xAuthTokenExpires);
  } else {
    reply.header(HEADERS.xAuthTokenExpires, end);
  }
}
