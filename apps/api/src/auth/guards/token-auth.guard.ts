import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { replyOf, requestOf } from '../../common/request/http-context.js';
import { type Principal, principalOf, setPrincipal } from '../../common/request/principal.js';
import { setTokenHeaders } from '../../http/negotiation/token-headers.js';
import { type FastifyRequest } from 'fastify';
import { Strategy } from 'passport-custom';
import { ApplicationError } from '../../common/application-error.js';
import { requestOrigin } from '../../common/request/request-origin.js';
import { tokenHint } from '../credentials/credential-hints.js';
import { parseTokenCredentials, presentedText } from '../credentials/token-credentials.js';
import { TokenAuthentication } from '../token/token-authentication.js';

/** Name of the strategy in Passport. */
export const TOKEN = 'latchkey-token';

/** Authenticates by `X-Auth-Token`, or its alias `Authorization: Bearer`. */
@Injectable()
export class TokenStrategy extends PassportStrategy(Strategy, TOKEN) {
  constructor(private readonly authentication: TokenAuthentication) {
    super();
  }

  async validate(request: FastifyRequest): Promise<Principal> {
    const credentials = parseTokenCredentials(request.headers);
    if (!credentials) {
      throw new ApplicationError('unauthenticated', { detail: tokenHint(request.headers) });
    }
    return this.authentication.authenticate(credentials, requestOrigin(request), {
      presented: presentedText(request.headers),
    });
  }
}

/** Default guard: authenticates by token and sets the expiry header. Cached tokens skip Passport, which is slower. */
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
    const presented = presentedText(request.headers);
    const cached =
      presented === undefined ? undefined : this.authentication.fromCache(presented, requestOrigin(request));
    if (!cached) {
      return this.askPassport(context);
    }
    setPrincipal(request, cached);
    setTokenHeaders(replyOf(context), cached.token);
    return true;
  }

  private async askPassport(context: ExecutionContext): Promise<boolean> {
    await super.canActivate(context);
    setTokenHeaders(replyOf(context), principalOf(requestOf(context))?.token);
    return true;
  }
}
