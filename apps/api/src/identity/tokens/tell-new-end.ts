import { type UserTokenDto } from '@latchkey/auth-models';
import { type FastifyReply } from 'fastify';
import { type Principal } from '../../common/request/principal.js';
import { tellEnd } from '../../http/negotiation/tell-end.js';

/** Tells the new end of a token that was changed, if it is the one that the request presented. */
export function tellNewEnd(
  reply: FastifyReply,
  { id, expirationTime, idleExpirationTime }: UserTokenDto,
  actor: Principal,
): void {
  if (actor.token?.id === id) {
    const ends = [expirationTime, idleExpirationTime].filter((end) => end !== undefined).map(Date.parse);
    tellEnd(reply, ends.length === 0 ? null : Math.min(...ends));
  }
}
