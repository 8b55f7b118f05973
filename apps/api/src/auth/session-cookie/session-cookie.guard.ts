import { Injectable, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { replyOf, requestOf } from '../../common/request/http-context.js';
import { principalOf } from '../../common/request/principal.js';
import { setTokenHeaders } from '../../http/negotiation/token-headers.js';
import { clearSessionCookie, sessionSecretOf } from './session-cookie.js';
import { SESSION_COOKIE } from './session-cookie.strategy.js';

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
