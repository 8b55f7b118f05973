import { Injectable, type ExecutionContext } from '@nestjs/common';
import { ApplicationError } from '../../common/application-error.js';
import { replyOf, requestOf } from '../../common/request/http-context.js';
import { principalOf, setPrincipal } from '../../common/request/principal.js';
import { Reauthorization } from '../../http/negotiation/representation.guard.js';
import { setTokenHeaders } from '../../http/negotiation/token-headers.js';
import { parseTokenCredentials } from '../credentials/token-credentials.js';
import { PermissionsGuard } from '../guards/permissions.guard.js';
import { TokenAuthentication } from './token-authentication.js';

/** Reauthorizes requests by token. A log-in does so itself, in its transaction. */
@Injectable()
export class TokenReauthorization implements Reauthorization {
  constructor(
    private readonly authentication: TokenAuthentication,
    private readonly permissions: PermissionsGuard,
  ) {}

  async reauthorize(context: ExecutionContext): Promise<void> {
    const request = requestOf(context);
    const principal = principalOf(request);
    if (principal?.scheme !== 'token') {
      return;
    }
    const credentials = parseTokenCredentials(request.headers);
    if (!credentials) {
      throw new ApplicationError('unauthenticated');
    }
    const current = await this.authentication.reauthenticate(credentials, principal.origin);
    setPrincipal(request, current);
    if (!replyOf(context).raw.headersSent) {
      setTokenHeaders(replyOf(context), current.token);
    }
    this.permissions.authorize(context);
  }
}
