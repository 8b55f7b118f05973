import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { routePolicyOf } from '../common/request/policy.js';
import { replyOf, requestOf, setPrincipal, setTokenHeaders } from '../common/request/principal.js';
import { rejectCredentialsInUrl, rejectRepeatedCredentials } from '../auth/credentials/token-credentials.js';
import { checkPermissions } from '../auth/guards/permissions.guard.js';
import { type Reauthorization } from '../http/negotiation/representation.guard.js';
import { RemoteTokens } from './remote-tokens.service.js';

/** First global guard of a verifier, in place of the two of the server. */
@Injectable()
export class VerifierGuard implements CanActivate, Reauthorization {
  constructor(private readonly tokens: RemoteTokens) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { isPublic, isForwardAuth, permissions } = routePolicyOf(context);
    const request = requestOf(context);
    if (!isForwardAuth) {
      rejectCredentialsInUrl(request.url);
    }
    if (isPublic) {
      return true;
    }
    rejectRepeatedCredentials(request.raw);
    const principal = await this.tokens.authenticate(request);
    setPrincipal(request, principal);
    setTokenHeaders(replyOf(context), principal.token);
    checkPermissions(permissions, principal);
    return true;
  }

  /** Verifies the token again. Unlike on the server, this counts as another use. */
  async reauthorize(context: ExecutionContext): Promise<void> {
    await this.canActivate(context);
  }
}
