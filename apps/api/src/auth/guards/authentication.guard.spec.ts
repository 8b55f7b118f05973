import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { UseGuards } from '@nestjs/common';
import { FakeCall, principalWith, type CallOptions } from '../../../../../test/support/unit/fake-call.js';
import { ApplicationError } from '../../common/application-error.js';
import { requestOf, setPrincipal } from '../../common/request/principal.js';
import { Limited, Public, RequirePermissions, ForwardAuth } from '../../common/request/policy.js';
import { type ThrottleService } from '../../throttle/throttle.service.js';
import { AuthenticationGuard, type TokenAuthGuard } from './authentication.guard.js';
import { BasicAuthGuard } from './basic-auth.guard.js';
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
let checkAddress: jest.Mock<(address: string) => Promise<void>>;
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

beforeEach(() => {
  called = [];
  limits = jest.fn((_address: string, name?: string) => [{ policy: name ?? 'network' }]);
  checkAddress = jest.fn(() => Promise.resolve());
  guard = new AuthenticationGuard(
    scheme('basic') as unknown as BasicAuthGuard,
    scheme('session-cookie') as unknown as SessionCookieGuard,
    scheme('token') as unknown as TokenAuthGuard,
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
    expect(guard.canActivate(new FakeCall(Routes, 'gateway').context)).toBe(true);
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

    expect(checkAddress).toHaveBeenCalledWith('192.0.2.7');
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
