import { HEADER } from '@latchkey/auth-models';
import { type FastifyReply } from 'fastify';
import { toRfc3339, type EpochMilliseconds } from '../../common/clock.js';

/** Tells in the answer when the presented token ends, if it does. */
export function tellEnd(reply: FastifyReply, end: EpochMilliseconds | null | undefined): void {
  if (end !== null && end !== undefined) {
    reply.header(HEADER.xAuthTokenExpires, toRfc3339(end));
  }
}
