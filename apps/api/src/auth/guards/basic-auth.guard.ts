import { Injectable, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { type FastifyReply } from 'fastify';
import { replyOf, requestOf } from '../../common/request/http-context.js';
import { principalOf } from '../../common/request/principal.js';
import { expectBasic } from '../credentials/challenge.js';
import { BASIC } from '../strategies/basic.strategy.js';

/** Asks for a name and a password. `@UseGuards(BasicAuthGuard)` on a route replaces the token there. */
@Injectable()
export class BasicAuthGuard extends AuthGuard(BASIC) {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = requestOf(context);
    // The global guard has asked this one already, so that the permissions could be checked.
    if (principalOf(request)?.scheme === 'basic') {
      return true;
    }
    expectBasic(request);
    return (await super.canActivate(context)) as boolean;
  }

  override getAuthenticateOptions(context: ExecutionContext): { reply: FastifyReply } {
    return { reply: replyOf(context) };
  }
}
