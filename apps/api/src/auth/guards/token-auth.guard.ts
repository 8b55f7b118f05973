import { Injectable, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { principalOf } from '../../common/principal.js';
import { tellStanding } from '../../representation/tell-end.js';
import { TOKEN } from '../strategies/token.strategy.js';

/** Asks for a token, and tells how it stands. What every route is guarded by that does not say otherwise. */
@Injectable()
export class TokenAuthGuard extends AuthGuard(TOKEN) {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    if (principalOf(request)?.scheme === 'token') {
      return true;
    }
    await super.canActivate(context);
    tellStanding(http.getResponse<FastifyReply>(), principalOf(request)?.token);
    return true;
  }
}
