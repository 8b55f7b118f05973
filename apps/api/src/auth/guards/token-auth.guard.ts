import { Injectable, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { replyOf, requestOf } from '../../common/request/http-context.js';
import { principalOf, setPrincipal } from '../../common/request/principal.js';
import { requestOrigin } from '../../common/request/request-origin.js';
import { setTokenHeaders } from '../../http/negotiation/token-headers.js';
import { presentedText } from '../credentials/token-credentials.js';
import { TOKEN } from '../strategies/token.strategy.js';
import { TokenAuthentication } from '../token/token-authentication.js';

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
