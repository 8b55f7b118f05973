import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { UseGuards } from '@nestjs/common';
import { FakeCall, principalWith, type CallOptions } from '../../../../../test/support/unit/fake-call.js';
import { createTokenSecret } from '../../platform/crypto/secrets.js';
import { ApplicationError } from '../../common/application-error.js';
import { requestOf, setPrincipal } from '../../common/request/principal.js';
import {
  ForwardAuth,
  Limited,
  OAuthClients,
  Public,
  RequirePermissions,
} from '../../common/request/policy.js';
import { type ThrottleService } from '../../throttle/throttle.service.js';
import { type TokenAuthentication } from '../verify/token-authentication.service.js';
import { AuthenticationGuard, TokenReauthorization } from './authentication.guard.js';
import { BasicAuthGuard } from './basic-auth.guard.js';
import { type OperatorAuthentication } from './operator-authentication.service.js';
import { type PermissionsGuard } from './permissions.guard.js';
import { SessionCookieGuard } from './session-cookie.guard.js';

class Routes {
  @RequirePermissions()
  plain() {}

  @Public()
  open() {}

  @UseGuards(BasicAuthGuard)
  basic() {}

  @UseGuards(SessionCookieGuard)
  cookie() {}

  @RequirePermissions()
  @ForwardAuth()
  gateway() {}

  @RequirePermissions()
  @OAuthClients()
  oauth() {}

  @Limited()
  @Public()
  limited() {}

  @Limited()
  @UseGuards(BasicAuthGuard)
  limitedBasic() {}
}

const TWICE: CallOptions = {
  headers: { 'x-auth-token': 'a, b' },
  rawHeaders: ['X-Auth-Token', 'a', 'X-Auth-Token', 'b'],
};

let called: string[];
let limits: jest.Mock<(address: string, name?: string) => { policy: string }[]>;
let checkAddress: jest.Mock<(address: string, agent?: string) => Promise<void>>;
let guard: AuthenticationGuard;

/** Creates a guard that records its calls. */
function scheme(name: string) {
  return {
    canActivate: (context: FakeCall['context']) => {
      called.push(name);
      setPrincipal(requestOf(context), principalWith());
      return true;
    },
  };
}

function fromCache() {
  called.push('token');
  return principalWith();
}

beforeEach(() => {
  called = [];
  limits = jest.fn((_address: string, name?: string) => [{ policy: name ?? 'network' }]);
  checkAddress = jest.fn(() => Promise.resolve());
  guard = new AuthenticationGuard(
    scheme('basic') as unknown as BasicAuthGuard,
    scheme('session-cookie') as unknown as SessionCookieGuard,
    { fromCache } as unknown as TokenAuthentication,
    { authenticate: fromCache } as unknown as OperatorAuthentication,
    { limits, checkAddress } as unknown as ThrottleService,
  );
});

const authenticate = async (method: string, options?: CallOptions) =>
  guard.canActivate(new FakeCall(Routes, method, options).context);

describe('AuthenticationGuard', () => {
  it.each([
    ['plain', 'token'],
    ['basic', 'basic'],
    ['cookie', 'session-cookie'],
    ['gateway', 'token'],
  ])('calls only the guard of its scheme on the route "%s": %s', async (method, name) => {
    await expect(authenticate(method)).resolves.toBe(true);

    expect(called).toEqual([name]);
  });

  it('calls no guard on a public route', async () => {
    await expect(authenticate('open')).resolves.toBe(true);

    expect(called).toEqual([]);
  });

  it.each(['plain', 'basic', 'open'])('rejects credentials in the URL of the route "%s"', async (method) => {
    await expect(authenticate(method, { url: '/?token=x' })).rejects.toMatchObject({
      code: 'credentials_in_url',
    });

    expect(called).toEqual([]);
  });

  it.each(['plain', 'basic'])('rejects credentials sent twice on the route "%s"', async (method) => {
    await expect(authenticate(method, TWICE)).rejects.toMatchObject({ code: 'ambiguous_credentials' });

    expect(called).toEqual([]);
  });
});

describe('AuthenticationGuard on a forward-auth route', () => {
  it('accepts every query', async () => {
    await expect(authenticate('gateway', { url: '/?token=x' })).resolves.toBe(true);
  });

  it('returns synchronously for a cached token', () => {
    const { context } = new FakeCall(Routes, 'gateway', { headers: { 'x-auth-token': 'a' } });

    expect(guard.canActivate(context)).toBe(true);
  });
});

describe('AuthenticationGuard on a route for OAuth clients', () => {
  it('accepts a token as the client secret, and moves it to X-Auth-Token', async () => {
    const pair = Buffer.from(`anne:${createTokenSecret()}`).toString('base64');
    const call = new FakeCall(Routes, 'oauth', { headers: { authorization: `Basic ${pair}` } });

    await expect(guard.canActivate(call.context)).resolves.toBe(true);

    expect(called).toEqual(['token']);
    expect(call.request.headers).toEqual({ 'x-auth-token': pair });
  });

  it('rejects a password as the client secret', async () => {
    const pair = Buffer.from('anne:correct horse').toString('base64');

    await expect(
      authenticate('oauth', { headers: { authorization: `Basic ${pair}` } }),
    ).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(called).toEqual([]);
  });
});

describe('AuthenticationGuard on a route that limits failed attempts', () => {
  it('provides the limits of the client network', async () => {
    const call = new FakeCall(Routes, 'limited');

    await expect(guard.canActivate(call.context)).resolves.toBe(true);

    expect(call.request.rateLimits?.()).toEqual([{ policy: 'network' }]);
    expect(limits).toHaveBeenLastCalledWith('192.0.2.7', undefined);
  });

  it('rejects a throttled address before any other check of a public route', async () => {
    checkAddress.mockRejectedValue(new ApplicationError('throttled'));
    const call = new FakeCall(Routes, 'limited', { url: '/?token=x' });

    await expect(guard.canActivate(call.context)).rejects.toMatchObject({ code: 'throttled' });

    expect(checkAddress).toHaveBeenCalledWith('192.0.2.7', undefined);
    expect(call.request.rateLimits?.()).toEqual([{ policy: 'network' }]);
  });

  it('provides the limits of the account once the user is known', async () => {
    const call = new FakeCall(Routes, 'limitedBasic');

    await guard.canActivate(call.context);

    expect(call.request.rateLimits?.()).toEqual([{ policy: 'anne' }]);
    expect(limits).toHaveBeenLastCalledWith('192.0.2.7', 'anne');
    expect(checkAddress).not.toHaveBeenCalled();
  });

  it('provides the limits for a rejection', async () => {
    const call = new FakeCall(Routes, 'limited', { url: '/?token=x' });

    await expect(guard.canActivate(call.context)).rejects.toMatchObject({ code: 'credentials_in_url' });

    expect(call.request.rateLimits?.()).toEqual([{ policy: 'network' }]);
  });

  it('provides no limits on other routes', async () => {
    const call = new FakeCall(Routes, 'plain');

    await guard.canActivate(call.context);

    expect(call.request.rateLimits).toBeUndefined();
  });
});

describe('TokenReauthorization', () => {
  const END = '2030-01-01T00:00:00Z';
  const CURRENT = principalWith({
    token: {
      id: 'token-1',
      expirationTime: Date.parse(END),
      expiryHeader: END,
      isSuperseded: false,
      scope: null,
    },
  });
  const headers = { authorization: `Bearer ${createTokenSecret()}` };

  let reauthenticate: jest.Mock<TokenAuthentication['reauthenticate']>;
  let authorize: jest.Mock<PermissionsGuard['authorize']>;
  let reauthorization: TokenReauthorization;

  beforeEach(() => {
    reauthenticate = jest.fn(() => Promise.resolve(CURRENT));
    authorize = jest.fn();
    reauthorization = new TokenReauthorization(
      { reauthenticate } as unknown as TokenAuthentication,
      { authorize } as unknown as PermissionsGuard,
    );
  });

  /** A call whose response has been sent or not. */
  function callOf(options: CallOptions, headersSent = false, route = 'plain'): FakeCall {
    const call = new FakeCall(Routes, route, options);
    Object.assign(call.reply, { raw: { headersSent } });
    return call;
  }

  it('reads the caller again, and checks the permissions of the route', async () => {
    const call = callOf({ headers, user: principalWith() });

    await reauthorization.reauthorize(call.context);

    expect(call.principal).toBe(CURRENT);
    expect(call.responseHeaders).toEqual({ 'x-auth-token-expires': END });
    expect(reauthenticate.mock.calls).toEqual([
      [expect.anything(), CURRENT.origin, call.request, `\n${headers.authorization}`],
    ]);
    expect(authorize.mock.calls).toEqual([[call.context]]);
  });

  it('sets no header of the token once the response has begun', async () => {
    const call = callOf({ headers, user: principalWith() }, true);

    await reauthorization.reauthorize(call.context);

    expect(call.principal).toBe(CURRENT);
    expect(call.responseHeaders).toEqual({});
  });

  it('keeps the family of a limited token', async () => {
    const limited = principalWith({ token: { ...CURRENT.token!, familyId: 'family-1' } });
    const call = callOf({ headers, user: limited });

    await reauthorization.reauthorize(call.context);

    expect(call.principal).toEqual(limited);
  });

  it('rejects a second client authentication in the form of an OAuth request', async () => {
    const call = callOf({ headers, user: principalWith() }, false, 'oauth');
    Object.assign(call.request, { body: { client_secret: createTokenSecret() } });

    await expect(reauthorization.reauthorize(call.context)).rejects.toMatchObject({
      code: 'ambiguous_credentials',
    });
    expect(reauthenticate).not.toHaveBeenCalled();
  });

  it('accepts the form of other requests', async () => {
    const call = callOf({ headers, user: principalWith() });
    Object.assign(call.request, { body: { client_secret: createTokenSecret() } });

    await reauthorization.reauthorize(call.context);

    expect(call.principal).toBe(CURRENT);
  });

  it('throws the error of a token that was revoked meanwhile', async () => {
    reauthenticate.mockRejectedValue(new ApplicationError('token_revoked'));

    await expect(
      reauthorization.reauthorize(callOf({ headers, user: principalWith() }).context),
    ).rejects.toMatchObject({ code: 'token_revoked' });
    expect(authorize).not.toHaveBeenCalled();
  });

  it('throws the error of a permission that was lost meanwhile', async () => {
    authorize.mockImplementation(() => {
      throw new ApplicationError('forbidden');
    });

    await expect(
      reauthorization.reauthorize(callOf({ headers, user: principalWith() }).context),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('rejects a request whose credentials are gone', async () => {
    await expect(
      reauthorization.reauthorize(callOf({ user: principalWith() }).context),
    ).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it.each([
    ['an unauthenticated client', undefined],
    ['a login by password', principalWith({ scheme: 'basic' })],
    ['the command line', principalWith({ scheme: 'command-line' })],
  ])('does nothing for %s', async (_, user) => {
    await reauthorization.reauthorize(callOf({ headers, user }).context);

    expect([reauthenticate.mock.calls, authorize.mock.calls]).toEqual([[], []]);
  });
});
