import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { type FastifyRequest } from 'fastify';
import { Strategy } from 'passport-custom';
import {
  replyOf,
  requestOf,
  type Principal,
  principalOf,
  setTokenHeaders,
} from '../../common/request/principal.js';
import { clearSessionCookie, sessionSecretOf } from './session-cookie.js';
import { ApplicationError } from '../../common/application-error.js';
import { requestOrigin } from '../../common/request/request-origin.js';
import { isTokenSecret } from '../../platform/crypto/secrets.js';
import { TokenAuthentication } from '../token/token-authentication.js';

/** Name of the strategy in Passport. */
export const SESSION_COOKIE = 'latchkey-session-cookie';

/** Authenticates by the session cookie of the console, for pages of its own origin only. */
@Injectable()
export class SessionCookieStrategy extends PassportStrategy(Strategy, SESSION_COOKIE) {
  constructor(private readonly authentication: TokenAuthentication) {
    super();
  }

  async validate(request: FastifyRequest): Promise<Principal> {
    if (request.headers['sec-fetch-site'] !== 'same-origin') {
      throw new ApplicationError('same_origin_required');
    }
    const secret = sessionSecretOf(request);
    if (secret === undefined || !isTokenSecret(secret)) {
      throw new ApplicationError('unauthenticated');
    }
    return this.authentication.authenticate({ secret }, requestOrigin(request), {
      scheme: 'session-cookie',
    });
  }
}

/** Authenticates by the session cookie of the console, on `GET /auth/session` only. */
@Injectable()
export class SessionCookieGuard extends AuthGuard(SESSION_COOKIE) {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = requestOf(context);
    const reply = replyOf(context);
    if (principalOf(request)?.scheme === 'session-cookie') {
      return true;
    }
    try {
      await super.canActivate(context);
    } catch (error) {
      // Browsers would keep sending an invalid cookie to every service on the host.
      if (sessionSecretOf(request) !== undefined && request.headers['sec-fetch-site'] === 'same-origin') {
        clearSessionCookie(reply);
      }
      throw error;
    }
    setTokenHeaders(reply, principalOf(request)?.token);
    return true;
  }
}
