import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { requestOf } from '../../common/request/http-context.js';
import { principalOf } from '../../common/request/principal.js';
import { requestOrigin } from '../../common/request/request-origin.js';
import { ThrottleService } from '../../throttle/throttle.service.js';
import { rejectCredentialsInUrl, rejectRepeatedCredentials } from '../credentials/misplaced-credentials.js';
import { SessionCookieGuard } from '../session-cookie/session-cookie.guard.js';
import { BasicAuthGuard } from './basic-auth.guard.js';
import { routePolicyOf, type RoutePolicy } from './route-policy.js';
import { TokenAuthGuard } from './token-auth.guard.js';

/** First global guard: authenticates by token, unless the route is public or names the guard of another scheme. */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  constructor(
    private readonly basic: BasicAuthGuard,
    private readonly sessionCookie: SessionCookieGuard,
    private readonly token: TokenAuthGuard,
    private readonly throttle: ThrottleService,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const policy = routePolicyOf(context);
    if (policy.isLimited) {
      const request = requestOf(context);
      const { address } = requestOrigin(request);
      request.rateLimits = () => this.throttle.limits(address, principalOf(request)?.name);
      if (policy.isPublic) {
        // Before the body is read. Other routes throttle credentials together with their name.
        return this.throttle.checkAddress(address).then(() => this.authenticate(context, policy));
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
    return this.guardOf(policy).canActivate(context);
  }

  private guardOf({ guards }: RoutePolicy): BasicAuthGuard | SessionCookieGuard | TokenAuthGuard {
    if (guards.includes(BasicAuthGuard)) {
      return this.basic;
    }
    return guards.includes(SessionCookieGuard) ? this.sessionCookie : this.token;
  }
}
