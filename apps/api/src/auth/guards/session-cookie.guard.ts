import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Strategy } from 'passport-custom';
import { HEADERS, SESSION_COOKIE_PREFERENCE, type UserTokenDto } from '@latchkey/auth-models';
import { parseCookie, stringifySetCookie } from 'cookie';
import { ApplicationError } from '../../common/application-error.js';
import { FIELDS } from '../../common/request/header-fields.js';
import {
  type Principal,
  principalOf,
  replyOf,
  requestOf,
  setTokenHeaders,
} from '../../common/request/principal.js';
import { isSameOrigin, requestOrigin } from '../../common/request/request-origin.js';
import { isTokenSecret } from '../../platform/crypto/secrets.js';
import { TokenAuthentication } from '../verify/token-authentication.service.js';

/**
 * The prefix `__Host-` (RFC 6265bis, section 4.1.3.2) restricts the cookie to this host, over TLS or on
 * localhost.
 */
const NAME = '__Host-latchkey';
const LOGOUT_PATH = '/auth/logout';
const ATTRIBUTES = { httpOnly: true, secure: true, sameSite: 'strict', path: '/' } as const;

/** Returns the token in the session cookie. */
export function sessionSecretOf(request: FastifyRequest): string | undefined {
  return parseCookie(request.headers.cookie ?? '')[NAME];
}

/** Whether a login requests the cookie (RFC 7240), and does not come from another origin. */
export function wantsSessionCookie({ headers }: FastifyRequest): boolean {
  const preferences = (headers[FIELDS.prefer]?.toString() ?? '')
    .split(',')
    .map((part) => part.trim().toLowerCase());
  return preferences.includes(SESSION_COOKIE_PREFERENCE) && isSameOrigin(headers) !== false;
}

/** Sets the session cookie until the absolute expiry of the session. */
export function setSessionCookie(
  reply: FastifyReply,
  { token, expirationTime }: Pick<UserTokenDto, 'token' | 'expirationTime'>,
): void {
  reply.header(HEADERS.preferenceApplied, SESSION_COOKIE_PREFERENCE).header(
    FIELDS.setCookie,
    stringifySetCookie({
      name: NAME,
      value: token ?? '',
      ...(expirationTime !== undefined && { expires: new Date(expirationTime) }),
      ...ATTRIBUTES,
    }),
  );
}

/**
 * Removes the session cookie on logout: with all responses to pages of this origin, including errors, and
 * with a successful logout of a client that is no browser. Pages of other origins can send the request, but
 * must not sign users out of the console.
 */
export function clearSessionCookieOnLogout(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    if (route.url === LOGOUT_PATH) {
      route.onSend = (request, reply, _payload, done) => {
        const isAuthenticated = principalOf(request) !== undefined;
        if (isSameOrigin(request.headers) ?? isAuthenticated) {
          clearSessionCookie(reply);
        }
        done();
      };
    }
  });
}

/** Removes the session cookie. */
export function clearSessionCookie(reply: FastifyReply): void {
  reply.header(FIELDS.setCookie, stringifySetCookie({ name: NAME, value: '', maxAge: 0, ...ATTRIBUTES }));
}

/** Name of the strategy in Passport. */
const SESSION_COOKIE = 'latchkey-session-cookie';

/** Authenticates by the session cookie of the console, for pages of its own origin only. */
@Injectable()
export class SessionCookieStrategy extends PassportStrategy(Strategy, SESSION_COOKIE) {
  constructor(private readonly authentication: TokenAuthentication) {
    super();
  }

  async validate(request: FastifyRequest): Promise<Principal> {
    if (request.headers[FIELDS.secFetchSite] !== 'same-origin') {
      throw new ApplicationError('same_origin_required');
    }
    const secret = sessionSecretOf(request);
    if (secret === undefined || !isTokenSecret(secret)) {
      throw new ApplicationError('unauthenticated');
    }
    return this.authentication.authenticate({ secret }, requestOrigin(request), request, {
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
      if (sessionSecretOf(request) !== undefined && request.headers[FIELDS.secFetchSite] === 'same-origin') {
        clearSessionCookie(reply);
      }
      throw error;
    }
    setTokenHeaders(reply, principalOf(request)?.token);
    return true;
  }
}
