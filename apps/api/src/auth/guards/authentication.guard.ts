import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ApplicationError } from '../../common/application-error.js';
import { type RoutePolicy, routePolicyOf } from '../../common/request/policy.js';
import {
  type Principal,
  principalOf,
  replyOf,
  requestOf,
  setPrincipal,
  setTokenHeaders,
} from '../../common/request/principal.js';
import { requestOrigin } from '../../common/request/request-origin.js';
import { Reauthorization } from '../../http/negotiation/representation.guard.js';
import { ThrottleService } from '../../throttle/throttle.service.js';
import {
  readClientAuthentication,
  rejectSecondAuthentication,
} from '../credentials/client-authentication.js';
import { tokenHint } from '../credentials/credential-hints.js';
import {
  parseTokenCredentials,
  presentedText,
  rejectCredentialsInUrl,
  rejectRepeatedCredentials,
} from '../credentials/token-credentials.js';
import { TokenAuthentication } from '../verify/token-authentication.service.js';
import { BasicAuthGuard } from './basic-auth.guard.js';
import { OperatorAuthentication } from './operator-authentication.service.js';
import { PermissionsGuard } from './permissions.guard.js';
import { SessionCookieGuard } from './session-cookie.guard.js';

/**
 * First global guard: authenticates by `X-Auth-Token`, or its alias `Authorization: Bearer`, unless the route
 * is public or names the guard of another scheme. Also accepts the command line. Tokens do not use Passport,
 * which took a third of the processor time of an uncached verification.
 */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  constructor(
    private readonly basic: BasicAuthGuard,
    private readonly sessionCookie: SessionCookieGuard,
    private readonly tokens: TokenAuthentication,
    private readonly operators: OperatorAuthentication,
    private readonly throttle: ThrottleService,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const policy = routePolicyOf(context);
    if (policy.isLimited) {
      const request = requestOf(context);
      const { address, agent } = requestOrigin(request);
      request.rateLimits = () => this.throttle.limits(address, principalOf(request)?.name);
      if (policy.isPublic) {
        // Before the body is read. Other routes throttle credentials together with their name.
        return this.throttle.checkAddress(address, agent).then(() => this.authenticate(context, policy));
      }
    }
    return this.authenticate(context, policy);
  }

  private authenticate(context: ExecutionContext, policy: RoutePolicy): boolean | Promise<boolean> {
    const { raw, url } = requestOf(context);
    // The query of a forward-auth request belongs to the application behind the gateway.
    if (!policy.isForwardAuth) {
      rejectCredentialsInUrl(url);
    }
    if (policy.isPublic) {
      return true;
    }
    rejectRepeatedCredentials(raw);
    if (policy.guards.includes(BasicAuthGuard)) {
      return this.basic.canActivate(context);
    }
    if (policy.guards.includes(SessionCookieGuard)) {
      return this.sessionCookie.canActivate(context);
    }
    return policy.isForOAuth
      ? readClientAuthentication(requestOf(context)).then(() => this.authenticateByToken(context))
      : this.authenticateByToken(context);
  }

  private authenticateByToken(context: ExecutionContext): boolean | Promise<boolean> {
    const request = requestOf(context);
    const origin = requestOrigin(request);
    const presented = presentedText(request.headers);
    const cached = presented === undefined ? undefined : this.tokens.fromCache(presented, origin, request);
    if (cached) {
      return accept(context, cached);
    }
    const operator = this.operators.authenticate(request);
    if (operator) {
      setPrincipal(request, operator);
      return true;
    }
    const credentials = parseTokenCredentials(request.headers);
    if (!credentials) {
      throw new ApplicationError('unauthenticated', { detail: tokenHint(request.headers) });
    }
    return this.tokens
      .authenticate(credentials, origin, request, { presented })
      .then((principal) => accept(context, principal));
  }
}

function accept(context: ExecutionContext, principal: Principal): true {
  setPrincipal(requestOf(context), principal);
  setTokenHeaders(replyOf(context), principal.token);
  return true;
}

/** Reauthorizes requests by token. A login does so itself, in its transaction. */
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
    if (routePolicyOf(context).isForOAuth) {
      rejectSecondAuthentication(request);
    }
    const credentials = parseTokenCredentials(request.headers);
    if (!credentials) {
      throw new ApplicationError('unauthenticated');
    }
    const current = await this.authentication.reauthenticate(
      credentials,
      principal.origin,
      request,
      presentedText(request.headers),
    );
    const familyId = principal.token?.familyId;
    const isMember = current.token && familyId !== undefined;
    setPrincipal(request, isMember ? { ...current, token: { ...current.token, familyId } } : current);
    if (!replyOf(context).raw.headersSent) {
      setTokenHeaders(replyOf(context), current.token);
    }
    this.permissions.authorize(context);
  }
}
