import { Injectable, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { principalOf } from '../../common/principal.js';
import { TOKEN } from '../strategies/token.strategy.js';
import { tellEnd } from './tell-end.js';

/** Asks for a token, and tells when it ends. What every route is guarded by that does not say otherwise. */
@Injectable()
export class TokenAuthGuard extends AuthGuard(TOKEN) {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    if (principalOf(request)?.scheme === 'token') {
      return true;
    }
    await super.canActivate(context);
    tellEnd(http.getResponse<FastifyReply>(), principalOf(request)?.token?.endTime);
    return true;
  }
}
