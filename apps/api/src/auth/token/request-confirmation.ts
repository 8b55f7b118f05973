import { Injectable, type ExecutionContext } from '@nestjs/common';
import { ApplicationError } from '../../common/application-error.js';
import { replyOf, requestOf } from '../../common/request/http-context.js';
import { principalOf, setPrincipal } from '../../common/request/principal.js';
import { tellStanding } from '../../http/negotiation/tell-end.js';
import { parseTokenCredentials } from '../credentials/token-credentials.js';
import { PermissionsGuard } from '../guards/permissions.guard.js';
import { TokenAuthentication } from './token-authentication.js';

/**
 * Authorizes a request again when its body arrives slowly or its answer takes long. Otherwise a slow client would keep its
 * permissions after its user was demoted, disabled or signed out. A log-in checks again by itself, in its transaction.
 */
@Injectable()
export class RequestConfirmation {
  constructor(
    private readonly authentication: TokenAuthentication,
    private readonly permissions: PermissionsGuard,
  ) {}

  /** @throws ApplicationError what the guards would throw now. */
  async confirm(context: ExecutionContext): Promise<void> {
    const request = requestOf(context);
    const principal = principalOf(request);
    if (principal?.scheme !== 'token') {
      return;
    }
    const credentials = parseTokenCredentials(request.headers);
    if (!credentials) {
      throw new ApplicationError('unauthenticated');
    }
    const confirmed = await this.authentication.confirm(credentials, principal.origin);
    setPrincipal(request, confirmed);
    if (!replyOf(context).raw.headersSent) {
      tellStanding(replyOf(context), confirmed.token);
    }
    this.permissions.canActivate(context);
  }
}
