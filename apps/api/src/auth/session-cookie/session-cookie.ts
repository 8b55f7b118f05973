import { HEADERS, SESSION_COOKIE_PREFERENCE, type UserTokenDto } from '@latchkey/auth-models';
import { parseCookie, stringifySetCookie } from 'cookie';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { principalOf } from '../../common/request/principal.js';

/** `__Host-` (RFC 6265bis, section 4.1.3.2): from this host alone, over TLS or to localhost. */
const NAME = '__Host-latchkey';
const LOGOUT_PATH = '/auth/logout';
const ATTRIBUTES = { httpOnly: true, secure: true, sameSite: 'strict', path: '/' } as const;

/** The token in the session cookie, if there is one. */
export function sessionSecretOf(request: FastifyRequest): string | undefined {
  return parseCookie(request.headers.cookie ?? '')[NAME];
}

/** Whether a log-in asks for the cookie (RFC 7240) and comes from no foreign page. */
export function wantsSessionCookie({ headers }: FastifyRequest): boolean {
  const preferences = (headers.prefer?.toString() ?? '').split(',').map((part) => part.trim().toLowerCase());
  return preferences.includes(SESSION_COOKIE_PREFERENCE) && isSameOrigin(headers) !== false;
}

/** Sets the session cookie until the session's absolute end. */
export function setSessionCookie(
  reply: FastifyReply,
  { token, expirationTime }: Pick<UserTokenDto, 'token' | 'expirationTime'>,
): void {
  reply.header(HEADERS.preferenceApplied, SESSION_COOKIE_PREFERENCE).header(
    'set-cookie',
    stringifySetCookie({
      name: NAME,
      value: token ?? '',
      ...(expirationTime !== undefined && { expires: new Date(expirationTime) }),
      ...ATTRIBUTES,
    }),
  );
}

/**
 * Removes the session cookie with answers to a log-out: with every answer to a page of this origin, rejections included, and
 * with a successful log-out of a client that is no browser. A page of another origin can send the request, but must not
 * sign anybody out of the console.
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
  reply.header('set-cookie', stringifySetCookie({ name: NAME, value: '', maxAge: 0, ...ATTRIBUTES }));
}

/** Whether a page of this origin sent a request; `undefined` if no page did, as far as the header fields show. */
function isSameOrigin(headers: FastifyRequest['headers']): boolean | undefined {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) {
    return site === 'same-origin';
  }
  // A browser too old for Sec-Fetch-Site still sends Origin with a POST.
  return headers.origin === undefined
    ? undefined
    : headers.origin.replace(/^https?:\/\//, '') === headers.host;
}
