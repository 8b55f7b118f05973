import { Injectable, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { replyOf, requestOf } from '../../common/request/http-context.js';
import { principalOf, setPrincipal } from '../../common/request/principal.js';
import { requestOrigin } from '../../common/request/request-origin.js';
import { tellStanding } from '../../http/negotiation/tell-end.js';
import { presentedText } from '../credentials/token-credentials.js';
import { TOKEN } from '../strategies/token.strategy.js';
import { TokenAuthentication } from '../token/token-authentication.js';

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
    const request = requestOf(context);
    if (principalOf(request)?.scheme === 'token') {
      return true;
    }
    const reply = replyOf(context);
    return this.fromCache(request, reply) || this.ask(context, request, reply);
  }

  private fromCache(request: FastifyRequest, reply: FastifyReply): boolean {
    const presented = presentedText(request.headers);
    const principal =
      presented === undefined ? undefined : this.authentication.fromCache(presented, requestOrigin(request));
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
