import { Injectable, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { replyOf, requestOf } from '../../common/request/http-context.js';
import { principalOf } from '../../common/request/principal.js';
import { tellStanding } from '../../http/negotiation/tell-end.js';
import { clearSessionCookie, sessionSecretOf } from './session-cookie.js';
import { SESSION_COOKIE } from './session-cookie.strategy.js';

/** Asks for the console's session cookie. Only `GET /auth/session` uses it. */
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
      // A cookie that is good for nothing would still go to every service on the host name.
      if (sessionSecretOf(request) !== undefined && request.headers['sec-fetch-site'] === 'same-origin') {
        clearSessionCookie(reply);
      }
      throw error;
    }
    tellStanding(reply, principalOf(request)?.token);
    return true;
  }
}
