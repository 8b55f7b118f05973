import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  CALLER,
  FakeCall,
  principalWith,
  type CallOptions,
} from '../../../../../test/support/unit/fake-call.js';
import { ApplicationError } from '../../common/application-error.js';
import { createTokenSecret } from '../../platform/crypto/secrets.js';
import { RequirePermissions } from '../../common/request/policy.js';
import { type ThrottleService } from '../../throttle/throttle.service.js';
import { AuthenticationGuard } from './authentication.guard.js';
import { type BasicAuthGuard } from './basic-auth.guard.js';
import { type OperatorAuthentication } from './operator-authentication.service.js';
import { type SessionCookieGuard } from './session-cookie.guard.js';
import { type TokenAuthentication } from '../verify/token-authentication.service.js';

class Routes {
  @RequirePermissions()
  route() {}
}

const SECRET = createTokenSecret();
const BEARER = { authorization: `Bearer ${SECRET}` };
const END = '2030-01-01T00:00:00.000Z';
const ANNE = principalWith({
  token: {
    id: 'token-1',
    expirationTime: Date.parse(END),
    expiryHeader: END,
    isSuperseded: false,
    scope: null,
  },
});
const OLD = principalWith({ token: { ...ANNE.token!, isSuperseded: true } });

let authentication: {
  fromCache: jest.Mock<TokenAuthentication['fromCache']>;
  authenticate: jest.Mock<TokenAuthentication['authenticate']>;
};
let operators: { authenticate: jest.Mock<OperatorAuthentication['authenticate']> };
let guard: AuthenticationGuard;

beforeEach(() => {
  authentication = {
    fromCache: jest.fn(() => undefined),
    authenticate: jest.fn(() => Promise.resolve(ANNE)),
  };
  operators = { authenticate: jest.fn(() => undefined) };
  guard = new AuthenticationGuard(
    // The route accepts tokens only.
    undefined as unknown as BasicAuthGuard,
    undefined as unknown as SessionCookieGuard,
    authentication as unknown as TokenAuthentication,
    operators as unknown as OperatorAuthentication,
    undefined as unknown as ThrottleService,
  );
});

const call = (options?: CallOptions) => new FakeCall(Routes, 'route', options);

describe('AuthenticationGuard on a route that accepts tokens', () => {
  it('accepts a cached token synchronously, and sets the token headers', () => {
    authentication.fromCache.mockReturnValue(OLD);
    const known = call({ headers: BEARER });

    expect(guard.canActivate(known.context)).toBe(true);

    expect(known.principal).toBe(OLD);
    expect(known.responseHeaders).toEqual({ 'x-auth-token-expires': END, 'x-auth-token-superseded': 'true' });
    expect(authentication.fromCache).toHaveBeenCalledWith(`\nBearer ${SECRET}`, CALLER, known.request);
    expect(authentication.authenticate).not.toHaveBeenCalled();
    // This would slow down every verification.
    expect(operators.authenticate).not.toHaveBeenCalled();
  });

  it('accepts an operator, who has no token', () => {
    const operator = principalWith({ scheme: 'command-line', token: undefined });
    operators.authenticate.mockReturnValue(operator);
    const accepted = call({ headers: { authorization: 'Operator alice' } });

    expect(guard.canActivate(accepted.context)).toBe(true);

    expect(accepted.principal).toBe(operator);
    expect(accepted.responseHeaders).toEqual({});
    expect(authentication.authenticate).not.toHaveBeenCalled();
  });

  it('verifies a token that is not cached, with the text to cache it by', async () => {
    const unknown = call({ headers: BEARER });

    await expect(guard.canActivate(unknown.context)).resolves.toBe(true);

    expect(unknown.principal).toBe(ANNE);
    expect(unknown.responseHeaders).toEqual({ 'x-auth-token-expires': END });
    expect(authentication.authenticate).toHaveBeenCalledWith({ secret: SECRET }, CALLER, unknown.request, {
      presented: `\nBearer ${SECRET}`,
    });
  });

  it('rejects a request without credentials, with a hint', () => {
    expect(() => guard.canActivate(call().context)).toThrow(
      expect.objectContaining({
        code: 'unauthenticated',
        options: { detail: expect.stringContaining('No credentials were sent') },
      }),
    );

    expect(authentication.fromCache).not.toHaveBeenCalled();
    expect(authentication.authenticate).not.toHaveBeenCalled();
  });

  it('rejects with the reason of the authentication', async () => {
    authentication.authenticate.mockRejectedValue(new ApplicationError('token_expired'));
    const rejected = call({ headers: BEARER });

    await expect(guard.canActivate(rejected.context)).rejects.toMatchObject({ code: 'token_expired' });

    expect(rejected.principal).toBeUndefined();
    expect(rejected.responseHeaders).toEqual({});
  });
});
