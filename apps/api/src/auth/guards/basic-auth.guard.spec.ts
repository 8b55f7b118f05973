import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  CALLER,
  FakeCall,
  principalWith,
  type CallOptions,
} from '../../../../../test/support/unit/fake-call.js';
import { ApplicationError } from '../../common/application-error.js';
import { type ThrottleService } from '../../throttle/throttle.service.js';
import { type BasicAuthentication } from '../login/basic-authentication.js';
import { challenge } from '../credentials/challenge.js';
import { type LoginCounter } from '../login/login-counter.js';
import { BasicStrategy } from '../strategies/basic.strategy.js';
import { BasicAuthGuard } from './basic-auth.guard.js';

class Routes {
  route() {}
}

const ANNE = principalWith({ scheme: 'basic', token: undefined });
const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });

let authenticate: jest.Mock<BasicAuthentication['authenticate']>;
let counted: Promise<unknown>[];
let guard: BasicAuthGuard;

beforeEach(() => {
  authenticate = jest.fn(() => Promise.resolve(ANNE));
  counted = [];
  const throttle = { limits: (address: string, name?: string) => [{ policy: `${address} ${name}` }] };
  const count = <T>(login: Promise<T>) => {
    counted.push(login);
    return login;
  };
  // Passport knows it by its name from now on.
  new BasicStrategy(
    { authenticate } as unknown as BasicAuthentication,
    throttle as unknown as ThrottleService,
    { count } as LoginCounter,
  );
  guard = new BasicAuthGuard();
});

const call = (options?: CallOptions) => new FakeCall(Routes, 'route', options);

describe('BasicAuthGuard', () => {
  it('lets a right password in, counts that, and tells the limits of its account', async () => {
    const login = call({ headers: basic('Anne:correct horse') });

    await expect(guard.canActivate(login.context)).resolves.toBe(true);

    expect(login.principal).toBe(ANNE);
    expect(authenticate).toHaveBeenCalledWith(
      { name: 'anne', givenName: 'Anne', password: 'correct horse' },
      CALLER,
    );
    expect(counted).toHaveLength(1);
    expect(login.responseHeaders.ratelimit).toContain('"192.0.2.7 anne"');
  });

  it('hands on a refusal, and tells the limits with it', async () => {
    authenticate.mockRejectedValue(new ApplicationError('throttled', { retryAfterSeconds: 3 }));
    const login = call({ headers: basic('anne:guess') });

    await expect(guard.canActivate(login.context)).rejects.toMatchObject({ code: 'throttled' });

    expect(login.principal).toBeUndefined();
    expect(login.responseHeaders.ratelimit).toContain('"192.0.2.7 anne"');
  });

  it('tells the limits of a name that nobody can have as it was sent', async () => {
    const login = call({ headers: basic('nobody at all:guess') });

    await guard.canActivate(login.context);

    expect(login.responseHeaders.ratelimit).toContain('"192.0.2.7 nobody at all"');
  });

  it('refuses what is no name and password before anything is tried, and says what to send', async () => {
    const login = call({ headers: { authorization: 'Bearer x' } });

    await expect(guard.canActivate(login.context)).rejects.toMatchObject({
      code: 'unauthenticated',
      options: { detail: expect.stringContaining('No name and password were sent') },
    });

    expect(authenticate).not.toHaveBeenCalled();
    expect(counted).toEqual([]);
    expect(login.responseHeaders.ratelimit).toContain('"192.0.2.7 undefined"');
  });

  it('has a refusal challenge for a password', async () => {
    const login = call();

    await guard.canActivate(login.context).catch(() => undefined);

    expect(challenge(login.request, 'unauthenticated')).toMatch(/^Basic /);
  });

  it('does not ask twice in one request', async () => {
    await expect(guard.canActivate(call({ user: ANNE }).context)).resolves.toBe(true);

    expect(authenticate).not.toHaveBeenCalled();
  });

  it('asks whoever came in by a token for a password all the same', async () => {
    const other = call({ user: principalWith() });

    await expect(guard.canActivate(other.context)).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});
