import { HEADER, SESSION_COOKIE_PREFERENCE, type UserTokenDto } from '@latchkey/auth-models';
import { parseCookie, stringifySetCookie } from 'cookie';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

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
  return preferences.includes(SESSION_COOKIE_PREFERENCE) && !isCrossOrigin(headers);
}

/** Sets the session cookie until the session's absolute end. */
export function setSessionCookie(
  reply: FastifyReply,
  { token, expirationTime }: Pick<UserTokenDto, 'token' | 'expirationTime'>,
): void {
  reply.header(HEADER.preferenceApplied, SESSION_COOKIE_PREFERENCE).header(
    'set-cookie',
    stringifySetCookie({
      name: NAME,
      value: token ?? '',
      ...(expirationTime !== undefined && { expires: new Date(expirationTime) }),
      ...ATTRIBUTES,
    }),
  );
}

/** Removes the session cookie with every answer to a log-out, also one that is refused. */
export function clearSessionCookieOnLogout(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    if (route.url === LOGOUT_PATH) {
      route.onRequest = (_request, reply, done) => {
        clearSessionCookie(reply);
        done();
      };
    }
  });
}

/** Removes the session cookie. */
export function clearSessionCookie(reply: FastifyReply): void {
  reply.header('set-cookie', stringifySetCookie({ name: NAME, value: '', maxAge: 0, ...ATTRIBUTES }));
}

function isCrossOrigin(headers: FastifyRequest['headers']): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) {
    return site !== 'same-origin';
  }
  // A browser too old for Sec-Fetch-Site still sends Origin with a POST.
  return headers.origin !== undefined && headers.origin.replace(/^https?:\/\//, '') !== headers.host;
}
