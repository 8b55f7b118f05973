import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  CALLER,
  FakeCall,
  principalWith,
  type CallOptions,
} from '../../../../../test/support/unit/fake-call.js';
import { ApplicationError } from '../../common/application-error.js';
import { createTokenSecret } from '../../platform/crypto/secrets.js';
import { SessionCookieGuard, SessionCookieStrategy } from './session-cookie.guard.js';
import { type TokenAuthentication } from '../verify/token-authentication.service.js';

class Routes {
  route() {}
}

const SECRET = createTokenSecret();
const COOKIE = { cookie: `__Host-latchkey=${SECRET}` };
const OWN = { 'sec-fetch-site': 'same-origin' };
const END = '2030-01-01T00:00:00.000Z';
const ANNE = principalWith({
  scheme: 'session-cookie',
  token: {
    id: 'token-1',
    expirationTime: Date.parse(END),
    expiryHeader: END,
    isSuperseded: false,
    scope: null,
  },
});

let authenticate: jest.Mock<TokenAuthentication['authenticate']>;
let guard: SessionCookieGuard;

beforeEach(() => {
  authenticate = jest.fn(() => Promise.resolve(ANNE));
  // Registers with Passport.
  new SessionCookieStrategy({ authenticate } as unknown as TokenAuthentication);
  guard = new SessionCookieGuard();
});

const call = (options?: CallOptions) => new FakeCall(Routes, 'route', options);

describe('SessionCookieGuard', () => {
  it('accepts the cookie from pages of the console, and sets the expiry header', async () => {
    const page = call({ headers: { ...COOKIE, ...OWN } });

    await expect(guard.canActivate(page.context)).resolves.toBe(true);

    expect(page.principal).toBe(ANNE);
    expect(page.responseHeaders).toEqual({ 'x-auth-token-expires': END });
    expect(authenticate).toHaveBeenCalledWith({ secret: SECRET }, CALLER, page.request, {
      scheme: 'session-cookie',
    });
  });

  it.each(['cross-site', 'same-site', 'none', undefined])(
    'rejects pages of other origins (%s) without removing the cookie',
    async (site) => {
      const page = call({ headers: { ...COOKIE, ...(site !== undefined && { 'sec-fetch-site': site }) } });

      await expect(guard.canActivate(page.context)).rejects.toMatchObject({ code: 'same_origin_required' });

      expect(authenticate).not.toHaveBeenCalled();
      expect(page.responseHeaders).toEqual({});
    },
  );

  it('rejects a page without the cookie', async () => {
    const page = call({ headers: OWN });

    await expect(guard.canActivate(page.context)).rejects.toMatchObject({ code: 'unauthenticated' });

    expect(page.responseHeaders).toEqual({});
  });

  it.each([
    ['is malformed', '__Host-latchkey=junk', 0],
    ['is of an expired session', COOKIE.cookie, 1],
  ])('removes a cookie that %s', async (_, cookie, lookUps) => {
    authenticate.mockRejectedValue(new ApplicationError('unauthenticated'));
    const page = call({ headers: { cookie, ...OWN } });

    await expect(guard.canActivate(page.context)).rejects.toMatchObject({ code: 'unauthenticated' });

    expect(authenticate).toHaveBeenCalledTimes(lookUps);
    expect(page.responseHeaders['set-cookie']).toMatch(/^__Host-latchkey=; Max-Age=0;/);
  });

  it('authenticates once per request', async () => {
    await expect(guard.canActivate(call({ user: ANNE }).context)).resolves.toBe(true);

    expect(authenticate).not.toHaveBeenCalled();
  });

  it('requires the cookie from a caller who was authenticated by token', async () => {
    const other = call({ user: principalWith(), headers: OWN });

    await expect(guard.canActivate(other.context)).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});
