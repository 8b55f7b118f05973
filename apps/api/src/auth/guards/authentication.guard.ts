import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';
import { replyOf, requestOf } from '../../common/request/http-context.js';
import { principalOf } from '../../common/request/principal.js';
import { requestOrigin } from '../../common/request/request-origin.js';
import { rateLimitHeaders } from '../../throttle/rate-limit-headers.js';
import { ThrottleService } from '../../throttle/throttle.service.js';
import { refuseCredentialsInUrl } from '../credentials/credentials-in-url.js';
import { refuseRepeatedCredentials } from '../credentials/repeated-credentials.js';
import { BasicAuthGuard } from './basic-auth.guard.js';
import { routePolicyOf, type RoutePolicy } from './route-policy.js';
import { SessionCookieGuard } from '../session-cookie/session-cookie.guard.js';
import { TokenAuthGuard } from './token-auth.guard.js';

/** Who are you? The first global guard: by token, unless the route is public or names another scheme's guard. */
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
    return policy.isLimited ? this.tellLimits(context, policy) : this.authenticate(context, policy);
  }

  private authenticate(context: ExecutionContext, policy: RoutePolicy): boolean | Promise<boolean> {
    const { raw, url } = requestOf(context);
    if (policy.isForwardAuth) {
      return this.forwardAuth(context, raw);
    }
    refuseCredentialsInUrl(url);
    if (policy.isPublic) {
      return true;
    }
    refuseRepeatedCredentials(raw);
    return this.guardOf(policy).canActivate(context);
  }

  /** Tells the limits before anything can be refused, and those of the account as soon as that is known. */
  private async tellLimits(context: ExecutionContext, policy: RoutePolicy): Promise<boolean> {
    const request = requestOf(context);
    // Returns nothing: Fastify's reply is a thenable, and waiting for it is waiting for the answer.
    const tell = (name?: string) => {
      replyOf(context).headers(rateLimitHeaders(this.throttle.limits(requestOrigin(request).address, name)));
    };
    tell();
    if (policy.isPublic) {
      // Before its body is read. Other routes throttle credentials, together with their name.
      await this.throttle.checkAddress(requestOrigin(request).address).finally(() => tell());
    }
    const isLetIn = await this.authenticate(context, policy);
    const principal = principalOf(request);
    if (principal) {
      tell(principal.name);
    }
    return isLetIn;
  }

  private guardOf({ guards }: RoutePolicy): BasicAuthGuard | SessionCookieGuard | TokenAuthGuard {
    if (guards.includes(BasicAuthGuard)) {
      return this.basic;
    }
    return guards.includes(SessionCookieGuard) ? this.sessionCookie : this.token;
  }

  private forwardAuth(context: ExecutionContext, raw: FastifyRequest['raw']): boolean | Promise<boolean> {
    try {
      refuseRepeatedCredentials(raw);
      const isLetIn = this.token.canActivate(context);
      // Known tokens are let in at once: this is the route that is asked most, and waiting costs.
      return typeof isLetIn === 'boolean' ? isLetIn : isLetIn.catch(refuseGateway);
    } catch (error) {
      return refuseGateway(error);
    }
  }
}

/** Gateways understand 401; a 400 they would turn into a 500. */
function refuseGateway(error: unknown): never {
  const isAmbiguous = error instanceof ApplicationError && error.code === 'ambiguous_credentials';
  throw isAmbiguous ? new ApplicationError('unauthenticated') : error;
}
