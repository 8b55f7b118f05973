import { Injectable, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { principalOf, setPrincipal } from '../../common/principal.js';
import { requestOrigin } from '../../common/request-origin.js';
import { tellStanding } from '../../representation/tell-end.js';
import { parseTokenCredentials } from '../credentials/token-credentials.js';
import { TOKEN } from '../strategies/token.strategy.js';
import { TokenAuthentication } from '../token-authentication.js';

/**
 * Asks for a token, and tells how it stands. What every route is guarded by that does not say otherwise. Passport, which
 * costs more than the rest, is asked about tokens alone of which nothing is remembered.
 */
@Injectable()
export class TokenAuthGuard extends AuthGuard(TOKEN) {
  constructor(private readonly authentication: TokenAuthentication) {
    super();
  }

  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    if (principalOf(request)?.scheme === 'token') {
      return true;
    }
    const reply = http.getResponse<FastifyReply>();
    return this.recall(request, reply) || this.ask(context, request, reply);
  }

  private recall(request: FastifyRequest, reply: FastifyReply): boolean {
    const credentials = parseTokenCredentials(request.headers);
    const principal = credentials && this.authentication.recall(credentials, requestOrigin(request));
    if (!principal) {
      return false;
    }
    setPrincipal(request, principal);
    tellStanding(reply, principal.token);
    return true;
  }

  private async ask(
    context: ExecutionContext,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<boolean> {
    await super.canActivate(context);
    tellStanding(reply, principalOf(request)?.token);
    return true;
  }
}
