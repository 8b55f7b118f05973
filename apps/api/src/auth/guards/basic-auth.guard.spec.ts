import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  CALLER,
  FakeCall,
  principalWith,
  type CallOptions,
} from '../../../../../test/support/unit/fake-call.js';
import { ApplicationError } from '../../common/application-error.js';
import { type ThrottleService } from '../../throttle/throttle.service.js';
import { type BasicAuthentication } from '../login/basic-authentication.service.js';
import { type Metrics } from '../../platform/metrics/metrics.service.js';
import { BasicAuthGuard, BasicStrategy } from './basic-auth.guard.js';

class Routes {
  route() {}
}

const ANNE = principalWith({ scheme: 'basic', token: undefined });
const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });

let authenticate: jest.Mock<BasicAuthentication['authenticate']>;
let counted: string[];
/** Results that the metric has before the first login. */
let initial: string[];
let guard: BasicAuthGuard;

beforeEach(() => {
  authenticate = jest.fn(() => Promise.resolve(ANNE));
  counted = [];
  initial = [];
  const throttle = { limits: (address: string, name?: string) => [{ policy: `${address} ${name}` }] };
  const counter = {
    inc: ({ result }: { result: string }, by = 1) => (by > 0 ? counted : initial).push(result),
  };
  // Registers with Passport.
  new BasicStrategy(
    { authenticate } as unknown as BasicAuthentication,
    throttle as unknown as ThrottleService,
    { counter: () => counter } as unknown as Metrics,
  );
  guard = new BasicAuthGuard();
});

const call = (options?: CallOptions) => new FakeCall(Routes, 'route', options);

describe('BasicAuthGuard', () => {
  it('accepts a correct password, counts it, and provides the limits of the account', async () => {
    const login = call({ headers: { ...basic('Anne:correct horse'), 'x-auth-otp': '123456' } });

    await expect(guard.canActivate(login.context)).resolves.toBe(true);

    expect(login.principal).toBe(ANNE);
    expect(authenticate).toHaveBeenCalledWith(
      { name: 'anne', givenName: 'Anne', password: 'correct horse' },
      CALLER,
      '123456',
    );
    expect(counted).toEqual(['success']);
    expect(login.request.rateLimits?.()).toEqual([{ policy: '192.0.2.7 anne' }]);
  });

  it.each([
    ['second_factor_required', 'second_factor'],
    ['throttled', 'throttled'],
    ['overloaded', 'overloaded'],
    ['unauthenticated', 'failure'],
    ['unavailable', 'error'],
  ] as const)('rejects with %s, counts it as %s, and provides the limits', async (code, result) => {
    authenticate.mockRejectedValue(new ApplicationError(code));
    const login = call({ headers: basic('anne:guess') });

    await expect(guard.canActivate(login.context)).rejects.toMatchObject({ code });

    expect(login.principal).toBeUndefined();
    expect(counted).toEqual([result]);
    expect(login.request.rateLimits?.()).toEqual([{ policy: '192.0.2.7 anne' }]);
  });

  it('provides the limits of an invalid name as it was sent', async () => {
    const login = call({ headers: basic('nobody at all:guess') });

    await guard.canActivate(login.context);

    expect(login.request.rateLimits?.()).toEqual([{ policy: '192.0.2.7 nobody at all' }]);
  });

  it.each([
    ['no header', {}, 'No name and password were sent'],
    ['a header of another scheme', { authorization: 'Bearer x' }, 'accepts Authorization: Basic'],
  ])('rejects %s, with a hint and without an attempt', async (_, headers, hint) => {
    const login = call({ headers });

    await expect(guard.canActivate(login.context)).rejects.toMatchObject({
      code: 'unauthenticated',
      options: { detail: expect.stringContaining(hint) },
    });

    expect(authenticate).not.toHaveBeenCalled();
    expect(counted).toEqual([]);
    expect(login.request.rateLimits).toBeUndefined();
  });

  it('sends a Basic challenge', async () => {
    const login = call();

    await guard.canActivate(login.context).catch(() => undefined);

    expect(login.request.expectsBasic).toBe(true);
  });

  it('authenticates once per request', async () => {
    await expect(guard.canActivate(call({ user: ANNE }).context)).resolves.toBe(true);

    expect(authenticate).not.toHaveBeenCalled();
  });

  it('requires a password from a caller who was authenticated by token', async () => {
    const other = call({ user: principalWith() });

    await expect(guard.canActivate(other.context)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('initializes the metric of each result', () => {
    expect(initial.sort()).toEqual([
      'error',
      'failure',
      'overloaded',
      'second_factor',
      'success',
      'throttled',
    ]);
  });
});
