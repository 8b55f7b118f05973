import { Injectable, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { HEADER } from '@latchkey/auth-models';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { toRfc3339 } from '../../common/clock.js';
import { principalOf } from '../../common/principal.js';
import { TOKEN } from '../strategies/token.strategy.js';

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
    const end = principalOf(request)?.token?.endTime;
    if (end !== undefined && end !== null) {
      http.getResponse<FastifyReply>().header(HEADER.xAuthTokenExpires, toRfc3339(end));
    }
    return true;
  }
}
