import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { UseGuards } from '@nestjs/common';
import { FakeCall, principalWith, type CallOptions } from '../../../../../test/support/unit/fake-call.js';
import { ApplicationError } from '../../common/application-error.js';
import { requestOf } from '../../common/request/http-context.js';
import { Limited, Public, RequirePermissions } from '../../common/request/policy.js';
import { setPrincipal } from '../../common/request/principal.js';
import { type ThrottleService } from '../../throttle/throttle.service.js';
import { AuthenticationGuard } from './authentication.guard.js';
import { BasicAuthGuard } from './basic-auth.guard.js';
import { ForwardAuth } from './route-policy.js';
import { SessionCookieGuard } from '../session-cookie/session-cookie.guard.js';
import { type TokenAuthGuard } from './token-auth.guard.js';

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

let asked: string[];
let tokenAnswer: () => boolean | Promise<boolean>;
let limits: jest.Mock<(address: string, name?: string) => { policy: string }[]>;
let checkAddress: jest.Mock<(address: string) => Promise<void>>;
let guard: AuthenticationGuard;

/** A guard that notes that it was asked. */
function scheme(name: string, answer: () => boolean | Promise<boolean> = () => true) {
  return {
    canActivate: (context: FakeCall['context']) => {
      asked.push(name);
      setPrincipal(requestOf(context), principalWith());
      return answer();
    },
  };
}

beforeEach(() => {
  asked = [];
  tokenAnswer = () => true;
  limits = jest.fn((_address: string, name?: string) => [{ policy: name ?? 'network alone' }]);
  checkAddress = jest.fn(() => Promise.resolve());
  guard = new AuthenticationGuard(
    scheme('basic') as unknown as BasicAuthGuard,
    scheme('session-cookie') as unknown as SessionCookieGuard,
    scheme('token', () => tokenAnswer()) as unknown as TokenAuthGuard,
    { limits, checkAddress } as unknown as ThrottleService,
  );
});

const ask = async (method: string, options?: CallOptions) =>
  guard.canActivate(new FakeCall(Routes, method, options).context);

describe('AuthenticationGuard', () => {
  it.each([
    ['plain', 'token'],
    ['basic', 'basic'],
    ['cookie', 'session-cookie'],
    ['gateway', 'token'],
  ])('asks on the route "%s" for %s and nothing else', async (method, name) => {
    await expect(ask(method)).resolves.toBe(true);

    expect(asked).toEqual([name]);
  });

  it('asks for nothing on a public route', async () => {
    await expect(ask('open')).resolves.toBe(true);

    expect(asked).toEqual([]);
  });

  it.each(['plain', 'basic', 'open'])(
    'refuses credentials in the address of the route "%s"',
    async (method) => {
      await expect(ask(method, { url: '/?token=x' })).rejects.toMatchObject({ code: 'credentials_in_url' });

      expect(asked).toEqual([]);
    },
  );

  it.each(['plain', 'basic'])('refuses credentials sent twice on the route "%s"', async (method) => {
    await expect(ask(method, TWICE)).rejects.toMatchObject({ code: 'ambiguous_credentials' });

    expect(asked).toEqual([]);
  });
});

describe('the route that gateways ask', () => {
  it('takes whatever query the gateway passes on', async () => {
    await expect(ask('gateway', { url: '/?token=x' })).resolves.toBe(true);
  });

  it('answers at once when the token is known', () => {
    expect(guard.canActivate(new FakeCall(Routes, 'gateway').context)).toBe(true);
  });

  it('says unauthenticated of credentials sent twice, and asks for none of them', async () => {
    await expect(ask('gateway', TWICE)).rejects.toMatchObject({ code: 'unauthenticated' });

    expect(asked).toEqual([]);
  });

  it.each([
    ['ambiguous_credentials', 'unauthenticated'],
    ['token_expired', 'token_expired'],
  ] as const)('hands a refusal %s on as %s', async (code, told) => {
    tokenAnswer = () => Promise.reject(new ApplicationError(code));

    await expect(ask('gateway')).rejects.toMatchObject({ code: told });
  });

  it('hands on what is no refusal', async () => {
    const failure = new TypeError('a fault');
    tokenAnswer = () => {
      throw failure;
    };

    await expect(ask('gateway')).rejects.toBe(failure);
  });
});

describe('a route whose failed tries are limited', () => {
  it('tells the limits of the caller’s network', async () => {
    const call = new FakeCall(Routes, 'limited');

    await expect(guard.canActivate(call.context)).resolves.toBe(true);

    expect(limits).toHaveBeenLastCalledWith('192.0.2.7', undefined);
    expect(call.responseHeaders.ratelimit).toContain('"network alone"');
  });

  it('rejects a throttled address before it looks at a public request', async () => {
    checkAddress.mockRejectedValue(new ApplicationError('throttled'));
    const call = new FakeCall(Routes, 'limited', { url: '/?token=x' });

    await expect(guard.canActivate(call.context)).rejects.toMatchObject({ code: 'throttled' });

    expect(checkAddress).toHaveBeenCalledWith('192.0.2.7');
    expect(call.responseHeaders.ratelimit).toContain('"network alone"');
  });

  it('tells those of the account once that is known', async () => {
    const call = new FakeCall(Routes, 'limitedBasic');

    await guard.canActivate(call.context);

    expect(limits.mock.calls).toEqual([
      ['192.0.2.7', undefined],
      ['192.0.2.7', 'anne'],
    ]);
    expect(call.responseHeaders.ratelimit).toContain('"anne"');
  });

  it('tells them with a refusal, too', async () => {
    const call = new FakeCall(Routes, 'limited', { url: '/?token=x' });

    await expect(guard.canActivate(call.context)).rejects.toMatchObject({ code: 'credentials_in_url' });

    expect(call.responseHeaders.ratelimit).toContain('"network alone"');
  });

  it('is asked for nothing by others', async () => {
    await ask('plain');

    expect(limits).not.toHaveBeenCalled();
  });
});
